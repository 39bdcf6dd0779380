"""Maarifa: a course platform for capacity building."""

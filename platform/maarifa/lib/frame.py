"""What the frame of every page knows of a person without asking the database."""

STAFF = "staff"
"""The session's note that the person has a role in an institution, for the menu. A page with an ETag counts it in."""

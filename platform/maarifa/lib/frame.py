"""What the frame of every page knows of a person without asking the database."""

OFFER_RECOVERY = "offer_recovery"
"""The session's note that the person has no e-mail address and no recovery code: they are offered one."""
STAFF = "staff"
"""The session's note that the person has a role in an institution, for the menu. A page with an ETag counts it in."""

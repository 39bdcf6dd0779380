"""Plain texts as HTML."""

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def broken(text: str) -> SafeString:
    """A text with its line breaks kept."""
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))

"""Small pictures for tables, drawn as SVG. The same figures stand beside them as text, so they are hidden from who
hears the page.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from maarifa.lib.languages import direction

WIDTH, HEIGHT = 100, 14


def share_bar(share: float | None) -> SafeString:
    """A bar for a share from 0 to 1, which begins where the reader's script does."""
    if share is None:
        return SafeString("")
    length = round(WIDTH * min(1.0, max(0.0, share)), 1)
    return _svg(WIDTH - length if _is_rtl() else 0, length, edge=WIDTH if _is_rtl() else 0)


def signed_bar(value: float | None) -> SafeString:
    """A bar for a value from −1 to 1, from the middle to one side."""
    if value is None:
        return SafeString("")
    half = WIDTH / 2
    length = round(half * min(1.0, abs(value)), 1)
    forward = (value >= 0) != _is_rtl()
    return _svg(half if forward else half - length, length, edge=half)


def _svg(left: float, length: float, *, edge: float) -> SafeString:
    """A frame, the bar, and a line at the edge where it begins."""
    return format_html(
        '<svg class="bar" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true" focusable="false">'
        '<rect class="frame" x="0.5" y="0.5" width="{inner}" height="{low}"/>'
        '<rect x="{left}" y="2" width="{length}" height="{bar}"/>'
        '<path d="M{edge} 0v{h}"/></svg>',
        w=WIDTH,
        h=HEIGHT,
        inner=WIDTH - 1,
        low=HEIGHT - 1,
        left=left,
        length=length,
        bar=HEIGHT - 4,
        edge=edge,
    )


def _is_rtl() -> bool:
    return direction(get_language() or "en") == "rtl"

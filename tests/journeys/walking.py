"""Somebody at a browser: goes to pages, follows links, presses buttons, and every page they see is looked at.

Nothing here reads the words of a page, so that the walk is the same in every language: links are told by where they
lead, buttons by their names and values, facts by names, numbers and addresses.
"""

import hashlib
import re
from urllib.parse import urljoin, urlsplit

from tests import browsing
from tests.journeys import pictures

PHONE, DESK = 360, 1280
RIGHT_TO_LEFT = {"ar"}


class Glass:
    """Looks at a page as axe does: scripts run here, on a copy of what the walker sees, and change nothing there."""

    def __init__(self, open_page):
        self.page = open_page(width=PHONE, bypass_csp=True)
        self.seen = set()

    def faults(self, walker) -> list[str]:
        html = walker.page.content()
        outline = (walker.place, _outline(html))
        if outline in self.seen:
            return []
        self.seen.add(outline)
        url = walker.page.url
        self.page.route(
            "**/*",
            lambda route: (
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
                if route.request.is_navigation_request()
                else route.abort()
                if route.request.resource_type == "script"
                else route.continue_()
            ),
        )
        self.page.goto(url)
        found = browsing.accessibility_faults(self.page)
        self.page.unroute_all(behavior="wait")
        # What this window complains of is our own doing: the scripts that were kept out.
        self.page.complaints[:] = [said for said in self.page.complaints if "ERR_FAILED" not in said]
        return found


class Walker:
    def __init__(self, open_page, instance, glass, *, language, javascript, width=PHONE, **window):
        self.page = open_page(language=language, javascript=javascript, width=width, height=800, **window)
        self.instance, self.glass, self.width = instance, glass, width
        self.language, self.javascript = language, javascript

    # Where one is -----------------------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def place(self) -> str:
        """The path without what differs from run to run."""
        return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/join/)[^/]+|\d+", "…", self.path)

    @property
    def main(self):
        return self.page.locator("main")

    def text(self, selector="main") -> str:
        return self.page.locator(selector).first.inner_text()

    def has_link(self, path) -> bool:
        return self.page.locator(f'a[href^="{path}"]').count() > 0

    # Moving -----------------------------------------------------------------------------------------------------

    def go(self, path, *, status=200):
        answer = self.page.goto(urljoin(self.instance.address, path))
        return self._arrived(answer, status)

    def follow(self, path, *, within="main"):
        """Press the link that leads to `path`."""
        link = self.page.locator(f'{within} a[href="{path}"]').first
        return self._press(link)

    def press(self, selector, *, within="main", status=200):
        return self._press(self.page.locator(f"{within} {selector}").first, status=status)

    def _press(self, thing, *, status=200):
        with self.page.expect_navigation() as leaving:
            thing.click()
        return self._arrived(leaving.value, status)

    def reload(self):
        return self._arrived(self.page.reload(), 200)

    def _arrived(self, answer, status):
        assert answer.status == status, f"{self.page.url} answers {answer.status}"
        # A browser counts an answer of 422 among its errors; here it is what was to come.
        expected = f"the server responded with a status of {status}"
        self.page.complaints[:] = [
            said for said in self.page.complaints if status < 400 or expected not in said
        ]
        return self.look()

    def fill(self, **fields):
        """Fields by their names; True ticks."""
        for name, value in fields.items():
            field = self.page.locator(f'[name="{name}"]:not([type="hidden"])').first
            if value is True:
                field.check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def download(self, path) -> bytes:
        """What a link to a file gives, with this person's session."""
        answer = self.page.request.get(urljoin(self.instance.address, path))
        assert answer.status == 200, f"{path} answers {answer.status}"
        return answer.body()

    # Looking ----------------------------------------------------------------------------------------------------

    def look(self):
        """Every page: in the person's language, as wide as a phone, and nothing that axe finds."""
        self._is_in_its_language()
        self.page.set_viewport_size({"width": PHONE, "height": 800})
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if self.width != PHONE:
            self.page.set_viewport_size({"width": self.width, "height": 800})
        assert wide <= PHONE, f"{self.path} is {wide} pixels wide on a phone of {PHONE}"
        faults = self.glass.faults(self)
        assert faults == [], f"{self.path}: {faults}"
        assert self.page.complaints == []
        return self

    def _is_in_its_language(self):
        prefix = self.path.split("/")[1]
        language = {"admin": self.language, "verify": self.language}.get(prefix, prefix)
        if language not in ("en", "fr", "ar"):
            return
        direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        root = self.page.locator("html")
        said = root.get_attribute("lang"), root.get_attribute("dir")
        assert said == (language, direction), f"{self.path}: {said}"

    def photograph(self, what, *, height=740):
        """A picture for the README of this page from its top, where pictures are asked for."""
        name = f"{what}-{self.language}-{self.width}"
        if not pictures.wanted(name):
            return
        self.page.set_viewport_size({"width": self.width, "height": height})
        self.page.mouse.move(0, 0)
        self.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        pictures.keep(name, self.page.screenshot(animations="disabled"))
        self.page.set_viewport_size({"width": self.width, "height": 800})


def _outline(html) -> str:
    """Which elements and classes a page is made of: pages of one outline have the same faults."""
    made_of = sorted(set(re.findall(r"<(\w+)[^>]*?(?: class=\"([^\"]*)\")?[^>]*>", html)))
    return hashlib.sha256(repr(made_of).encode()).hexdigest()

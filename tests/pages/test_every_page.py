"""Every page that learners, coordinators, instructors and strangers meet, looked at as they would.

On the demo’s people, in each language: nothing that axe finds on a phone and on a desk, light and dark; nothing
wider than the narrowest phone; a title, a language and a direction of its own; the same order with styles and without.
With `MAARIFA_LOOK=<folder>` each look is kept there as a picture, for people to look at.
"""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from maarifa.accounts.models import User
from tests.browsing import accessibility_faults
from tests.pages.addresses import enter, pages_of

LOOK = os.environ.get("MAARIFA_LOOK")
NARROWEST, PHONE, DESK = 320, 360, 1280
LOOKS = [(PHONE, "light"), (DESK, "dark")]
PICTURES = [*LOOKS, (NARROWEST, "dark"), (DESK, "light")]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_page_is_without_faults(site, demo, open_page, language):
    faults, titles = [], {}
    for username, addresses in pages_of(demo, language).items():
        page = open_page(language=language, bypass_csp=True)
        if username:
            # The admin speaks the language of the account.
            User.objects.filter(username=username).update(language=language)
            enter(page, site, username)
        for address in addresses:
            answer = page.goto(site.url + address)
            assert answer.status == (404 if "no-such" in address else 200), (address, answer.status)
            faults += [f"{address}: {fault}" for fault in looked_at(page, address, language)]
            if not address.startswith("/admin/"):
                # Two pages may lead to the one that asks who it is.
                titles.setdefault(page.title(), set()).add(urlsplit(page.url).path)
        page.complaints[:] = [said for said in page.complaints if "404 (Not Found)" not in said]
    faults += [f"one title of several pages, {title!r}: {at}" for title, at in titles.items() if len(at) > 1]
    assert not faults, "\n".join(faults)


def looked_at(page, address, language) -> list[str]:
    found = []
    said = page.evaluate("[document.documentElement.lang, document.documentElement.dir || 'ltr']")
    if said != [language, "rtl" if language == "ar" else "ltr"]:
        found.append(f"its language and direction are {said}")
    heads = page.locator("h1:visible").count()
    if heads != 1:
        found.append(f"it has {heads} main headings")
    if page.locator('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').count():
        found.append("a tabindex takes the focus out of its order")
    admin = address.startswith("/admin/")
    for width in (PHONE, DESK) if admin else (NARROWEST, PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"it is {wide} pixels wide on a screen of {width}")
    for width, scheme in PICTURES if LOOK else LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        # The admin's colours fade from one to the other.
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        keep(page, address, language, width, scheme)
        found += [f"{width} {scheme}: {fault}" for fault in accessibility_faults(page)]
    # What axe does to the page to measure it is no fault of the page.
    page.complaints[:] = [words for words in page.complaints if "Content Security Policy" not in words]
    return found if admin else found + order_without_styles(page)


def order_without_styles(page) -> list[str]:
    """Words that a style moves before what stands above them: without styles the page would read otherwise."""
    page.set_viewport_size({"width": PHONE, "height": 800})
    moved = page.evaluate(
        """() => {
            const seen = [...document.querySelectorAll("main :is(h1, h2, h3, p, li, label, button, td, th)")]
                .filter(one => one.checkVisibility() && !one.closest("details:not([open]), .scroll"));
            const tops = seen.map(one => [one.getBoundingClientRect().top, one.textContent.trim().slice(0, 40)]);
            return tops.filter(([top], at) => at && top + 8 < tops[at - 1][0] - 60).map(([, words]) => words);
        }"""
    )
    return [f"a style moves {words!r} up" for words in moved]


def keep(page, address, language, width, scheme):
    if LOOK:
        Path(LOOK).mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[^\w-]+", "_", address.removeprefix(f"/{language}/")).strip(
            "_"
        )
        page.screenshot(path=f"{LOOK}/{name or 'home'}-{language}-{width}-{scheme}.png", full_page=True)

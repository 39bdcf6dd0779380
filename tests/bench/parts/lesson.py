"""The signed-in lesson page and its 304, against bare views behind the same middleware."""

import re
import zlib

from tests.bench import measuring, people, serving

SIZES = {"full": {"rounds": 10, "times": 120}, "tiny": {"rounds": 2, "times": 3}}
BARE = "/bench/bare/"


def measure(size) -> measuring.Result:
    learner, path = people.learner_of_shipped_course()
    cookies = serving.cookies_of(learner)
    with serving.site() as site:
        browser, stranger = site.browser(cookies), site.browser()
        answer = browser.get(path)
        tag = answer.headers["ETag"]
        page = page_bytes(path, cookies, site)
        asks = {
            "bare": lambda: browser.get(BARE),
            "bare, not signed in": lambda: stranger.get(BARE),
            "bare, as many bytes": lambda: browser.get(f"/bench/page/{page}/"),
            "page": lambda: browser.get(path),
            "304": lambda: browser.get(path, status=304, **{"If-None-Match": tag}),
        }
        for ask in asks.values():
            site.cost(ask, size["times"])
        cpu = measuring.interleaved(
            size["rounds"],
            {name: lambda ask=ask: site.cost(ask, size["times"]) for name, ask in asks.items()},
        )
        wall = measuring.interleaved(
            max(2, size["rounds"] // 2),
            {name: lambda ask=ask: site.wait(ask, size["times"]) for name, ask in asks.items()},
        )
    found = measuring.Result()
    found.add(
        "lesson page ÷ bare view, CPU",
        "×",
        measuring.ratios(cpu, "page", "bare"),
        budget=2.0,
        note="The bare view answers two letters to the same signed-in request.",
    )
    found.add("lesson's 304 ÷ bare view, CPU", "×", measuring.ratios(cpu, "304", "bare"), budget=1.3)
    for other, words in (
        ("bare, as many bytes", "lesson page ÷ bare view of as many bytes, compressed, CPU"),
        ("bare, not signed in", "lesson page ÷ bare view without a cookie, CPU"),
    ):
        found.add(words, "×", measuring.ratios(cpu, "page", other))
    found.add("lesson page ÷ bare view, waiting", "×", measuring.ratios(wall, "page", "bare"))
    found.add("lesson page, CPU", "ms", measuring.column(cpu, "page", times=1000))
    found.add("lesson's 304, CPU", "ms", measuring.column(cpu, "304", times=1000))
    found.add("bare view, CPU", "ms", measuring.column(cpu, "bare", times=1000))
    return found


def page_bytes(path, cookies, site) -> int:
    """How long the page is before it is compressed."""
    browser = site.browser(cookies)
    browser.line.request("GET", path, headers=browser.headers)
    packed = browser.line.getresponse().read()
    html = zlib.decompress(packed, wbits=31)
    assert re.search(rb"<article", html)
    return len(html)

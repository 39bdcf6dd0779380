"""How long until a lesson can be read on a slow line: Chromium, throttled over its own protocol."""

from tests import browsing
from tests.bench import measuring, people, serving

SIZES = {"full": {"rounds": 7}, "tiny": {"rounds": 1}}
KILOBITS, LATENCY = 400, 300
# The first moment at which text of the lesson stood on the screen. What is painted later and is larger comes too.
LISTEN = """
window.painted = [];
new PerformanceObserver(list => {
  for (const one of list.getEntries()) {
    if (one.element && one.element.closest("article")) window.painted.push(one.startTime);
  }
}).observe({type: "largest-contentful-paint", buffered: true});
"""


def measure(size) -> measuring.Result:
    from maarifa.curriculum.editions import outline

    course = people.shipped_course()
    first, second = outline(course.current_edition_id).lesson_order[:2]
    learner, _path = people.learner_of_shipped_course(done=0)
    cookies = serving.cookies_of(learner)
    found = measuring.Result()
    with serving.site() as site, browsing.chromium() as browser:
        warm = site.browser(cookies)
        rounds = []
        for key in (first, second):
            for _ in range(5):
                warm.get(f"/en/learn/{course.key}/{key}/")
        for _ in range(size["rounds"]):
            context = browser.new_context(viewport={"width": 360, "height": 640}, device_scale_factor=2)
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": site.url}
                    for name, value in (part.split("=", 1) for part in cookies.split("; "))
                ]
            )
            page = context.new_page()
            page.add_init_script(LISTEN)
            throttle(context, page)
            rounds.append(
                {
                    "first visit": readable(page, f"{site.url}/en/learn/{course.key}/{first}/"),
                    "next lesson": readable(page, f"{site.url}/en/learn/{course.key}/{second}/"),
                }
            )
            context.close()
    line = f"{KILOBITS} kbit/s, {LATENCY} ms"
    for name in ("first visit", "next lesson"):
        found.add(
            f"lesson readable on {line}: {name}",
            "s",
            measuring.column(rounds, name),
            budget=1.2,
            note="Chromium delays each answer by the latency; it does not delay the handshake before it.",
        )
    return found


def throttle(context, page) -> None:
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    bytes_a_second = KILOBITS * 1000 / 8
    protocol.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": bytes_a_second,
            "uploadThroughput": bytes_a_second,
        },
    )


def readable(page, address: str) -> float:
    """Seconds from asking until the lesson's text was painted."""
    page.goto(address, wait_until="load")
    # Asked from outside: a condition that waits inside the page is a text to evaluate, which our policy forbids.
    for _ in range(400):
        if page.evaluate("window.painted.length > 0"):
            return page.evaluate("Math.min(...window.painted)") / 1000
        page.wait_for_timeout(50)
    raise TimeoutError(f"{address}: no text of the lesson was painted within 20 s")

"""A coordinator's page of a large cohort, against the same page of a small one."""

from django.utils import timezone

from tests.bench import measuring, people, serving

SIZES = {
    "full": {"small": 20, "large": 2_000, "rounds": 6, "times": 15},
    "tiny": {"small": 2, "large": 6, "rounds": 2, "times": 2},
}


def measure(size) -> measuring.Result:
    at = timezone.now()
    pages = {}
    for name in ("small", "large"):
        cohort, coordinator = people.new_cohort(f"The {name} one")
        first, last = people.many_learners(size[name], course=cohort.course, prefix=name, at=at)
        people.bulk_enrolled(first, last, cohort, at=at)
        people.finished(first, last, cohort, lessons=2, at=at)
        pages[name] = (serving.cookies_of(coordinator), f"/en/institution/cohorts/{cohort.public_id}/")
    people.take_stock()
    with serving.site() as site:
        asks = {}
        for name, (cookies, path) in pages.items():
            browser = site.browser(cookies)
            asks[name] = lambda browser=browser, path=path: browser.get(path)
            site.cost(asks[name], 3)
        cpu = measuring.interleaved(
            size["rounds"],
            {name: lambda ask=ask: site.cost(ask, size["times"]) for name, ask in asks.items()},
        )
        wall = measuring.interleaved(
            size["rounds"],
            {name: lambda ask=ask: site.wait(ask, size["times"]) for name, ask in asks.items()},
        )
    found = measuring.Result()
    named = f"cohort page of {size['large']:,} ÷ of {size['small']}"
    found.add(f"{named}, waiting", "×", measuring.ratios(wall, "large", "small"))
    found.add(f"{named}, CPU of the web server", "×", measuring.ratios(cpu, "large", "small"))
    found.add(f"cohort page of {size['large']:,}", "ms", measuring.column(wall, "large", times=1000))
    return found

"""Looking at pages as people do: a real Chromium, with or without JavaScript, and axe for screen readers."""

import contextlib
import os

from tests import services

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]


@contextlib.contextmanager
def chromium():
    from playwright.sync_api import sync_playwright

    binary = services.chromium()
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=binary, args=arguments, env={**os.environ, "XDG_DATA_HOME": str(_fonts())}
        )
        yield browser
        browser.close()


def _fonts():
    """A folder in which the browser finds the certificates' fonts beside the system's: every name is drawn."""
    home = services.folder() / "data"
    home.mkdir(exist_ok=True)
    if not (home / "fonts").exists():
        (home / "fonts").symlink_to(services.ROOT / "platform" / "maarifa" / "lib" / "fonts")
    return home


@contextlib.contextmanager
def windows(browser):
    """A function that opens windows; at the end, no page may have complained."""
    contexts, complaints = [], []

    def listen(page):
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda said: said.type == "error" and complaints.append(f"{page.url}: {said.text}")
        )

    def open_window(*, language="en", javascript=True, width=1024, height=800, **more):
        context = browser.new_context(
            locale=language,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            **more,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("page", listen)
        page = context.new_page()
        page.complaints = complaints
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == [], complaints[:3]


def accessibility_faults(page) -> list[str]:
    """What axe finds on the page, one line each: the rule, what it asks, and where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {', '.join(str(node['target']) for node in rule['nodes'])}"
        for rule in found
    ]

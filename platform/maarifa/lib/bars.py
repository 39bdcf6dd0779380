"""A bar in a terminal, for work that somebody waits for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

WIDTH = 30


class Bar:
    """Draws how far it is, on one line; where nobody watches (a file, a pipe) it draws nothing."""

    def __init__(self, out: "OutputWrapper", *, total: int, text: str) -> None:
        """`text` has the placeholders %(done)s and %(total)s."""
        self.out, self.total, self.text = out, total, text
        self.watched = out.isatty()

    def draw(self, done: int) -> None:
        if not self.watched:
            return
        full = WIDTH * done // self.total if self.total else WIDTH
        text = self.text % {"done": done, "total": self.total}
        self.out.write(f"\r[{'#' * full}{'.' * (WIDTH - full)}] {text}", ending="")
        self.out.flush()

    def end(self) -> None:
        if self.watched:
            self.out.write("")


class Stages:
    """One bar after another, for work that has several stages; each goes by its words."""

    def __init__(self, out: "OutputWrapper") -> None:
        self.out = out
        self.bar: Bar | None = None

    def draw(self, text: str, done: int, total: int) -> None:
        if self.bar is None or self.bar.text != text:
            self.end()
            self.bar = Bar(self.out, total=total, text=text)
        self.bar.draw(done)

    def end(self) -> None:
        if self.bar is not None:
            self.bar.end()
            self.bar = None

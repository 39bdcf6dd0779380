"""A bar in a terminal, for work that somebody waits for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

WIDTH = 30


class Bar:
    """Draws how far it is, on one line; where nobody watches (a file, a pipe) it draws nothing."""

    def __init__(self, out: "OutputWrapper", *, total: int, words: str) -> None:
        """`words` has the placeholders %(done)s and %(total)s."""
        self.out, self.total, self.words = out, total, words
        self.watched = out.isatty()

    def draw(self, done: int) -> None:
        if not self.watched:
            return
        full = WIDTH * done // self.total if self.total else WIDTH
        words = self.words % {"done": done, "total": self.total}
        self.out.write(f"\r[{'#' * full}{'.' * (WIDTH - full)}] {words}", ending="")
        self.out.flush()

    def end(self) -> None:
        if self.watched:
            self.out.write("")


class Stages:
    """One bar after another, for work that has several stages; each goes by its words."""

    def __init__(self, out: "OutputWrapper") -> None:
        self.out = out
        self.bar: Bar | None = None

    def draw(self, words: str, done: int, total: int) -> None:
        if self.bar is None or self.bar.words != words:
            self.end()
            self.bar = Bar(self.out, total=total, words=words)
        self.bar.draw(done)

    def end(self) -> None:
        if self.bar is not None:
            self.bar.end()
            self.bar = None

"""A bar in a terminal, for work that somebody waits for."""

WIDTH = 30


class Bar:
    """Draws how far it is, on one line; where nobody watches (a file, a pipe) it draws nothing."""

    def __init__(self, out, *, total: int, words: str):
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

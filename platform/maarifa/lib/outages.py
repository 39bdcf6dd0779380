"""Remembering for a moment that a service is down, so that not every request waits for its time-out."""

import threading
import time


class Breaker:
    """After a failure it says closed for `rest` seconds, then lets the next call try again."""

    def __init__(self, rest: float = 5.0):
        self.rest = rest
        self._until = 0.0
        self._lock = threading.Lock()

    def is_open(self) -> bool:
        return time.monotonic() >= self._until

    def failed(self) -> None:
        with self._lock:
            self._until = time.monotonic() + self.rest

    def reset(self) -> None:
        with self._lock:
            self._until = 0.0


broker = Breaker()

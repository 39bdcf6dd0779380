"""How fast the instance is: `make bench`, or `python -m tests.bench [part …]`.

Each figure is a ratio taken in one run: the thing and the bare thing beside it, turn and turn about, for several
rounds; the median counts, and the spread is shown. Every part runs in a process and on a database of its own.
"""

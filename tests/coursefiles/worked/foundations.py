"""How each number that the foundations work out follows from the inputs that they state.

As in `memory_and_hardware`.
"""

w2, w3 = "the-full-cycle", "reading-what-binds"

WORKED = [
    (w2, "3 ÷ 60 = 5", lambda: 100 * 3 / 60),
    (w2, "6 ÷ 30 = 20", lambda: 100 * 6 / 30),
    (w2, "9 ÷ 90 = 10", lambda: 100 * (3 + 6) / (60 + 30)),
    (f"{w3}/recall-average", "Right. 20", lambda: 100 * 6 / 30),
    (f"{w3}/recall-average", "percent against 5", lambda: 100 * 3 / 60),
    ("banks/two-languages", "2 ÷ 50 is 4", lambda: 100 * 2 / 50),
    ("banks/two-languages", "4 ÷ 25 is 16", lambda: 100 * 4 / 25),
    ("banks/two-languages", "the gap is 12", lambda: 100 * 4 / 25 - 100 * 2 / 50),
    ("banks/two-languages", "6 ÷ 75 = 8", lambda: 100 * (2 + 4) / (50 + 25)),
    ("banks/two-counts", "a fall of 20", lambda: 100 * (30 - 24) / 30),
    ("banks/two-counts", "Right. 6", lambda: 30 - 24),
]

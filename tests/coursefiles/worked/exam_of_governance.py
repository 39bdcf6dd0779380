"""The numbers of the sample of the governance exam, from the inputs that its questions state."""

WORKED = [
    ("banks/stated-and-tested", "340 ÷ 400 = 85", lambda: 100 * 340 / 400),
    ("banks/stated-and-tested", "95 − 85 = 10", lambda: 95 - 100 * 340 / 400),
    ("banks/stated-and-tested", "The 60", lambda: 400 - 340),
    ("banks/people-or-accounts", "About 18", lambda: (30 + 6) / 2),
    ("banks/six-of-twenty", "6 ÷ 20 = 30", lambda: 100 * 6 / 20),
    ("banks/none-of-120", "3 ÷ 120 = 0.025, which is 2.5", lambda: 100 * 3 / 120),
    ("banks/smallest-group", "3 of 23", lambda: 8 + 6 + 9),
    ("banks/smallest-group", "Right. 3", lambda: 1 + 0 + 2),
    ("banks/sixty-letters", "the other 58", lambda: 60 - 2),
    ("banks/twelve-seconds", "3,600 ÷ 300 = 12", lambda: 3600 / 300),
]

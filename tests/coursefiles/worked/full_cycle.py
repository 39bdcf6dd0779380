"""How each number that the module on the full cycle works out follows from the inputs that it states.

As in `memory_and_hardware`.
"""

w1, w2, w3, w4, w5 = (
    *("design-and-risk", "oversight-that-fits", "watching-by-group", "when-to-stop"),
    "who-must-be-told",
)

WORKED = [
    (w1, "tool was trained elsewhere | 3 | 3 | 9", lambda: 3 * 3),
    (w1, "train other products | 2 | 2 | 4", lambda: 2 * 2),
    (w1, "paper skills are gone | 2 | 2 | 4", lambda: 2 * 2),
    (f"{w1}/score-left-out", "Likelihood 3, severity 2, score 6", lambda: 3 * 2),
    (f"{w1}/score-left-out", "Likelihood 1, severity 3, score 3", lambda: 1 * 3),
    (f"{w1}/score-left-out", "Likelihood 3, severity 1, score 3", lambda: 3 * 1),
    (w2, "11 ÷ 20 = 55", lambda: 100 * 11 / 20),
    (w2, "18 ÷ 20 = 90", lambda: 100 * 18 / 20),
    (w2, "90 × 40 = 3,600", lambda: 90 * 40),
    (w2, "moves them by 5", lambda: 100 / 20),
    (w2, "The gap of 7", lambda: 18 - 11),
    (f"{w2}/check-of-check", "30 ÷ 40 = 75", lambda: 100 * 30 / 40),
    (f"{w2}/check-of-check", "which is 25", lambda: 100 * 10 / 40),
    (w3, "up to 3 ÷ 30 = 10", lambda: 100 * 3 / 30),
    (w3, "up to 3 ÷ 300 = 1", lambda: 100 * 3 / 300),
    (w3, "6 ÷ 150 = 4", lambda: 100 * 6 / 150),
    (w3, "6 ÷ 50 = 12", lambda: 100 * 6 / 50),
    (w3, "12 ÷ 200 = 6", lambda: 100 * 12 / 200),
    (f"{w3}/shares-left-out", "20 ÷ 400 = 5", lambda: 100 * 20 / 400),
    (f"{w3}/shares-left-out", "9 ÷ 60 = 15", lambda: 100 * 9 / 60),
    (f"{w3}/shares-left-out", "29 of 460 are 6", lambda: 100 * 29 / 460),
    (f"{w3}/none-seen", "3 ÷ 60 = 5", lambda: 100 * 3 / 60),
    (f"{w4}/recall-three", "About 3", lambda: 100 * 3 / 100),
    (w4, "That is 12", lambda: (9 * 60 + 52) - (9 * 60 + 40)),
    (w4, "The director is told: 35", lambda: (10 * 60 + 15) - (9 * 60 + 40)),
    (w4, "3 ÷ 38 is about 8", lambda: 100 * 3 / 38),
    (w4, "would have been about 7", lambda: 90 * 3 / 38),
    (f"{w4}/restart-pressure", "3 ÷ 30 = 10", lambda: 100 * 3 / 30),
    ("banks/score-of-a-leak", "severity 3 (life) = 6", lambda: 2 * 3),
    ("banks/caught-share", "15 ÷ 25 = 0.60", lambda: 15 / 25),
    ("banks/caught-share", "15 ÷ 25 = 60", lambda: 100 * 15 / 25),
    ("banks/shares-not-counts", "The shares are 5", lambda: 100 * 30 / 600),
    ("banks/shares-not-counts", "48 of 680 is about 7", lambda: 100 * (30 + 18) / (600 + 80)),
    ("banks/shares-not-counts", "18 ÷ 80 = 22.5", lambda: 100 * 18 / 80),
    ("banks/shares-not-counts", "fare 4.5", lambda: (18 / 80) / (30 / 600)),
    ("banks/cases-for-two-percent", "n = 3 ÷ 0.02 = 150", lambda: 3 / 0.02),
    ("banks/cases-for-two-percent", "The answer 50 would allow up to 6", lambda: 100 * 3 / 50),
    ("banks/cases-for-two-percent", "100 would allow 3", lambda: 100 * 3 / 100),
]
# How many of the six cards of `who-must-be-told` hold each duty, by the words that say so.
DUTIES = {
    "Assess impact first": ("china", "eu", "kenya", "united-states", "viet-nam"),
    "List systems in public": ("eu", "united-states"),
    "Explain, hear, or let people appeal": ("china", "eu", "south-africa", "united-states"),
    "Report serious incidents": ("eu", "viet-nam"),
}

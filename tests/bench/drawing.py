"""Curves as SVG, on logarithmic axes: a straight line at half a right angle is linear, a level one is constant."""

import math
from html import escape

WIDTH, HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 34, 40
COLOURS = ("#084c46", "#b3541e", "#3b5b9d", "#7a3e8e", "#5d6b1f", "#8c2f39")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1c2029}.t{font-weight:600;font-size:13px}"
    ".g{stroke:#d5d8dd;stroke-width:1}.l{fill:none;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#e8eaed}.g{stroke:#3a4048}.l,.p{filter:brightness(1.9)}}"
)


def picture(curve: dict) -> str:
    """An SVG of one curve's lines, each named at its end."""
    points = [(x, y) for line in curve["lines"].values() for x, y in line if y > 0]
    across = decades([x for x, _ in points])
    up = decades([y for _, y in points])
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(x, y):
        return (
            LEFT + inner_width * (math.log10(x) - across[0]) / (across[1] - across[0]),
            TOP + inner_height * (1 - (math.log10(y) - up[0]) / (up[1] - up[0])),
        )

    drawn = []
    for power in range(across[0], across[1] + 1):
        x, _ = place(10**power, 10 ** up[0])
        drawn.append(f'<path class="g" d="M{x:.1f} {TOP}v{inner_height}"/>')
        drawn.append(text(x, HEIGHT - 22, said(power), "middle"))
    for power in range(up[0], up[1] + 1):
        _, y = place(10 ** across[0], 10**power)
        drawn.append(f'<path class="g" d="M{LEFT} {y:.1f}h{inner_width}"/>')
        drawn.append(text(LEFT - 6, y + 4, said(power), "end"))
    drawn.append(text(LEFT + inner_width / 2, HEIGHT - 5, curve["across"], "middle"))
    drawn.append(text(6, TOP - 8, curve["up"], "start"))
    drawn.append(f'<text class="t" x="{LEFT + 40}" y="16">{escape(curve["name"])}</text>')
    ends = []
    for number, (name, line) in enumerate(curve["lines"].items()):
        colour = COLOURS[number % len(COLOURS)]
        placed = [place(x, y) for x, y in line if y > 0]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
        drawn.append(f'<path class="l" stroke="{colour}" d="M{path}"/>')
        drawn += [f'<circle class="p" cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        ends.append([placed[-1][1], name, colour])
    drawn += labels(ends)
    words = f"{curve['name']}: {curve['up']} by {curve['across']}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(words)}"><style>{STYLE}</style>{"".join(drawn)}</svg>\n'
    )


def labels(ends) -> list[str]:
    """The names of the lines at their right ends, none over another."""
    drawn, last = [], 0.0
    for y, name, colour in sorted(ends):
        last = max(y + 4, last + 14)
        drawn.append(
            f'<text x="{WIDTH - RIGHT + 8}" y="{last:.1f}"><tspan fill="{colour}">● </tspan>{escape(name)}</text>'
        )
    return drawn


def decades(values) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def text(x, y, words, anchor) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def said(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"

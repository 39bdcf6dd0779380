"""CommonMark to HTML that is safe to show, for lessons. It is done once, at publication.

The HTML holds no script or style, no id but those that it makes itself, and no address but those of the outside, of
the course's glossary, of its worksheets, of its figures and of its practice. Raw HTML is dropped.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypedDict

import nh3
from comrak import ExtensionOptions, RenderOptions, render_markdown
from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.text.blocks import KINDS, Block, Jurisdiction, blocks, join, split
from maarifa.curriculum.text.sections import with_sections
from maarifa.lib.problems import Problem, shown
from maarifa.lib.text import nfc
from maarifa.quizzes.kinds import Practice
from maarifa.quizzes.practice import StoredPractice, practice_html, stored

_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "blockquote", "ul", "ol", "li", "hr", "br", "pre", "code"),
    *("em", "strong", "del", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style"},
    attributes={"*": {"lang", "dir"}, "a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}},
    allowed_classes={"th": {"n"}, "td": {"n"}},
    link_rel="noopener",
    url_schemes={"http", "https", "mailto", "glossary", "worksheet"},
    url_relative="deny",
)
# Where a practice block goes in. The letter is of Unicode's private area, and taken out of what authors
# write.
_PLACE = "\ue000"

_PLAIN_BOX = '<div class="scroll" tabindex="0"><table>'
_FIGURE = re.compile(r'<p><img src="figures/(?P<key>[a-z0-9-]{1,60})\.svg" alt="(?P<alt>[^"]*)" /></p>')
_DASHES = re.compile(r"[ \t>]*(?=[^|]*\||\|)\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_TERM = re.compile(r'<a href="glossary:([a-z0-9-]{1,60})"[^>]*>')
_WORKSHEET = re.compile(r'<a href="worksheet:([a-z0-9-]{1,60})"[^>]*>')

TEMPLATES = {
    "md_html": _(
        "HTML is not allowed here. Use Markdown instead. To show the character “<”, put it between "
        "backticks: `<`."
    ),
    "md_heading_one": _(
        "Start headings with “##” or more. The page already shows the title of the lesson above the text."
    ),
    "md_heading_step": _(
        "A heading of level %(level)s follows a heading of level %(before)s. Do not skip a level."
    ),
    "md_image": _(
        "An image must be a figure of the course, in a separate paragraph. Write it as ![what it "
        "shows](figures/its-key.svg)."
    ),
    "md_alternative": _(
        "The figure “%(key)s” has no text alternative. Describe in the square brackets what it shows."
    ),
    "md_link": _(
        "“%(address)s” is not a web address. Write an address that starts with https:// or http://."
    ),
    "md_link_unsafe": _(
        "A link here does not lead to a web address. Write an address that starts with https:// or http://."
    ),
    "md_practice": _(
        "This practice question is not a separate block, or the block is not closed. Start it with "
        "```practice and end it with ```, each at the start of a line."
    ),
    "md_jurisdiction": _(
        "This jurisdiction card is not a separate block, or the block is not closed. Start it with "
        "```jurisdiction and end it with ```, each at the start of a line."
    ),
    "md_table_row": _(
        "This table row has %(cells)s cells, but the first row has %(columns)s. Give both the same "
        "number of cells."
    ),
    "md_table_dashes": _(
        "This is not a table yet. The line of dashes has %(dashes)s parts, but the row above it has "
        "%(columns)s cells. Make the two numbers equal."
    ),
    "md_practice_twice": _("Two practice questions have the key “%(key)s”. Give each question its own key."),
    "md_empty": _("The text is empty. Write some text."),
}


class Figure(NamedTuple):
    """Where a figure is served, and its size in pixels."""

    url: str
    width: int
    height: int


class Rendered(NamedTuple):
    """A text as HTML, and the questions for practice whose forms are in it."""

    html: str
    practice: list[StoredPractice]


class Outline(TypedDict):
    """What all languages of a text share beside its practice."""

    headings: list[str]
    terms: list[str]
    worksheets: list[str]
    figures: list[str]
    jurisdictions: list[str]


def canonical(text: str, *, language: str) -> str:
    """The text as it is stored and written: NFC, lines ended by \\n, practice blocks in their one form, no-break spaces
    where its language wants them.
    """
    text = nfc(text).replace("\r\n", "\n").replace("\r", "\n")
    return join(split(text), language=language)


def render(text: str, *, figures: Mapping[str, Figure] | None = None, language: str = "") -> str:
    """As `rendered`, the HTML alone."""
    return rendered(text, figures=figures, language=language).html


def rendered(text: str, *, figures: Mapping[str, Figure] | None = None, language: str = "") -> Rendered:
    """The text as HTML. The same text gives the same bytes; whatever the text is, the HTML is harmless.

    `figures` by their keys; one that is not there is left out. Terms lead to the glossary beside the lesson, links
    to a worksheet to its page to print, and practice posts to its address there, in the `language` of the text.
    Headings that practice leads back to have an id.
    """
    text = text.replace("\r\n", "\n").replace(_PLACE, "")
    parts = split(text)
    cards: dict[str, str] = {}
    practice: dict[str, StoredPractice] = {}
    pieces = []
    for part in parts:
        if isinstance(part, Block):
            content, _problems = part.read()
            if content:
                place = f"{_PLACE}{len(cards)}{_PLACE}"
                if isinstance(content, Practice):
                    practice[f"<p>{place}</p>"] = question = stored(content, len(practice) + 1)
                    cards[f"<p>{place}</p>"] = practice_html(question, language)
                else:
                    cards[f"<p>{place}</p>"] = content.as_html()
                pieces.append(place)
                continue
            part = f"```\n{part.yaml}```"
        pieces.append(part)
    html = _markdown("\n\n".join(pieces))

    def drawn(image: re.Match[str]) -> str:
        figure = (figures or {}).get(image["key"])
        if figure is None:
            return ""
        place = f"{_PLACE}{len(cards)}{_PLACE}"
        cards[place] = (
            f'<img src="{figure.url}" width="{figure.width}" height="{figure.height}" '
            f'alt="{image["alt"]}" loading="lazy">'
        )
        return f"<p>{place}</p>"

    html = _FIGURE.sub(drawn, html)
    # Before sanitising: authors' HTML is not in it, so every tag is one that the renderer wrote.
    html = re.sub(r"<(/?)h1>", r"<\1h2>", html)
    html = re.sub(r"<(t[hd]) align=\"(?:right|end)\">", r'<\1 class="n">', html)
    html = html.replace("<th", '<th scope="col"').replace('<th scope="col"ead', "<thead")
    html = _CLEANER.clean(html)
    html = _TERM.sub(rf'<a href="../glossary/?in={language}#\1">', html)
    html = _WORKSHEET.sub(rf'<a href="../worksheets/\1/?in={language}">', html)
    named: Counter[str] = Counter()
    html = re.sub(r"<table>(?=(.*?)</thead>)", lambda head: _region(head, named), html, flags=re.DOTALL)
    html = html.replace("</table>", "</table></div>")
    html, sections = with_sections(html, practice)
    for place, section in sections.items():
        practice[place]["section"] = section
    for place, card in cards.items():
        html = html.replace(place, card)
    return Rendered(html.replace(_PLACE, "").strip() + "\n", list(practice.values()))


def _region(head: re.Match[str], named: Counter[str]) -> str:
    """What a wide table scrolls in. By keyboard one reaches its last column; its first heading names it, with a number
    from the second one of that name in the document: no two landmarks of a page sound the same.
    """
    headings = [
        re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<th .*?</th>", head[1], re.DOTALL)
    ]
    headings = [heading.replace('"', "&quot;") for heading in headings if heading]
    # The first one only: every byte of a lesson is counted.
    name = headings[0] if headings else ""
    named[name] += 1
    while name and named[name] > 1:
        name = f"{name} {named[name]}"
        named[name] += 1
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{name}"><table>' if name else _PLAIN_BOX
    )


def problems(text: str) -> list[Problem]:
    """Everything in the text that would be dropped or changed when rendered, with its line."""
    if not text.strip():
        return [_problem("md_empty", 1)]
    text_problems: list[Problem] = []
    keys: set[str] = set()
    pieces: list[str] = []
    for part in split(text):
        if isinstance(part, str):
            pieces.append(part)
            continue
        # As many lines as the block has, so that the lines below keep their numbers.
        pieces.append("\n" * (part.yaml.count("\n") + 1))
        card, wrong = part.read()
        text_problems += wrong
        if card and part.kind == "practice":
            if card.key in keys:
                text_problems.append(_problem("md_practice_twice", part.line, key=card.key))
            keys.add(card.key)
    written = "\n".join(pieces)
    html = _markdown(written, sourcepos=True)
    text_problems += _table_problems(written.split("\n"), html)
    line, level = 1, 1
    for tag in re.finditer(r"<!-- raw HTML omitted -->|<[a-z][^>]*>", html):
        if position := re.search(r'data-sourcepos="(\d+):', tag[0]):
            line = int(position[1])
        if tag[0].startswith("<!--"):
            text_problems.append(_problem("md_html", _line_of_html(text, line)))
        elif heading := re.match(r"<h([1-6])", tag[0]):
            if heading[1] == "1":
                text_problems.append(_problem("md_heading_one", line))
            elif int(heading[1]) > level + 1:
                text_problems.append(_problem("md_heading_step", line, level=heading[1], before=level))
            level = int(heading[1])
        elif tag[0].startswith("<img"):
            source = re.search(r'src="figures/([a-z0-9-]{1,60})\.svg"', tag[0])
            before, after = html[: tag.start()], html[tag.end() :]
            if not source or not re.search(r"<p[^>]*>$", before) or not after.startswith("</p>"):
                text_problems.append(_problem("md_image", line))
            elif 'alt=""' in tag[0]:
                text_problems.append(_problem("md_alternative", line, key=source[1]))
        elif link := re.search(r'^<a .*href="([^"]*)"', tag[0]):
            if not link[1]:  # the renderer has taken out what could run
                text_problems.append(_problem("md_link_unsafe", line))
            elif not re.match(r"(https?://.|mailto:.|(glossary|worksheet):[a-z0-9-]{1,60}$)", link[1]):
                text_problems.append(_problem("md_link", line, address=shown(link[1])))
        elif fenced := re.search(rf"language-({'|'.join(KINDS)})", tag[0]):
            text_problems.append(_problem(f"md_{fenced[1]}", line))
    return _once(text_problems)


def _table_problems(lines: list[str], html: str) -> Iterator[Problem]:
    """Rows that the renderer would fill up or cut short, and tables that it does not take for one."""
    columns = 0
    for tag in re.finditer(r'<(table|tr|th|p) data-sourcepos="(\d+):\d+-(\d+):', html):
        name, first, last = tag[1], int(tag[2]), int(tag[3])
        if name == "table":
            columns = 0
        elif name == "th":
            columns += 1
        elif name == "tr" and columns and _cells(lines[first - 1]) != columns:
            yield _problem("md_table_row", first, cells=_cells(lines[first - 1]), columns=columns)
        elif name == "p":
            for number in range(first + 1, last + 1):
                above, dashes = _cells(lines[number - 2]), _cells(lines[number - 1])
                if _DASHES.fullmatch(lines[number - 1]) and "|" in lines[number - 2] and above != dashes:
                    yield _problem("md_table_dashes", number, dashes=dashes, columns=above)


def _cells(line: str) -> int:
    """How many cells a line of a table has."""
    row = re.sub(r"\\.", "", line.strip(" \t>"))
    return row.removeprefix("|").removesuffix("|").count("|") + 1


def count_words(text: str) -> int:
    """About how many words a reader meets, cards of jurisdictions included and practice left out. Chinese and its like
    count two signs as a word.
    """
    html = _markdown("\n\n".join(part for part in split(text) if isinstance(part, str)))
    contents = [block.read()[0] for block in blocks(text, "jurisdiction")]
    cards = [card.full_text for card in contents if isinstance(card, Jurisdiction)]
    plain = re.sub(r"<[^>]*>", " ", html) + " ".join(cards)
    signs = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", plain)
    rest = re.sub(r"[\u3040-\u30ff\u3400-\u9fff]", " ", plain)
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", rest)) + -(-len(signs) // 2)


def practice_outline(text: str) -> list[tuple[object, ...]]:
    """What all languages of a lesson share of its practice: keys, kinds, and which choices are right."""
    contents = [block.read()[0] for block in blocks(text)]
    return [practice.outline() for practice in contents if isinstance(practice, Practice)]


def outline_of(text: str) -> Outline:
    """What all languages of a lesson share beside its practice: how many headings of each level there are, which terms,
    worksheets and figures it points to, and whose cards it holds. In their order, terms and worksheets apart.
    """
    html = _markdown("\n\n".join(part for part in split(text) if isinstance(part, str)))
    cards = [block.read()[0] for block in blocks(text, "jurisdiction")]
    return {
        "headings": re.findall(r"<h([1-6])", html),
        "terms": sorted(set(re.findall(r'href="glossary:([^"]*)"', html))),
        "worksheets": sorted(set(re.findall(r'href="worksheet:([^"]*)"', html))),
        "figures": re.findall(r'src="figures/([a-z0-9-]+)\.svg"', html),
        "jurisdictions": [card.key for card in cards if card],
    }


def alternatives(text: str) -> list[tuple[str, str]]:
    """The figures of a text, each by its key with its text alternative."""
    html = _markdown("\n\n".join(part for part in split(text) if isinstance(part, str)))
    return [(image["key"], image["alt"]) for image in _FIGURE.finditer(html)]


def _markdown(text: str, *, sourcepos: bool = False) -> str:
    extensions, rendering = ExtensionOptions(), RenderOptions()
    extensions.table = extensions.strikethrough = True
    rendering.sourcepos = sourcepos
    return render_markdown(text, extension_options=extensions, render_options=rendering)


def _problem(code: str, line: int, **params: object) -> Problem:
    return Problem(code=code, template=TEMPLATES[code], params=params, line=line)


def _line_of_html(text: str, line: int) -> int:
    """The first line from there on in which a tag may stand: the renderer tells only that of the paragraph
    before.
    """
    lines = text.split("\n")
    for number in range(line, len(lines) + 1):
        if re.search(r"<(?!https?:|mailto:)[A-Za-z/!?]", lines[number - 1]):
            return number
    return line


def _once(problems: list[Problem]) -> list[Problem]:
    """Each problem once a line, in the order of lines."""
    first = {(problem.code, problem.line, problem.where): problem for problem in reversed(problems)}
    return sorted(first.values(), key=lambda problem: problem.line or 0)

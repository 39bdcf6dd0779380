"""CommonMark to HTML that is safe to show, for lessons. It is done once, at publication.

The HTML holds no script, style, id or image, and no address but those of the outside. Raw HTML is dropped.
"""

import re

import nh3
from comrak import ExtensionOptions, RenderOptions, render_markdown
from django.utils.translation import gettext_lazy as _

from maarifa.lib.practice import Block, blocks, join, split
from maarifa.lib.problems import Problem, shown
from maarifa.lib.text import nfc

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
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)
# Where a practice block goes in. The letter is of Unicode's private area, and taken out of what authors
# write.
_PLACE = "\ue000"

TEMPLATES = {
    "md_html": _(
        "HTML is not allowed here. Write it in Markdown; put a “<” that is meant as a sign into `…`."
    ),
    "md_heading_one": _("A heading begins with “##” or more: the title of the lesson stands above the text."),
    "md_heading_step": _("A heading of level %(level)s follows one of level %(before)s. Leave out no level."),
    "md_image": _("Images are not possible yet. Take it out, or describe what it shows."),
    "md_link": _("“%(address)s” is no address of a page. Write one that begins with https:// or http://."),
    "md_link_unsafe": _(
        "A link here leads to no address of a page. Write one that begins with https:// or http://."
    ),
    "md_practice": _(
        "This practice block is not one of its own. Begin and end it with ``` at the beginning of a line."
    ),
    "md_practice_twice": _("Two practice questions here have the key “%(key)s”. Give each its own."),
    "md_empty": _("There is no text. Write the lesson below the head."),
}


def canonical(text: str) -> str:
    """The text as it is stored and written: NFC, lines ended by \\n, practice blocks in their one form."""
    text = nfc(text).replace("\r\n", "\n").replace("\r", "\n")
    return join(split(text))


def render(text: str) -> str:
    """The text as HTML. The same text gives the same bytes; whatever the text is, the HTML is harmless."""
    text = text.replace("\r\n", "\n").replace(_PLACE, "")
    parts = split(text)
    cards: dict[str, str] = {}
    pieces = []
    for part in parts:
        if isinstance(part, Block):
            practice, _problems = part.read()
            if practice:
                place = f"{_PLACE}{len(cards)}{_PLACE}"
                cards[f"<p>{place}</p>"] = practice.as_html()
                pieces.append(place)
                continue
            part = f"```\n{part.yaml}```"
        pieces.append(part)
    html = _markdown("\n\n".join(pieces))
    # Before sanitising: authors' HTML is not in it, so every tag is one that the renderer wrote.
    html = re.sub(r"<(/?)h1>", r"<\1h2>", html)
    html = re.sub(r"<(t[hd]) align=\"(?:right|end)\">", r'<\1 class="n">', html)
    html = html.replace("<th", '<th scope="col"').replace('<th scope="col"ead', "<thead")
    html = _CLEANER.clean(html)
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    for place, card in cards.items():
        html = html.replace(place, card)
    return html.replace(_PLACE, "").strip() + "\n"


def problems(text: str) -> list[Problem]:
    """Everything in the text that would be dropped or changed when rendered, with its line."""
    if not text.strip():
        return [_problem("md_empty", 1)]
    found, keys, pieces = [], set(), []
    for part in split(text):
        if isinstance(part, str):
            pieces.append(part)
            continue
        # As many lines as the block has, so that the lines below keep their numbers.
        pieces.append("\n" * (part.yaml.count("\n") + 1))
        practice, wrong = part.read()
        found += wrong
        if practice and practice.key in keys:
            found.append(_problem("md_practice_twice", part.line, key=practice.key))
        keys |= {practice.key} if practice else set()
    html = _markdown("\n".join(pieces), sourcepos=True)
    line, level = 1, 1
    for tag in re.finditer(r"<!-- raw HTML omitted -->|<[a-z][^>]*>", html):
        if position := re.search(r'data-sourcepos="(\d+):', tag[0]):
            line = int(position[1])
        if tag[0].startswith("<!--"):
            found.append(_problem("md_html", _line_of_html(text, line)))
        elif heading := re.match(r"<h([1-6])", tag[0]):
            if heading[1] == "1":
                found.append(_problem("md_heading_one", line))
            elif int(heading[1]) > level + 1:
                found.append(_problem("md_heading_step", line, level=heading[1], before=level))
            level = int(heading[1])
        elif tag[0].startswith("<img"):
            found.append(_problem("md_image", line))
        elif link := re.search(r'^<a .*href="([^"]*)"', tag[0]):
            if not link[1]:  # the renderer has taken out what could run
                found.append(_problem("md_link_unsafe", line))
            elif not re.match(r"(https?://.|mailto:.)", link[1]):
                found.append(_problem("md_link", line, address=shown(link[1])))
        elif "language-practice" in tag[0]:
            found.append(_problem("md_practice", line))
    return _once(found)


def count_words(text: str) -> int:
    """About how many words a reader meets, practice left out. Chinese and its like count two signs as a
    word.
    """
    plain = re.sub(r"<[^>]*>", " ", _markdown("\n\n".join(p for p in split(text) if isinstance(p, str))))
    signs = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", plain)
    rest = re.sub(r"[\u3040-\u30ff\u3400-\u9fff]", " ", plain)
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", rest)) + -(-len(signs) // 2)


def practice_outline(text: str) -> list[tuple]:
    """What all languages of a lesson share of its practice: keys, kinds, and which choices are right."""
    found = [block.read()[0] for block in blocks(text)]
    return [(p.key, p.kind, tuple(c.correct for c in p.choices)) for p in found if p]


def _markdown(text: str, *, sourcepos: bool = False) -> str:
    extensions, rendering = ExtensionOptions(), RenderOptions()
    extensions.table = extensions.strikethrough = True
    rendering.sourcepos = sourcepos
    return render_markdown(text, extension_options=extensions, render_options=rendering)


def _problem(code: str, line: int, **params) -> Problem:
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


def _once(found: list[Problem]) -> list[Problem]:
    """Each problem once a line, in the order of lines."""
    first = {(problem.code, problem.line, problem.where): problem for problem in reversed(found)}
    return sorted(first.values(), key=lambda problem: problem.line)

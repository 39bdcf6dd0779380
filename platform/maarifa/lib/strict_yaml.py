"""The plain part of YAML that authors write: one way to read it, one way to write it.

Read: mappings, lists and texts. Only true, false and whole numbers are anything else than text, so that the
language `no`, a date and a version stay what they look like. No anchors, tags or second documents; no key
twice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from maarifa.lib.problems import Problem, shown

_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DEEPEST = 20

TEMPLATES = {
    "yaml_tab": _("There is a tab here. Indent with spaces: two for each level."),
    "yaml_quote": _(
        "A quotation mark is opened here but not closed. Close it. If it is part of the text, write it twice."
    ),
    "yaml_bracket": _(
        "A bracket is opened here but not closed. Close it, or put the value in single quotation marks."
    ),
    "yaml_colon": _(
        "This line is neither “name: value” nor a list item that begins with “- ”. Write one of the two."
    ),
    "yaml_value": _(
        "This value cannot be read. If it contains “: ” or “#”, or begins with a symbol such as"
        " * or @, put it in single quotation marks. Indent the line like the lines around it."
    ),
    "yaml_indent": _(
        "This line is indented differently from the lines around it. Indent lines of the same level by "
        "the same number of spaces."
    ),
    "yaml_sign": _(
        "This line has a character that is invisible or not allowed in a text. Delete the line and "
        "type it again."
    ),
    "yaml_syntax": _(
        "This cannot be read. If a value contains “: ” or “#”, put it in single quotation marks."
    ),
    "yaml_anchor": _("Anchors, references and tags (&, *, !) are not allowed here. Write the value in full."),
    "yaml_twice": _("“%(key)s” appears here twice. Keep one."),
    "yaml_key": _("A field name must be text. Write “name: value”."),
    "yaml_documents": _("A second document begins here. Keep only one, without “---” or “...” lines."),
    "yaml_deep": _("This is nested too deeply. Use at most %(most)s levels."),
    "yaml_empty": _("There are no fields here. Write lines such as “name: value”."),
}


# What the parser says, in its own words, and what is wrong then.
_CODES = (
    (r"found a tab", "yaml_tab"),
    (r"cannot start any token", "yaml_value"),
    (r"expected ',' or", "yaml_bracket"),
    (r"quoted scalar|end of stream", "yaml_quote"),
    (r"could not find expected ':'|simple key", "yaml_colon"),
    (r"mapping values are not allowed", "yaml_value"),
    (r"did not find expected|block (end|mapping|sequence|collection)", "yaml_indent"),
    (r"special characters|control characters|not allowed|invalid (leading|trailing|Unicode)", "yaml_sign"),
)


class YamlError(Exception):
    def __init__(self, code: str, line: int, **params: Any) -> None:
        self.problem = Problem(code=code, template=TEMPLATES[code], params=params, line=line)
        super().__init__(code)


Path = tuple[str | int, ...]
"""Where a value stands: keys and positions, from the outside in."""


@dataclass(frozen=True)
class Parsed:
    """What was read, and in which line each value begins, by its path of keys and positions."""

    # Texts, whole numbers, true, false, and lists and dicts of them: what a file says, before anything checks it.
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of the value, or of the nearest value that it would stand in."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def load(text: str) -> Parsed:
    """Read one value. Raises YamlError, which names the line, at the first thing that is not so."""
    try:
        events = iter(list(yaml.parse(text, Loader=_Parser)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if re.search("quoted|simple key", getattr(error, "context", None) or ""):
            # A quote never closed, a name without a colon: where it began says more than where that was noticed.
            mark = getattr(error, "context_mark", None)
        position = getattr(error, "position", None)
        line = mark.line + 1 if mark else text.count("\n", 0, position) + 1 if position else 1
        source_lines = text.split("\n")[line - 1 : line]
        raise YamlError(
            "yaml_tab" if source_lines and source_lines[0].lstrip(" ").startswith("\t") else _code_of(error),
            line,
        )
    lines: dict[Path, int] = {}
    value, documents = None, 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise YamlError("yaml_documents", _line(event))
            value = _value(next(events), events, (), lines)
    if not documents:
        raise YamlError("yaml_empty", 1)
    return Parsed(value, lines)


def _code_of(error: yaml.YAMLError) -> str:
    texts = [getattr(error, name, None) or "" for name in ("problem", "reason", "context")]
    for pattern, code in _CODES:
        if re.search(pattern, texts[0] or texts[1]):
            return code
    return next((code for pattern, code in _CODES if re.search(pattern, texts[2])), "yaml_syntax")


def _line(event: yaml.Event) -> int:
    # An event that was parsed has a mark; one that is made has none.
    return event.start_mark.line + 1 if event.start_mark else 1


def _value(event: yaml.Event, events: Iterator[yaml.Event], path: Path, lines: dict[Path, int]) -> Any:
    line = _line(event)
    lines.setdefault(path, line)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
        raise YamlError("yaml_anchor", line)
    if len(path) > _DEEPEST:
        raise YamlError("yaml_deep", line, most=_DEEPEST)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_value(event, events, (*path, len(items)), lines))
        return items
    mapping: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise YamlError("yaml_key", line)
        key = event.value
        if event.anchor is not None or event.tag:
            raise YamlError("yaml_anchor", line)
        if key in mapping:
            raise YamlError("yaml_twice", line, key=shown(key))
        lines[(*path, key)] = line
        mapping[key] = _value(next(events), events, (*path, key), lines)
    return mapping


def _scalar(event: yaml.ScalarEvent) -> str | int | bool:
    text = event.value
    if event.implicit[0]:
        if text in ("true", "false"):
            return text == "true"
        if _WHOLE_NUMBER.match(text):
            return int(text)
    return text


# Writing
# ------------------------------------------------------------------------------------------------------------


class Flow(list[Any]):
    """A list that is written in brackets, [a, b], as lists of keys are."""


class Bare(str):
    """A text that is written without quotes although it looks like a number, as the year 2024 is."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


# Dates are read as text and written bare; everything else that other readers would take for a number, a truth
# value or nothing at all is quoted.
_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(
    Flow, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)
_Dumper.add_representer(
    Bare, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:int", str(text))
)


def dump(value: object) -> str:
    """The one text for a value: fields in the order given, no line wrapped, no comment."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=False
    )

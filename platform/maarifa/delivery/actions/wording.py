"""The words of a message, from its templates; those of many that differ in little, made once with gaps in them."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from django.template import Context, Engine
from django.template.exceptions import TemplateDoesNotExist
from django.utils.html import escape

from maarifa.accounts.models import User
from maarifa.lib.text import one_line

# Below so many alike, the three renderings that a pattern takes are not worth it.
FEW = 12
# No text of ours holds this character.
_GAP = re.compile("\ufdd1([^\ufdd1]+)\ufdd1")
# Everything that a template might treat otherwise than a plain word: markup, an address, length, lines, spaces.
_PROBE = '<b>&amp; "it\'s" https://example.org/?a=1&b=2\n%(name)s  {} ٣' + " word" * 40

# What a template is shown.
Shown = Mapping[str, Any]


class Message(TypedDict):
    """What `queue_message` takes."""

    key: str
    kind: str
    template: str
    context: Shown
    recipient: NotRequired[User | None]
    address: NotRequired[str]
    language: NotRequired[str]
    institution: NotRequired[int | None]


class Words(TypedDict):
    subject: str
    text: str
    html: str


def words_of(template: str, context: Shown) -> Words:
    """Subject, text and html, in the language active now."""
    return _finished(_rendered(template, context))


def _rendered(template: str, context: Shown) -> Words:
    texts: Words = {
        "subject": _template(f"{template}.subject.txt", context),
        "text": _template(f"{template}.txt", context),
        "html": "",
    }
    try:
        texts["html"] = _template(f"{template}.html", context)
    except TemplateDoesNotExist as missing:
        if missing.args[0] != f"{template}.html":
            raise
        # Few messages need more than their paragraphs.
        paragraphs = _body(_stripped(texts["text"]))
        texts["html"] = _template("delivery/plain.html", {**context, "words": paragraphs})
    return texts


def _template(name: str, context: Shown) -> str:
    """HTML is escaped and nothing else is: mail programs show a subject and a text as they are."""
    template = Engine.get_default().get_template(name)
    return template.render(Context(dict(context), autoescape=name.endswith(".html")))


def _finished(texts: Words) -> Words:
    return {
        # A line break in a subject would be a header of the sender's choice.
        "subject": one_line(texts["subject"])[:255],
        "text": _stripped(texts["text"]),
        "html": _stripped(texts["html"]),
    }


def _stripped(text: str) -> str:
    return text.strip() + "\n"


def _body(text: str) -> str:
    """A message without its foot, which begins at the line of two hyphens as mail programs expect."""
    return text.partition("\n--\n")[0].strip()


class Patterns:
    """Words of many messages. Those of one kind, template and language differ only where their contexts do."""

    # In every context, and another for each message.
    ALWAYS = frozenset({"address", "unsubscribe_url"})

    def __init__(self, messages: Sequence[Message]) -> None:
        groups: dict[tuple[str, ...], list[Message]] = {}
        for message in messages:
            groups.setdefault(self._group(message), []).append(message)
        self._differing = {
            group: self._differences(some)
            for group, some in groups.items()
            if len(some) >= FEW and all(message.get("recipient") is None for message in some)
        }
        self._patterns: dict[tuple[str, ...], _Pattern | None] = {}

    @staticmethod
    def _group(message: Message) -> tuple[str, ...]:
        return message["kind"], message["template"], message["language"], *sorted(message["context"])

    @staticmethod
    def _differences(messages: Sequence[Message]) -> frozenset[str]:
        first = messages[0]["context"]
        return frozenset(
            name for name, value in first.items() if any(m["context"][name] != value for m in messages)
        )

    def words_of(self, message: Message, context: Shown) -> Words:
        """As the function of that name: the same words, whether or not they come from a pattern."""
        template, group = message["template"], self._group(message)
        if group not in self._differing:
            return words_of(template, context)
        if group not in self._patterns:
            self._patterns[group] = _Pattern.of(template, context, self._differing[group] | self.ALWAYS)
        pattern = self._patterns[group]
        if pattern is None or not pattern.fits(context):
            return words_of(template, context)
        return _finished(pattern.filled(context))


class _Pattern:
    """A rendering with gaps, for values that the templates only show."""

    def __init__(self, template: str, context: Shown, names: Collection[str]) -> None:
        self.names = names
        gaps = {name: f"\ufdd1{name}\ufdd1" for name in names}
        texts = _rendered(template, {**context, **gaps})
        # At even places what stays, at odd places the name of what goes there.
        self.subject, self.text, self.html = (
            _GAP.split(part) for part in (texts["subject"], texts["text"], texts["html"])
        )

    @classmethod
    def of(cls, template: str, context: Shown, names: Collection[str]) -> "_Pattern | None":
        """None where a value is missing, for a template may leave out more with it, and where a template does more with
        a value than show it: a trial tells.
        """
        # What cannot be stopped has no address to stop it, none of its kind.
        names = sorted(name for name in names if context[name] or name not in Patterns.ALWAYS)
        if not all(context[name] for name in names):
            return None
        pattern = cls(template, context, names)
        if any(set(pieces[1::2]) - set(names) for pieces in (pattern.subject, pattern.text, pattern.html)):
            return None
        trial = {**context, **{name: f"{name} {_PROBE}" for name in names}}
        return pattern if pattern.filled(trial) == _rendered(template, trial) else None

    def fits(self, context: Shown) -> bool:
        return all(type(context[name]) is str and context[name] for name in self.names)

    def filled(self, context: Shown) -> Words:
        plain = {name: context[name] for name in self.names}
        escaped = {name: str(escape(value)) for name, value in plain.items()}
        return {
            "subject": _joined(self.subject, plain),
            "text": _joined(self.text, plain),
            "html": _joined(self.html, escaped),
        }


def _joined(pieces: Sequence[str], values: Mapping[str, str]) -> str:
    return "".join(values[piece] if place % 2 else piece for place, piece in enumerate(pieces))

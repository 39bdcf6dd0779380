"""The words of a message, from its templates; those of many that differ in little, made once with gaps in them."""

import re

from django.template import Context
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.html import escape

from maarifa.lib.text import one_line

# Below so many alike, the three renderings that a pattern takes are not worth it.
FEW = 12
# No text of ours holds this character.
_GAP = re.compile("\ufdd1([^\ufdd1]+)\ufdd1")
# Everything that a template might treat otherwise than a plain word: markup, an address, length, lines, spaces.
_PROBE = '<b>&amp; "it\'s" https://example.org/?a=1&b=2\n%(name)s  {} ٣' + " word" * 40


def words_of(template: str, context: dict) -> dict[str, str]:
    """Subject, text and html, in the language active now."""
    return _finished(_rendered(template, context))


def _rendered(template, context) -> dict[str, str]:
    made = {
        "subject": _template(f"{template}.subject.txt", context),
        "text": _template(f"{template}.txt", context),
    }
    try:
        made["html"] = _template(f"{template}.html", context)
    except TemplateDoesNotExist as missing:
        if missing.args[0] != f"{template}.html":
            raise
        # Few messages need more than their paragraphs.
        paragraphs = _body(_stripped(made["text"]))
        made["html"] = _template("delivery/plain.html", {**context, "words": paragraphs})
    return made


def _template(name: str, context: dict) -> str:
    """HTML is escaped and nothing else is: mail programs show a subject and a text as they are."""
    return get_template(name).template.render(Context(context, autoescape=name.endswith(".html")))


def _finished(made) -> dict[str, str]:
    return {
        # A line break in a subject would be a header of the sender's choice.
        "subject": one_line(made["subject"])[:255],
        "text": _stripped(made["text"]),
        "html": _stripped(made["html"]),
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

    def __init__(self, messages):
        """`messages`: dicts of what `queue_message` takes."""
        groups: dict[tuple, list[dict]] = {}
        for message in messages:
            groups.setdefault(self._group(message), []).append(message)
        self._differing = {
            group: self._differences(some)
            for group, some in groups.items()
            if len(some) >= FEW and all(message.get("recipient") is None for message in some)
        }
        self._patterns: dict[tuple, _Pattern | None] = {}

    @staticmethod
    def _group(message) -> tuple:
        return message["kind"], message["template"], message["language"], *sorted(message["context"])

    @staticmethod
    def _differences(messages) -> frozenset[str]:
        first = messages[0]["context"]
        return frozenset(
            name for name, value in first.items() if any(m["context"][name] != value for m in messages)
        )

    def words_of(self, message, context: dict) -> dict[str, str]:
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

    def __init__(self, template, context, names):
        self.names = names
        gaps = {name: f"\ufdd1{name}\ufdd1" for name in names}
        # At even places what stays, at odd places the name of what goes there.
        self.parts = {
            part: _GAP.split(made) for part, made in _rendered(template, {**context, **gaps}).items()
        }

    @classmethod
    def of(cls, template, context, names):
        """None where a value is missing, for a template may leave out more with it, and where a template does more with
        a value than show it: a trial tells.
        """
        # What cannot be stopped has no address to stop it, none of its kind.
        names = sorted(name for name in names if context[name] or name not in Patterns.ALWAYS)
        if not all(context[name] for name in names):
            return None
        made = cls(template, context, names)
        if any(set(pieces[1::2]) - set(names) for pieces in made.parts.values()):
            return None
        trial = {**context, **{name: f"{name} {_PROBE}" for name in names}}
        return made if made.filled(trial) == _rendered(template, trial) else None

    def fits(self, context) -> bool:
        return all(type(context[name]) is str and context[name] for name in self.names)

    def filled(self, context) -> dict[str, str]:
        plain = {name: context[name] for name in self.names}
        escaped = {name: str(escape(value)) for name, value in plain.items()}
        return {
            part: "".join(
                (escaped if part == "html" else plain)[piece] if place % 2 else piece
                for place, piece in enumerate(pieces)
            )
            for part, pieces in self.parts.items()
        }

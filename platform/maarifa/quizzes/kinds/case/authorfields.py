"""The author's form of a branching case.

Each step has the fields of its own kind, named `step-1-` and the name there. A new step gets the next number as its
key; which step is next is chosen from a list. The kind of a step is chosen while it has no answers.
"""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from maarifa.lib.problems import shown
from maarifa.quizzes.kinds.base import (
    AnyKind,
    Cleaned,
    FormFields,
    StructureData,
    TextsData,
    texts_in,
    without_blanks,
)
from maarifa.quizzes.kinds.case.structure import (
    BRANCHING,
    END,
    KINDS,
    MOST_STEPS,
    MOST_WEIGHT,
    asked_by,
    ordered,
    question_texts,
    steps_of,
    texts_of_step,
    walked,
    weight_of,
)
from maarifa.quizzes.kinds.fields import author_text

STEP, FIRST, STEPS = _("Step %(step)s"), _("First step"), _("Steps")
ENDS = _("the case ends")
FACTS = _("Facts")
OWN = {
    "facts": FACTS,
    "kind": _("Kind of question"),
    "weight": _("Weight"),
    "next": _("Next step"),
}
NEXT_AFTER = _("Next step after choice %(key)s")
REMOVE = "remove"
ASKING = re.compile(r"-(kind|weight|next(_[a-z0-9-]+)?|last|more)$")
"""Fields of a step that say more than what is right."""


def blank() -> StructureData:
    """Two steps, one after the other."""
    return {"first": "1", "steps": {"1": _blank_step("single", "2"), "2": _blank_step("single", END)}}


def _blank_step(kind: str, following: str) -> StructureData:
    return {"kind": kind, **KINDS[kind].blank(), "next": following}


def name_of(key: str) -> str:
    return str(STEP % {"step": key})


def _title(key: str, texts: TextsData) -> str:
    """What authors know a step by: its number, and the beginning of its texts."""
    text = texts_of_step(texts, key)
    begins = text.get("facts") or text.get("stem")
    return f"{name_of(key)}: {shown(begins)}" if begins else name_of(key)


def _field(key: str, name: str) -> str:
    return f"step-{key}-{name}"


def _prefixed(key: str, fields: FormFields) -> FormFields:
    """The fields of a step's kind, as those of this step."""
    for field in fields.values():
        field.label = f"{name_of(key)}: {field.label}"
    return {_field(key, name): field for name, field in fields.items()}


def _of_step(key: str, cleaned: Cleaned) -> dict[str, object]:
    """What the fields of a step say, by the names that its kind knows."""
    prefix = _field(key, "")
    return {name.removeprefix(prefix): value for name, value in cleaned.items() if name.startswith(prefix)}


def structure_fields(structure: StructureData, texts: TextsData) -> FormFields:
    steps = ordered(walked(structure), steps_of(structure))
    titles = {key: _title(key, texts) for key in steps}
    fields: FormFields = {
        "first": forms.ChoiceField(
            label=FIRST, choices=list(titles.items()), required=False, initial=structure.get("first")
        )
    }
    removable: list[tuple[str, str]] = []
    for key, step in steps.items():
        removable.append((key, titles[key]))
        fields |= _step_fields(key, step, texts, titles)
        removable += [(f"{key}.{choice}", label) for choice, label in _choices(key, step, texts)]
    fields[REMOVE] = forms.MultipleChoiceField(
        label=_("Remove steps and choices"),
        choices=removable,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    fields["more_steps"] = forms.IntegerField(
        label=_("Add steps"),
        help_text=_("Number to add. You can write the texts after you save."),
        min_value=0,
        max_value=max(0, MOST_STEPS - len(steps)),
        initial=0,
        required=False,
    )
    return fields


def _choices(key: str, step: StructureData, texts: TextsData) -> list[tuple[str, str]]:
    """The choices of a step that can be removed."""
    kind, question = asked_by(step)
    written = texts_of_step(texts, key).get("choices", {})
    labels = []
    for choice in kind.choice_keys(question) if kind.shuffles else []:
        text = written.get(choice, {}).get("text", "")
        label = _("Step %(step)s, choice %(key)s") % {"step": key, "key": choice}
        labels.append((choice, f"{label}: {shown(text)}" if text else str(label)))
    return labels


def _step_fields(key: str, step: StructureData, texts: TextsData, titles: dict[str, str]) -> FormFields:
    kind, question = asked_by(step)
    text = texts_of_step(texts, key)
    written = without_blanks({name: one for name, one in text.items() if name not in ("facts", "stem")})
    its_kind = forms.ChoiceField(
        label=OWN["kind"],
        help_text=_("To change this, remove the step and add another one.") if texts_in(written) else "",
        choices=[(name, one.label) for name, one in KINDS.items()],
        initial=kind.name,
        required=False,
        disabled=bool(texts_in(written)),
    )
    weight = forms.IntegerField(
        label=OWN["weight"],
        help_text=_("A step with weight 2 counts twice as much as a step with weight 1."),
        min_value=1,
        max_value=MOST_WEIGHT,
        initial=weight_of(step),
        required=False,
    )
    fields: FormFields = {"kind": its_kind}
    fields |= {
        name: one
        for name, one in kind.structure_fields(question, question_texts(text)).items()
        if name != REMOVE
    }
    return _prefixed(key, {**fields, "weight": weight, **_next_fields(key, step, titles)})


def _next_fields(key: str, step: StructureData, titles: dict[str, str]) -> FormFields:
    leads = step.get("next") or ""
    by_choice = leads if isinstance(leads, dict) else {}
    offered = [("", "---------"), *((one, title) for one, title in titles.items() if one != key), (END, ENDS)]

    def field(label: str, initial: str) -> forms.ChoiceField:
        return forms.ChoiceField(label=label, choices=offered, required=False, initial=initial)

    fields: FormFields = {"next": field(str(OWN["next"]), "" if by_choice else leads)}
    if step["kind"] in BRANCHING:
        fields["next"].help_text = _("The choices below can lead to another step.")
        kind, question = asked_by(step)
        for choice in kind.choice_keys(question):
            label = str(NEXT_AFTER % {"key": choice})
            fields[f"next_{choice}"] = field(label, by_choice.get(choice, ""))
    return fields


def is_asking_field(name: str) -> bool:
    """All but the fields of the kinds of steps that only say what is right."""
    return not name.startswith("step-") or ASKING.search(name) is not None


def structure_from(cleaned: Cleaned, structure: StructureData) -> StructureData:
    """A step that is removed is next after none; what led to it is said to be missing."""
    removed = set(cleaned.get(REMOVE) or [])
    known = ordered(walked(structure), steps_of(structure))
    steps = {
        key: _step_from(key, step, cleaned, removed) for key, step in known.items() if key not in removed
    }
    for _number in range(cleaned.get("more_steps") or 0):
        key = next(str(one) for one in range(1, 10 * MOST_STEPS) if str(one) not in {*steps, *known})
        steps[key] = _blank_step("single", END)
    first = cleaned.get("first")
    return {"first": first if first in steps else next(iter(steps), ""), "steps": steps}


def _step_from(key: str, step: StructureData, cleaned: Cleaned, removed: set[str]) -> StructureData:
    kind, question = asked_by(step)
    given = _of_step(key, cleaned)
    name = str(given.get("kind") or kind.name)
    if name != kind.name:
        asked = KINDS[name].blank()
    else:
        choices = [one.partition(".")[2] for one in removed if one.startswith(f"{key}.")]
        asked = kind.structure_from({**given, REMOVE: choices}, question)
    weight = given.get("weight", weight_of(step)) or 1
    leads = _next_from(name, asked, given, removed) if "next" in given else step.get("next")
    return {
        "kind": name,
        **asked,
        **({"weight": weight} if weight != 1 else {}),
        **({"next": leads} if leads else {}),
    }


def _next_from(
    kind: str, question: StructureData, given: dict[str, object], removed: set[str]
) -> str | dict[str, str]:
    def chosen(name: str) -> str:
        following = str(given.get(name) or "")
        return "" if following in removed else following

    usual = chosen("next")
    choices = KINDS[kind].choice_keys(question) if kind in BRANCHING else []
    if not any(chosen(f"next_{choice}") for choice in choices):
        return usual
    leads = {choice: chosen(f"next_{choice}") or usual for choice in choices}
    return {choice: following for choice, following in leads.items() if following}


def texts_fields(structure: StructureData, texts: TextsData) -> FormFields:
    fields: FormFields = {
        "stem": author_text(_("What the case is about"), texts.get("stem", ""), required=True)
    }
    for key, step in ordered(walked(structure), steps_of(structure)).items():
        kind, question = asked_by(step)
        text = texts_of_step(texts, key)
        of_kind = kind.texts_fields(question, question_texts(text))
        of_kind["stem"].required = False
        facts = author_text(FACTS, text.get("facts", ""), required=False)
        facts.help_text = _("The text that learners read before the question of this step.")
        fields |= _prefixed(key, {"facts": facts, **of_kind})
    return fields


def texts_from(cleaned: Cleaned, structure: StructureData) -> TextsData:
    """What nobody wrote is left out, as it is in files."""
    steps: TextsData = {}
    for key, step in ordered(walked(structure), steps_of(structure)).items():
        kind, question = asked_by(step)
        given = _of_step(key, cleaned)
        text = {"facts": given.get("facts", ""), **kind.texts_from({"stem": "", **given}, question)}
        if written := _written(text):
            steps[key] = written
    return {"stem": cleaned["stem"], **({"steps": steps} if steps else {})}


def _written(texts: TextsData) -> TextsData:
    """Without what nobody wrote, on every level."""
    inner = {name: _written(value) if isinstance(value, dict) else value for name, value in texts.items()}
    return {name: value for name, value in inner.items() if value}


def field_of(where: str) -> str:
    """The form field in which a problem of the texts is: `steps.1.choices.b.text` is in `step-1-text_b`."""
    first, _dot, rest = where.partition(".")
    key, _dot, inner = rest.partition(".")
    if first != "steps" or not inner:
        return first
    name = KINDS["single"].field_of(inner) if inner.startswith("choices.") else inner.replace(".", "_")
    return _field(key, name)


def place_of(where: str) -> str:
    """What authors know a part of a case by; empty for what is not its own."""
    first, _dot, rest = where.partition(".")
    key, _dot, inner = rest.partition(".")
    if first == "first":
        return str(FIRST)
    if first == "stem":
        return str(_("What the case is about"))
    if first != "steps":
        return ""
    if not key:
        return str(STEPS)
    name, _dot, more = inner.partition(".")
    if name == "next" and more:
        place = str(NEXT_AFTER % {"key": more})
    elif name in OWN:
        place = str(OWN[name])
    else:
        place = _kind_with(name).place_of(inner) if name else ""
    return f"{name_of(key)}: {place}" if place else name_of(key)


def _kind_with(name: str) -> AnyKind:
    """A kind that has names for its parts of this name."""
    kinds = {"choices": "single", "unit": "numeric", "units": "numeric", "answer": "numeric"}
    return KINDS[kinds.get(name, "shorttext")]


def structure_value(name: str, value: object) -> str:
    parts = name.split(".")
    if name == "first" or parts[2:3] == ["next"]:
        return str(ENDS) if value == END else name_of(str(value))
    if parts[2:] == ["kind"] and value in KINDS:
        return str(KINDS[str(value)].label)
    rest = ".".join(parts[2:])
    kind = {"grading": "multiple", "units": "numeric"}.get(parts[2] if parts[2:] else "", "single")
    return KINDS[kind].structure_value(rest, value)

"""The author's form of a question with gaps.

A gap follows from its marker: an author who writes “The capital of Kenya is [[1]].” has the gap 1 after saving, and
then writes its answers. How a gap is filled in is chosen while it has no answers; removing it starts it again.
"""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.kinds.base import Cleaned, FormFields, StructureData, TextsData
from maarifa.quizzes.kinds.choices import unused_key
from maarifa.quizzes.kinds.feedback import FEEDBACK, feedback_fields, feedback_from
from maarifa.quizzes.kinds.fields import author_text
from maarifa.quizzes.kinds.gapshapes import MOST_CHOICES, gaps_of
from maarifa.quizzes.kinds.typed import (
    SPELLING,
    accepted_field,
    spelling_fields,
    spelling_from,
)

TYPED, CHOSEN = "typed", "choices"
LEARNERS_TYPE = _("Learners type the answer")
FILLED = [(TYPED, LEARNERS_TYPE), (CHOSEN, _("Learners choose from a list"))]
FIRST_CHOICES = ["a", "b", "c"]
"""The keys of a gap's choices, when it gets them."""

GAP = _("Gap %(gap)s")
PLACES = {
    "accepted": _("Gap %(gap)s: accepted answers"),
    "choices": _("Gap %(gap)s: choices"),
    "correct": _("Gap %(gap)s: correct choice"),
    "feedback.correct": _("Gap %(gap)s: feedback for a correct answer"),
    "feedback.wrong": _("Gap %(gap)s: feedback for an incorrect answer"),
}
CHOICE = _("Gap %(gap)s: choice %(key)s")
CHOICE_CORRECT = _("Gap %(gap)s: choice %(key)s (correct)")


def place_in_gap(gap: str, rest: str) -> str:
    """What authors know a part of a gap by; empty where it has no name."""
    first, _dot, key = rest.partition(".")
    if first == "choices" and key:
        return str(CHOICE % {"gap": gap, "key": key})
    names = {**SPELLING, TYPED: LEARNERS_TYPE}
    if rest in names:
        return f"{GAP % {'gap': gap}}: {names[rest]}"
    return str(PLACES.get(rest, GAP) % {"gap": gap})


def structure_fields(structure: StructureData, texts: TextsData) -> FormFields:
    fields: FormFields = {}
    removable: list[tuple[str, str]] = []
    for key, gap in gaps_of(structure).items():
        removable.append((key, str(GAP % {"gap": key})))
        fields[f"filled_{key}"] = forms.ChoiceField(
            label=_("Gap %(gap)s: how to fill it in") % {"gap": key},
            choices=FILLED,
            widget=forms.RadioSelect,
            initial=TYPED if gap.get("typed") else CHOSEN,
        )
        if gap.get("typed"):
            fields |= _labelled(key, spelling_fields(gap, f"_{key}"))
            continue
        labels = [(choice, _choice_label(key, choice, texts)) for choice in gap.get("choices", [])]
        removable += [(f"{key}.{choice}", f"{GAP % {'gap': key}}, {label}") for choice, label in labels]
        fields[f"correct_{key}"] = forms.ChoiceField(
            label=PLACES["correct"] % {"gap": key},
            choices=labels,
            widget=forms.RadioSelect,
            required=False,
            initial=gap.get("correct"),
        )
        fields[f"more_{key}"] = forms.IntegerField(
            label=_("Gap %(gap)s: add choices") % {"gap": key},
            help_text=_("Number of choices to add. You can write their text after saving."),
            min_value=0,
            max_value=MOST_CHOICES - len(labels),
            initial=0,
            required=False,
        )
    if removable:
        fields["remove"] = forms.MultipleChoiceField(
            label=_("Remove gaps and choices"),
            help_text=_(
                "Also remove the marker of the gap from the passage. Otherwise an empty gap is added again."
            ),
            choices=removable,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    return fields


def close_fields(fields: FormFields, texts: Iterable[TextsData]) -> None:
    """How a gap is filled in does not change while a language has answers for it."""
    for language_texts in texts:
        for key, text in language_texts.get("gaps", {}).items():
            field = fields.get(f"filled_{key}")
            if field and (text.get("accepted") or any(text.get("choices", {}).values())):
                field.disabled = True
                field.help_text = _("To change this, remove the gap below. Then write its answers again.")


def _labelled(key: str, fields: FormFields) -> FormFields:
    for field in fields.values():
        field.label = f"{GAP % {'gap': key}}: {field.label}"
    return fields


def _choice_label(gap: str, choice: str, texts: TextsData) -> str:
    text = texts.get("gaps", {}).get(gap, {}).get("choices", {}).get(choice)
    return f"{choice}: {text}" if text else choice


def structure_from(cleaned: Cleaned, structure: StructureData) -> StructureData:
    removed = set(cleaned.get("remove") or [])
    return {
        "gaps": {
            key: _gap_from(key, cleaned, gap, removed)
            for key, gap in gaps_of(structure).items()
            if key not in removed
        }
    }


def _gap_from(key: str, cleaned: Cleaned, gap: StructureData, removed: set[str]) -> StructureData:
    if cleaned.get(f"filled_{key}", TYPED if gap.get("typed") else CHOSEN) == TYPED:
        return {"typed": True, **spelling_from(cleaned, f"_{key}")}
    if gap.get("typed"):
        return {"choices": [*FIRST_CHOICES]}
    choices = [choice for choice in gap.get("choices", []) if f"{key}.{choice}" not in removed]
    for _number in range(cleaned.get(f"more_{key}") or 0):
        used = {*choices, *gap.get("choices", [])}
        choices.append(unused_key(used))
    correct = cleaned.get(f"correct_{key}")
    return {"choices": choices, **({"correct": correct} if correct in choices else {})}


def texts_fields(structure: StructureData, texts: TextsData) -> FormFields:
    passage = author_text(_("Passage"), texts.get("passage", ""), required=False)
    passage.help_text = _(
        "Write a marker for each gap, for example: The capital of Kenya is [[1]]. New gaps appear after saving."
    )
    fields: FormFields = {
        "stem": author_text(_("Question"), texts.get("stem", ""), required=True),
        "passage": passage,
    }
    for key, gap in gaps_of(structure).items():
        text = texts.get("gaps", {}).get(key, {})
        if gap.get("typed"):
            label = PLACES["accepted"] % {"gap": key}
            fields[f"accepted_{key}"] = accepted_field(label, text.get("accepted", []))
        for choice in gap.get("choices", []):
            label = (CHOICE_CORRECT if choice == gap.get("correct") else CHOICE) % {"gap": key, "key": choice}
            fields[f"choices_{key}_{choice}"] = forms.CharField(
                label=label,
                initial=text.get("choices", {}).get(choice, ""),
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto", "size": 70}),
            )
        labels = {which: PLACES[f"feedback.{which}"] % {"gap": key} for which in FEEDBACK}
        fields |= feedback_fields(text, f"_{key}", labels)
    return fields


def texts_from(cleaned: Cleaned, structure: StructureData) -> TextsData:
    texts: TextsData = {"stem": cleaned["stem"]}
    if cleaned.get("passage"):
        texts["passage"] = cleaned["passage"]
    gaps = {key: _gap_text_from(key, cleaned, gap) for key, gap in gaps_of(structure).items()}
    gaps = {key: text for key, text in gaps.items() if text}
    return {**texts, "gaps": gaps} if gaps else texts


def _gap_text_from(key: str, cleaned: Cleaned, gap: StructureData) -> TextsData:
    """What nobody wrote is left out, as it is in files."""
    text: TextsData = {}
    if gap.get("typed") and cleaned.get(f"accepted_{key}"):
        text["accepted"] = cleaned[f"accepted_{key}"]
    written = {
        choice: cleaned[f"choices_{key}_{choice}"]
        for choice in gap.get("choices", [])
        if cleaned.get(f"choices_{key}_{choice}")
    }
    if written:
        text["choices"] = written
    return text | feedback_from(cleaned, f"_{key}")


def field_of(where: str) -> str:
    """The form field in which a problem of the texts is: `gaps.1.choices.b` is in `choices_1_b`."""
    parts = where.split(".")
    if parts[0] != "gaps" or len(parts) < 3:
        return parts[0]
    _gaps, key, name, *rest = parts
    return f"feedback_{rest[0]}_{key}" if name == "feedback" and rest else "_".join([name, key, *rest])

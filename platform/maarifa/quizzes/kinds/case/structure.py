"""What is written of a branching case: its steps, where they lead, and their texts.

A step has the fields of its own kind of question, its `weight` (1 where it is left out) and `next`: the step that
follows whatever is answered, or the step that follows each choice; "end" ends the case. Every step can be reached from
the first one, and none leads back to itself, so that every path ends.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Self, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    SerializeAsAny,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from maarifa.lib.shapes import KEY, Key, Line, Shape, Words
from maarifa.quizzes.kinds.base import AnyKind, Structure, StructureData, Texts, TextsData
from maarifa.quizzes.kinds.choicetexts import ChoiceText
from maarifa.quizzes.kinds.feedback import Feedback
from maarifa.quizzes.kinds.gapshapes import in_order
from maarifa.quizzes.kinds.multiple import Multiple
from maarifa.quizzes.kinds.numeric import Numeric
from maarifa.quizzes.kinds.problems import refuse
from maarifa.quizzes.kinds.shorttext import ExpectedAnswers, ShortText
from maarifa.quizzes.kinds.single import Single
from maarifa.quizzes.kinds.truefalse import TrueFalse
from maarifa.quizzes.kinds.typed import Accepted

END = "end"
MOST_STEPS = 20
MOST_WEIGHT = 10
KINDS: dict[str, AnyKind] = {
    kind.name: kind for kind in (Single(), Multiple(), TrueFalse(), Numeric(), ShortText())
}
"""What a step can ask."""
BRANCHING = ("single", "truefalse")
"""The kinds whose answer is one choice: it can decide which step is next."""


def is_known(kind: object) -> bool:
    """Whether a step can be of this kind, whatever a file says."""
    return isinstance(kind, str) and kind in KINDS


SENTENCES = {
    "steps_none": _("The case has no steps. Write at least one."),
    "steps_many": _("There are %(count)s steps. A case can have at most %(most)s."),
    "step_end": _("“end” cannot be the key of a step, because it means that the case ends. Use another key."),
    "step_field": _("Steps of the kind “%(kind)s” do not have this field. Their fields are: %(allowed)s."),
    "next_form": _("Write the step that is next, or one for each choice. Write “end” where the case ends."),
    "next_unknown": _("There is no step “%(value)s”. The steps are: %(steps)s. Write “end” to end the case."),
    "next_choice": _("“%(value)s” is not one of the choices of this step. The choices are: %(choices)s."),
    "next_missing": _("Say which step is next after these choices too: %(choices)s."),
    "next_kind": _(
        "Only steps with one answer to choose can lead to several steps. Write one next step here."
    ),
    "first_unknown": _("There is no step “%(value)s”. Start with one of these: %(steps)s."),
    "step_unreached": _("No answer leads to this step. Lead to it from another step, or remove it."),
    "step_loop": _("This step leads back to itself: %(path)s. Change one of these next steps."),
}

V = TypeVar("V")


def _weight(weight: int) -> int | None:
    """The usual weight is not stored."""
    return None if weight == 1 else weight


def _next(value: object) -> str | dict[str, str]:
    """In files, `true` and `false` are keys of choices as well."""
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    if not isinstance(value, dict) or not value:
        raise refuse("next_form", template=SENTENCES["next_form"])
    names: dict[object, object] = {True: "true", False: "false"}
    choices: dict[Any, Any] = {names.get(key, key): step for key, step in value.items()}
    if not all(isinstance(one, str) and KEY.fullmatch(one) for one in (*choices, *choices.values())):
        raise refuse("next_form", template=SENTENCES["next_form"])
    return choices


class CaseStep(Shape):
    """What every step has beside the fields of its kind."""

    kind: str
    weight: Annotated[int, Field(ge=1, le=MOST_WEIGHT), AfterValidator(_weight)] | None = None
    next: Annotated[str | dict[str, str], PlainValidator(_next)]


def _bases(kind: AnyKind) -> Any:
    return CaseStep, kind.structure


_STEPS: dict[str, type[CaseStep]] = {
    name: create_model(f"{name.capitalize()}Step", __base__=_bases(kind)) for name, kind in KINDS.items()
}
OWN_FIELDS = tuple(CaseStep.model_fields)


def _step(value: object) -> CaseStep:
    if not isinstance(value, dict):
        raise refuse("dict_type")
    if "kind" not in value:
        raise refuse("missing", at="kind")
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in _STEPS:
        raise refuse("literal_error", value=str(kind), expected=", ".join(_STEPS), at="kind")
    fields = ("kind", *KINDS[kind].file_fields, "weight", "next")
    errors = [
        _error("step_field", (str(name),), value[name], kind=kind, allowed=", ".join(fields))
        for name in value
        if name not in fields
    ]
    try:
        step = _STEPS[kind].model_validate({name: value[name] for name in value if name in fields})
    except ValidationError as error:
        errors += [
            InitErrorDetails(type=_again(one["type"], one.get("ctx", {})), loc=one["loc"], input=one["input"])
            for one in error.errors(include_url=False)
        ]
    if errors:
        raise ValidationError.from_exception_data("CaseStep", errors)
    return step


def _again(code: str, context: dict[str, Any]) -> PydanticCustomError:
    return refuse(code, **context)


def _error(code: str, where: tuple[str, ...], value: object, **params: object) -> InitErrorDetails:
    refusal = refuse(code, template=SENTENCES[code], value=str(value), **params)
    return InitErrorDetails(type=refusal, loc=where, input=value)


def _some_steps(steps: dict[str, V]) -> dict[str, V]:
    if not steps:
        raise refuse("steps_none", template=SENTENCES["steps_none"])
    if len(steps) > MOST_STEPS:
        raise refuse("steps_many", template=SENTENCES["steps_many"], count=len(steps), most=MOST_STEPS)
    return steps


class CaseStructure(Structure):
    first: Key
    steps: Annotated[
        dict[Key, Annotated[SerializeAsAny[CaseStep], PlainValidator(_step)]], AfterValidator(_some_steps)
    ]

    @model_validator(mode="after")
    def _paths(self) -> Self:
        structure = self.stored()
        errors = list(_wrong_places(structure)) or list(_wrong_paths(structure))
        if errors:
            raise ValidationError.from_exception_data("CaseStructure", errors)
        return self


def _wrong_places(structure: StructureData) -> Iterator[InitErrorDetails]:
    """Names of steps and choices that are not there, and those that are missing."""
    steps = steps_of(structure)
    known = ", ".join(steps)
    if structure["first"] not in steps:
        yield _error("first_unknown", ("first",), structure["first"], steps=known)
    for key, step in steps.items():
        if key == END:
            yield _error("step_end", ("steps", key), key)
        leads, place = step["next"], ("steps", key, "next")
        for one in dict.fromkeys(leads.values() if isinstance(leads, dict) else [leads]):
            if one != END and one not in steps:
                yield _error("next_unknown", place, one, steps=known)
        if not isinstance(leads, dict):
            continue
        if step["kind"] not in BRANCHING:
            yield _error("next_kind", place, "")
            continue
        choices = KINDS[step["kind"]].choice_keys(step)
        for choice in leads:
            if choice not in choices:
                yield _error("next_choice", place, choice, choices=", ".join(choices))
        if missing := [choice for choice in choices if choice not in leads]:
            yield _error("next_missing", place, "", choices=", ".join(missing))


def _wrong_paths(structure: StructureData) -> Iterator[InitErrorDetails]:
    """A step that leads back to itself, and steps that nothing leads to; of names that are all there."""
    steps = steps_of(structure)
    loop = _loop(steps, structure["first"])
    if loop:
        yield _error("step_loop", ("steps", loop[0], "next"), loop[0], path=" → ".join(loop))
        return
    found = reached(structure)
    for key in steps:
        if key not in found:
            yield _error("step_unreached", ("steps", key), key)


def _loop(steps: dict[str, StructureData], first: str) -> list[str]:
    """The first way found from a step back to itself; empty where there is none."""
    done: set[str] = set()

    def search(key: str, path: list[str]) -> list[str]:
        if key in path:
            return [*path[path.index(key) :], key]
        if key in done:
            return []
        for following in follow_ups(steps[key]):
            if loop := search(following, [*path, key]):
                return loop
        done.add(key)
        return []

    return search(first, [])


def steps_of(structure: StructureData) -> dict[str, StructureData]:
    """The steps by key, whatever else is wrong with the structure."""
    steps: Any = structure.get("steps")
    if not isinstance(steps, dict):
        return {}
    return {key: step for key, step in steps.items() if isinstance(step, dict)}


def follow_ups(step: StructureData) -> list[str]:
    """The steps that can come after it, each once, in the order of its choices."""
    leads: Any = step.get("next")
    if isinstance(leads, dict):
        choices = KINDS[step["kind"]].choice_keys(step) if is_known(step.get("kind")) else []
        ordered = [leads[key] for key in (*choices, *sorted(leads)) if key in leads]
    else:
        ordered = [leads]
    return [key for key in dict.fromkeys(ordered) if isinstance(key, str) and key != END]


def reached(structure: StructureData) -> list[str]:
    """The keys of the steps that the first one leads to, nearer steps before others."""
    steps = steps_of(structure)
    first: Any = structure.get("first")
    found = [first] if isinstance(first, str) and first in steps else []
    for key in found:
        found += [one for one in follow_ups(steps[key]) if one in steps and one not in found]
    return found


def walked(structure: StructureData) -> list[str]:
    """The keys of all steps in one order, which no database keeps: as reached, then those that nothing leads to."""
    found = reached(structure)
    return found + [key for key in in_order(steps_of(structure)) if key not in found]


def weight_of(step: StructureData) -> int:
    weight: int = step.get("weight", 1)
    return weight


def asked_by(step: StructureData) -> tuple[AnyKind, StructureData]:
    """The kind of question that a step asks, and the structure of that question."""
    return KINDS[step["kind"]], {name: value for name, value in step.items() if name not in OWN_FIELDS}


class StepTexts(Shape):
    """`facts` is what a learner reads before the question of the step; the other fields are those of its kind."""

    facts: Words | None = None
    stem: Words | None = None
    choices: Annotated[dict[Key, ChoiceText], AfterValidator(in_order)] | None = None
    unit: Line | None = None
    accepted: Accepted | None = None
    expected_wrong: ExpectedAnswers | None = None
    feedback: Feedback | None = None


class CaseTexts(Texts):
    """`stem` is what the case is about."""

    steps: dict[Key, StepTexts] | None = None


def texts_of_step(texts: TextsData, key: str) -> TextsData:
    """Of one language; empty where nobody wrote them."""
    steps: Any = texts.get("steps")
    step: Any = steps.get(key) if isinstance(steps, dict) else None
    return step if isinstance(step, dict) else {}


def question_texts(step: TextsData) -> TextsData:
    """The texts of the question of a step, as its kind has them."""
    return {name: text for name, text in step.items() if name != "facts"}


def ordered(keys: Iterable[str], mapping: dict[str, V]) -> dict[str, V]:
    """The same in this order; what is not named comes last."""
    named = {key: mapping[key] for key in keys if key in mapping}
    return named | {key: mapping[key] for key in sorted(mapping) if key not in named}

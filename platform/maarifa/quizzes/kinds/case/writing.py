"""What an author writes of a branching case: in the admin, and in files."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from maarifa.lib.problems import Problem
from maarifa.quizzes.kinds.base import Cleaned, FormFields, Kind, Misfit, StructureData, TextsData
from maarifa.quizzes.kinds.case import authorfields
from maarifa.quizzes.kinds.case.pages import ShownCase
from maarifa.quizzes.kinds.case.paths import next_step
from maarifa.quizzes.kinds.case.structure import (
    BRANCHING,
    KINDS,
    CaseStructure,
    CaseTexts,
    asked_by,
    is_known,
    ordered,
    question_texts,
    steps_of,
    texts_of_step,
    walked,
)

TEXTS_UNKNOWN = _("The case has no step “%(value)s”. Remove its texts.")
STEP_TEXT = _("Steps of the kind “%(kind)s” do not have this text. Remove it.")
FEEDBACK_OF_STEP = _("Step %(step)s: %(problem)s")


class CaseWriting(Kind[ShownCase, dict[str, str]]):
    structure = CaseStructure
    texts = CaseTexts
    empty = {"steps": {}}

    # What an author writes

    def blank(self) -> StructureData:
        return authorfields.blank()

    def structure_problems(self, structure: object) -> list[Problem]:
        """What is wrong inside of steps first; where they lead only when nothing is."""
        if isinstance(structure, dict):
            steps = steps_of(structure)
            problems = [
                replace(one, where=f"steps.{key}.{one.where}")
                for key in walked(structure)
                if is_known(steps[key].get("kind"))
                for one in KINDS[steps[key]["kind"]].structure_problems(asked_by(steps[key])[1])
            ]
            if problems:
                return problems
        return super().structure_problems(structure)

    def keyed_texts(self, structure: StructureData) -> dict[str, list[str]]:
        return {"steps": walked(structure)}

    def ways(self, structure: StructureData) -> object:
        return structure["first"], {
            key: (step["kind"], {answer: next_step(step, answer) for answer in _ways_out(step)})
            for key, step in steps_of(structure).items()
        }

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        yield from super().misfits(structure, texts)
        steps = steps_of(structure)
        for key in walked(structure):
            text = texts_of_step(texts, key)
            if not text:
                continue
            if "stem" not in text:
                yield Misfit("key_missing", ("steps", key, "stem"))
            kind, question = asked_by(steps[key])
            for misfit in kind.misfits(question, question_texts(text)):
                code = "step_text" if misfit.code == "field" else misfit.code
                yield Misfit(code, ("steps", key, *misfit.path))

    def misfit_problem(self, structure: StructureData, misfit: Misfit) -> Problem:
        where = ".".join(misfit.path)
        _steps, key, *rest = (*misfit.path, "")
        if misfit.code == "key_unknown" and not rest[1:]:
            return Problem(code="STEP_UNKNOWN", template=TEXTS_UNKNOWN, params={"value": key}, where=where)
        if key not in steps_of(structure) or not rest[1:]:
            return super().misfit_problem(structure, misfit)
        kind, question = asked_by(steps_of(structure)[key])
        if misfit.code == "step_text":
            params = {"kind": kind.name, "value": misfit.path[-1]}
            return Problem(code="step_text", template=STEP_TEXT, params=params, where=where)
        its = kind.misfit_problem(question, Misfit(misfit.code, misfit.path[2:]))
        return replace(its, where=f"steps.{key}.{its.where}")

    def contradictions(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        found = []
        for key, step in steps_of(structure).items():
            kind, question = asked_by(step)
            its = kind.contradictions(question, question_texts(texts_of_step(texts, key)))
            found += [replace(one, where=f"steps.{key}.{one.where}") for one in its]
        return found

    def has_leftovers(self, structure: StructureData, texts: TextsData) -> bool:
        """Also texts that a step of another kind had."""
        return any(one.code in ("key_unknown", "step_text") for one in self.misfits(structure, texts))

    def has_texts_for(self, structure: StructureData, texts: TextsData, key: str) -> bool:
        step, dot, choice = key.partition(".")
        if not dot:
            return super().has_texts_for(structure, texts, key)
        return any(texts_of_step(texts, step).get("choices", {}).get(choice, {}).values())

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return authorfields.structure_fields(structure, texts)

    def is_asking_field(self, name: str) -> bool:
        return authorfields.is_asking_field(name)

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        return authorfields.structure_from(cleaned, structure)

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return authorfields.texts_fields(structure, texts)

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        return authorfields.texts_from(cleaned, structure)

    def field_of(self, where: str) -> str:
        return authorfields.field_of(where)

    def place_of(self, where: str) -> str:
        return authorfields.place_of(where) or super().place_of(where)

    def structure_value(self, name: str, value: Any) -> str:
        return authorfields.structure_value(name, value)

    # In files

    def from_file(self, fields: StructureData) -> StructureData:
        steps = {
            key: KINDS[step["kind"]].from_file(step) if is_known(step.get("kind")) else step
            for key, step in steps_of(fields).items()
        }
        return {**fields, "steps": {**fields["steps"], **steps}} if steps else fields

    def to_file(self, structure: StructureData) -> StructureData:
        """Steps in the order in which they are reached: a database need not keep that of a map."""
        steps = ordered(walked(structure), steps_of(structure))
        return {
            "first": structure.get("first", ""),
            "steps": {key: _step_to_file(step) for key, step in steps.items()},
        }

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        found = []
        for key, step in ordered(walked(structure), steps_of(structure)).items():
            kind, question = asked_by(step)
            for one in kind.feedback_problems(question, question_texts(texts_of_step(texts, key))):
                params = {"step": key, "problem": one.message}
                found.append(Problem(code=one.code, template=FEEDBACK_OF_STEP, params=params))
        return found


def _ways_out(step: StructureData) -> list[str]:
    """The answers that may lead to different steps; one for all where the next step is the same."""
    return KINDS[step["kind"]].choice_keys(step) if step["kind"] in BRANCHING else [""]


def _step_to_file(step: StructureData) -> StructureData:
    fields: StructureData = {name: step[name] for name in ("weight", "next") if name in step}
    if not is_known(step.get("kind")):
        return {**step}
    kind, question = asked_by(step)
    if isinstance(fields.get("next"), dict):
        fields["next"] = ordered(kind.choice_keys(question), fields["next"])
    return {"kind": kind.name, **kind.to_file(question), **fields}

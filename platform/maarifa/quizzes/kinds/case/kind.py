"""A branching case: steps of facts and a question of another kind, one after the other.

What is shown next may depend on the answer, so an answer is fixed before the next step is shown. A step earns its share
as its own kind grades it, from 0 to 1. Where another choice is worth a part of it, several answers are defensible. With
the `weight` w of each step on the path taken, and its share s:

    score = points × sum of (w + skipped) × s ÷ heaviest

`heaviest` is the weight of the heaviest path through the case. `skipped` is how much lighter the heaviest path is that
begins with the step chosen than the heaviest that could have been chosen there. So w + skipped add up to `heaviest` on
every path to an end: right answers earn all points, another answer costs its own part and no more, and what a short
path leaves out earns the share of the answer that left it out. Steps without an answer are worth 0. The score is
rounded down to a hundred-thousandth of a point.

The rule is ours: Moodle and QTI grade questions by themselves, and branch between questions only.
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.base import (
    NO_TEXTS,
    POINT,
    AllTexts,
    Response,
    StructureData,
    TextsData,
)
from maarifa.quizzes.kinds.case.pages import (
    LETTERS,
    BestStep,
    CaseFields,
    ReviewedCase,
    ReviewedStep,
    ShownCase,
    ShownStep,
    WordsIn,
)
from maarifa.quizzes.kinds.case.paths import (
    OPEN,
    Taken,
    as_response,
    as_text,
    best_path,
    earned,
    next_step,
    path,
    share,
    texts_at,
)
from maarifa.quizzes.kinds.case.structure import (
    asked_by,
    ordered,
    question_texts,
    steps_of,
    texts_of_step,
    walked,
)
from maarifa.quizzes.kinds.case.writing import CaseWriting


class Case(CaseWriting):
    """For the form of a response see `paths`."""

    name = "case"
    label = _("branching case: facts and questions step by step")
    response = TypeAdapter(dict[str, str])
    form = CaseFields
    review_template = "quizzes/kinds/case_review.html"
    help = _("Answer one step after the other. What happens next can depend on your answer.")
    shuffles = True
    fixes = True

    # What a learner sees and answers

    def choice_keys(self, structure: StructureData) -> list[str]:
        """Of all steps in one list, each with the key of its step before it: `triage.a`."""
        return self._choices(structure)

    def last_keys(self, structure: StructureData) -> list[str]:
        return self._choices(structure, last=True)

    def _choices(self, structure: StructureData, *, last: bool = False) -> list[str]:
        keys = []
        for key, step in ordered(walked(structure), steps_of(structure)).items():
            kind, question = asked_by(step)
            if kind.shuffles:
                choices = kind.last_keys(question) if last else kind.choice_keys(question)
                keys += [f"{key}.{choice}" for choice in choices]
        return keys

    def choice_texts(self, texts: TextsData) -> dict[str, str]:
        return {
            f"{key}.{choice}": text.get("text", "")
            for key, step in texts.get("steps", {}).items()
            for choice, text in step.get("choices", {}).items()
        }

    def shows(self, structure: StructureData, texts: TextsData, order: list[str], language: str) -> ShownCase:
        return self.shows_after(structure, texts, order, language, None)

    def shows_after(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        language: str,
        response: dict[str, str] | None,
    ) -> ShownCase:
        taken = path(structure, response)
        steps = tuple(
            self._shown(structure, texts, order, language, one, number)
            for number, one in enumerate(taken, start=1)
        )
        return ShownCase(texts["stem"], steps, sum(one.is_fixed for one in taken), language)

    def _shown(
        self,
        structure: StructureData,
        texts: TextsData,
        order: Sequence[str],
        language: str,
        taken: Taken,
        number: int,
    ) -> ShownStep:
        kind, question = asked_by(steps_of(structure)[taken.key])
        text, choices = texts_of_step(texts, taken.key), _order(structure, order, taken.key)
        return ShownStep(
            key=taken.key,
            number=number,
            kind=kind,
            facts=text.get("facts", ""),
            shown=kind.shows(question, question_texts(text), choices, language),
            help=kind.help_for(question),
            answer=_in_order(taken.answer, choices),
        )

    def read(
        self, structure: StructureData, raw: object, texts: AllTexts = NO_TEXTS
    ) -> dict[str, str] | None:
        if raw is None:
            return None
        try:
            answer = self.response.validate_python(raw, strict=True)
        except ValidationError:
            raise AnswerError("NOT_AN_ANSWER", value=repr(raw)) from None
        return self._settled(structure, answer, texts)

    def settled(self, structure: StructureData, answer: dict[str, str]) -> dict[str, str] | None:
        return self._settled(structure, answer, NO_TEXTS)

    def _settled(
        self, structure: StructureData, answer: dict[str, str], texts: AllTexts
    ) -> dict[str, str] | None:
        """Steps that the fixed answers do not lead to are refused, and so is a fixed step without an answer."""
        steps, settled = steps_of(structure), {}
        key: str | None = structure["first"]
        while key is not None and key in answer:
            settled[key] = _settled_step(steps[key], answer[key], texts_at(texts, key))
            if not settled[key]:
                raise AnswerError("STEP_EMPTY", value="")
            key = next_step(steps[key], settled[key])
        given = answer.get(OPEN, "")
        beyond = answer.keys() - settled.keys() - {OPEN}
        if beyond or (given and key is None):
            raise AnswerError("NOT_AN_ANSWER", value=", ".join(sorted(beyond) or [given]))
        if key is not None and given:
            given = _settled_step(steps[key], given, texts_at(texts, key))
        return {**settled, **({OPEN: given} if given else {})} or None

    def after(
        self, structure: StructureData, stored: dict[str, str] | None, response: dict[str, str] | None
    ) -> dict[str, str] | None:
        """An answer from a page that shows fewer steps, and says the same of them, changes nothing."""
        before = [one for one in path(structure, stored) if one.is_fixed]
        now = path(structure, response)
        for fixed, given in zip(before, now, strict=False):
            if response is None or given.answer not in (fixed.answer, ""):
                raise AnswerError("STEP_FIXED", value=given.answer)
        return response if sum(one.is_fixed for one in now) >= len(before) else stored

    def is_finished(self, structure: StructureData, response: dict[str, str]) -> bool:
        return all(one.is_fixed for one in path(structure, response))

    def masked(
        self, structure: StructureData, order: Sequence[str], response: dict[str, str] | None
    ) -> Response | None:
        """By the letters of the steps, the choices of each as its page shows them."""
        if response is None:
            return None
        return {
            letter if one.is_fixed else OPEN: _in_order(one.answer, _order(structure, order, one.key))
            for letter, one in zip(LETTERS, path(structure, response), strict=False)
            if one.answer
        }

    def unmasked(self, structure: StructureData, order: Sequence[str], raw: object) -> object:
        if not isinstance(raw, dict) or not all(isinstance(one, str) for one in raw.values()):
            return raw
        steps, left, found = steps_of(structure), dict(raw), {}
        key: str | None = structure["first"]
        for letter in LETTERS:
            name = letter if letter in left else key
            if key is None or name not in left:
                break
            found[key] = _in_order(left.pop(name), asked_by(steps[key])[0].choice_keys(steps[key]))
            key = next_step(steps[key], found[key])
        if key is not None and OPEN in left:
            found[OPEN] = _in_order(left.pop(OPEN), asked_by(steps[key])[0].choice_keys(steps[key]))
        return {**found, **left}

    def said(self, shown: ShownCase, response: dict[str, str]) -> list[str]:
        lines = []
        for step in shown.steps:
            is_open = step.number > shown.fixed
            given = response.get(step.key) or (response.get(OPEN) if is_open else None)
            if given:
                lines.append(f"{step.number}: {' · '.join(step.said(given))}")
        return lines

    # What it is worth, and what is said about it

    def grade(
        self, structure: StructureData, points: int, response: dict[str, str] | None, texts: AllTexts
    ) -> int:
        return earned(structure, points, response, texts)

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: dict[str, str] | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedCase:
        taken = path(structure, response)
        steps = tuple(
            self._reviewed(structure, texts, order, language, all_texts, one, number)
            for number, one in enumerate(taken, start=1)
        )
        is_best = all(step.right for step in steps) and steps[-1].ends
        best = () if is_best else tuple(self._best(structure, texts, order, language, all_texts))
        return ReviewedCase(steps=steps, best=best)

    def _reviewed(
        self,
        structure: StructureData,
        texts: TextsData,
        order: Sequence[str],
        language: str,
        all_texts: AllTexts,
        taken: Taken,
        number: int,
    ) -> ReviewedStep:
        step, text = steps_of(structure)[taken.key], texts_of_step(texts, taken.key)
        kind, question = asked_by(step)
        its_share = share(structure, taken, all_texts)
        return ReviewedStep(
            number=number,
            kind=kind,
            facts=text.get("facts", ""),
            stem=text["stem"],
            texts=WordsIn(language),
            answered=bool(taken.answer),
            right=its_share == POINT,
            share=its_share * 100 // POINT,
            earned=its_share > 0,
            reviewed=kind.review(
                question,
                question_texts(text),
                _order(structure, order, taken.key),
                as_response(kind, taken.answer) if taken.answer else None,
                language,
                texts_at(all_texts, taken.key),
            ),
            is_fixed=taken.is_fixed,
            ends=bool(taken.answer) and next_step(step, taken.answer) is None,
        )

    def _best(
        self, structure: StructureData, texts: TextsData, order: list[str], language: str, all_texts: AllTexts
    ) -> Iterable[BestStep]:
        answer = best_path(structure, all_texts)
        shown = self.shows_after(structure, texts, order, language, answer)
        for step in shown.steps:
            yield BestStep(step.facts, step.shown.stem, step.said(step.answer))

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> dict[str, str]:
        return best_path(structure, texts, right=right)


def _order(structure: StructureData, order: Sequence[str], key: str) -> list[str]:
    """The choices of a step as the page shows them."""
    kind, question = asked_by(steps_of(structure)[key])
    if not kind.shuffles:
        return kind.choice_keys(question)
    return [choice for step, _dot, choice in (one.partition(".") for one in order) if step == key]


def _in_order(answer: str, choices: list[str]) -> str:
    """A list of keys in this order; what is none stays as it is."""
    if not choices:
        return answer
    return ",".join(sorted(answer.split(","), key=lambda one: choices.index(one) if one in choices else -1))


def _settled_step(step: StructureData, given: str, texts: AllTexts) -> str:
    kind, question = asked_by(step)
    response = kind.read(question, as_response(kind, given), texts)
    return "" if response is None else as_text(response)

"""What the kinds with choices have in common."""

import re
from string import ascii_lowercase

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from maarifa.lib.fields import KEY_PATTERN
from maarifa.lib.problems import Problem
from maarifa.lib.text import same_texts
from maarifa.quizzes.kinds.base import (
    Kind,
    Reviewed,
    ReviewedChoice,
    Shown,
    field_problems,
    text_problems,
)
from maarifa.quizzes.kinds.problems import CHOICE, problem
from maarifa.quizzes.models import POINT
from maarifa.quizzes.refusals import AnswerRefusal

LEAST, MOST = 2, 20


class ChoiceKind(Kind):
    """`structure`: `choices` and `correct`, lists of keys. `words`: `stem`, and for each choice `text` and
    `feedback`.
    """

    template = "quizzes/kinds/choices.html"
    review_template = "quizzes/kinds/choices_review.html"
    input_type = "radio"
    shuffles = True
    one_only = True
    choice_fields: tuple[str, ...] = ("text", "feedback")

    # What an author writes

    def blank(self):
        return {"choices": ["a", "b", "c", "d"], "correct": []}

    def structure_problems(self, structure):
        problems = field_problems(structure, "", ("choices", "correct"))
        if problems:
            return problems
        problems = self.choices_problems(structure.get("choices", []))
        if problems:
            return problems
        return self._correct_problems(structure.get("correct", []), self.choice_keys(structure))

    def choices_problems(self, choices) -> list[Problem]:
        if not isinstance(choices, list):
            return [problem("NOT_A_LIST", "choices", choices)]
        problems = [
            problem("KEY_INVALID", "choices", key)
            for key in choices
            if not isinstance(key, str) or not re.fullmatch(KEY_PATTERN, key)
        ]
        problems += [problem("TWICE", "choices", key) for key in _repeated(choices)]
        if len(choices) < LEAST:
            problems.append(problem("TOO_FEW_CHOICES", "choices", len(choices), least=LEAST))
        if len(choices) > MOST:
            problems.append(problem("TOO_MANY_CHOICES", "choices", len(choices), most=MOST))
        return problems

    def _correct_problems(self, correct, choices) -> list[Problem]:
        if not isinstance(correct, list):
            return [problem("NOT_A_LIST", "correct", correct)]
        problems = [
            problem("UNKNOWN_CHOICE", "correct", key, allowed=", ".join(choices))
            for key in correct
            if key not in choices
        ]
        problems += [problem("TWICE", "correct", key) for key in _repeated(correct)]
        if not correct:
            problems.append(problem("NO_CORRECT", "correct"))
        elif self.one_only and len(correct) > 1:
            problems.append(problem("ONE_CORRECT", "correct", ", ".join(map(str, correct))))
        return problems

    def words_problems(self, structure, words):
        problems = field_problems(words, "", ("stem", "choices"))
        if problems:
            return problems
        problems = text_problems(words, "stem", "stem", required=True)
        choices, keys = words.get("choices", {}), self.choice_keys(structure)
        if not isinstance(choices, dict):
            return [*problems, problem("NOT_A_MAPPING", "choices", choices)]
        for key in choices:
            if key not in keys:
                problems.append(problem("UNKNOWN_CHOICE", f"choices.{key}", key, allowed=", ".join(keys)))
        for key in keys:
            field, choice = f"choices.{key}", choices.get(key, {})
            wrong = field_problems(choice, field, self.choice_fields)
            problems += wrong
            if not wrong:
                for name in self.choice_fields:
                    problems += text_problems(choice, name, f"{field}.{name}", required=name == "text")
        return problems or self.contradictions(structure, words)

    def contradictions(self, structure, words):
        """Two choices that say the same: a learner could not tell which is right."""
        choices = words.get("choices", {})
        texts = {key: choices.get(key, {}).get("text", "") for key in self.choice_keys(structure)}
        return [
            problem("SAME_CHOICES", f"choices.{second}.text", texts[second], first=first, second=second)
            for first, second in same_texts(texts)
        ]

    def structure_fields(self, structure, words):
        keys = self.choice_keys(structure)
        labels = [(key, self._author_label(key, words)) for key in keys]
        fields = {"correct": self._correct_field(labels, structure.get("correct", []))}
        fields["remove"] = forms.MultipleChoiceField(
            label=_("Remove choices"), choices=labels, required=False, widget=forms.CheckboxSelectMultiple
        )
        fields["more"] = forms.IntegerField(
            label=_("Add choices"),
            help_text=_("How many. You write their words after saving."),
            min_value=0,
            max_value=MOST - len(keys),
            initial=0,
            required=False,
        )
        return fields

    def _correct_field(self, labels, correct):
        if self.one_only:
            return forms.ChoiceField(
                label=_("The right choice"),
                choices=labels,
                widget=forms.RadioSelect,
                required=False,
                initial=correct[0] if correct else None,
            )
        return forms.MultipleChoiceField(
            label=_("The right choices"),
            choices=labels,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=correct,
        )

    def _author_label(self, key, words):
        text = words.get("choices", {}).get(key, {}).get("text", "")
        return f"{key}: {text}" if text else key

    def structure_from(self, cleaned, structure):
        removed = set(cleaned.get("remove") or [])
        choices = [key for key in self.choice_keys(structure) if key not in removed]
        for _number in range(cleaned.get("more") or 0):
            choices.append(_unused_key(set(choices) | removed))
        correct = cleaned.get("correct") or []
        correct = [correct] if isinstance(correct, str) else correct
        return {"choices": choices, "correct": [key for key in choices if key in correct]}

    def words_fields(self, structure, words):
        fields = {"stem": author_text(_("Question"), words.get("stem", ""), required=True)}
        feedback = _("What a learner who chose %(key)s reads afterwards")
        for key in self.choice_keys(structure):
            choice = words.get("choices", {}).get(key, {})
            text = _("Choice %(key)s, right") if key in structure.get("correct", []) else CHOICE
            for name in self.choice_fields:
                label = (text if name == "text" else feedback) % {"key": self.choice_name(key)}
                fields[f"{name}_{key}"] = author_text(label, choice.get(name, ""), required=False)
        return fields

    def choice_name(self, key: str) -> str:
        return key

    def words_from(self, cleaned, structure):
        choices = {
            key: {name: cleaned.get(f"{name}_{key}", "") for name in self.choice_fields}
            for key in self.choice_keys(structure)
        }
        # Feedback that nobody wrote is left out, as it is in files.
        for choice in choices.values():
            if not choice["feedback"]:
                del choice["feedback"]
        return {
            "stem": cleaned["stem"],
            "choices": {key: choice for key, choice in choices.items() if choice},
        }

    # What a learner sees and answers

    def choice_keys(self, structure):
        return list(structure.get("choices", []))

    def shows(self, structure, words, order, language):
        choices = tuple((key, self.choice_text(key, words, language)) for key in order)
        return Shown(stem=words["stem"], choices=choices)

    def choice_text(self, key: str, words: dict, language: str) -> str:
        return words.get("choices", {}).get(key, {}).get("text", "")

    def read(self, structure, raw):
        if raw is None:
            return None
        if not isinstance(raw, list) or not all(isinstance(key, str) for key in raw):
            raise AnswerRefusal("NOT_AN_ANSWER", value=repr(raw))
        keys = self.choice_keys(structure)
        for key in raw:
            if key not in keys:
                raise AnswerRefusal("UNKNOWN_CHOICE", value=key)
        chosen = [key for key in keys if key in raw]
        if self.one_only and len(chosen) > 1:
            raise AnswerRefusal("ONE_CHOICE_ONLY", value=", ".join(chosen))
        return chosen or None

    def read_form(self, structure, values):
        return self.read(structure, [value for value in values if value])

    # What it is worth, and what is said about it

    def grade(self, structure, points, response):
        """All or nothing: exactly the right choices."""
        return points * POINT if response and set(response) == set(structure["correct"]) else 0

    def review(self, structure, words, order, response, language):
        return Reviewed(
            choices=tuple(
                ReviewedChoice(
                    key=key,
                    text=self.choice_text(key, words, language),
                    feedback=words.get("choices", {}).get(key, {}).get("feedback", ""),
                    chosen=key in (response or []),
                    right=key in structure["correct"],
                )
                for key in order
            )
        )


def author_text(label, initial: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=initial,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70, "dir": "auto"}),
    )


def _repeated(keys: list) -> list[str]:
    return sorted({str(key) for key in keys if keys.count(key) > 1})


def _unused_key(used: set[str]) -> str:
    letters = (key for key in ascii_lowercase if key not in used)
    return next(letters)


def truth(key: str) -> str:
    """The words of a true or false question, in the language active now."""
    if key == "true":
        return pgettext("answer to a true or false question", "True")
    return pgettext("answer to a true or false question", "False")

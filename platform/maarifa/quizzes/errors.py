"""What this app says no to: codes for machines, sentences for people."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from maarifa.lib import dates, numbers
from maarifa.lib.errors import DomainError


class QuizError(DomainError):
    """An attempt cannot be started, or not go on."""

    MESSAGES = {
        "ATTEMPTS_USED": ngettext_lazy(
            "You have used your %(attempts)s attempt at this quiz.",
            "You have used all your attempts at this quiz (%(attempts)s).",
            "attempts",
        ),
        "WAIT": _("You can try again %(when)s."),
        "ATTEMPTS_LEFT": _("This learner still has an attempt left, so you do not need to give another one."),
        "ALREADY_PASSED": _("This quiz has already been passed."),
        "CLOSED": _("This attempt has been submitted. Its answers can no longer be changed."),
        "TIME_OVER": _(
            "The time is over, so these answers were not counted. They are kept. The page of your "
            "result says whom to ask if something went wrong."
        ),
        "QUIZ_NOT_OPEN": _("This quiz is not open yet. You can start it %(when)s."),
        "QUIZ_CLOSED": _("This quiz is closed. You can no longer start it."),
        "NOT_TIMED": _("This attempt has no time limit, so you cannot add time."),
        "CHANGED": _(
            "The time of this attempt has changed since you opened the page. Check when it ends now. Add time only if "
            "it is still needed."
        ),
        "BAD_MINUTES": _("Write a whole number of minutes, from 1 to %(most)s."),
        "BAD_PERCENT": _("Write a whole number of percent, from 0 to %(most)s."),
        "CONFLICT": _(
            "Some questions have two different answers, so nothing was submitted. Choose one answer for "
            "each, then submit again."
        ),
        "EMPTY": _(
            "You have not answered any questions yet. Nothing was submitted, and no attempt was used."
        ),
        "TOO_FEW_QUESTIONS": _(
            "This quiz does not have enough questions. It needs %(draw)s, but the bank has only %(found)s. "
            "Add questions or choose fewer."
        ),
        "TOO_FEW_IN_CELL": _(
            "This quiz does not have enough questions for the outcome “%(outcome)s” at the level “%(level)s”. "
            "It needs %(draw)s, but the bank has only %(found)s. Add questions or choose fewer."
        ),
        "INVALID_QUESTIONS": _(
            "Some questions of this quiz are not complete: %(questions)s. Complete them before you publish."
        ),
        "FAILED_TESTS": _(
            "Some questions of this quiz fail their tests: %(questions)s. Correct the question or the test "
            "before you publish."
        ),
    }

    @property
    def message(self) -> str:
        language = get_language() or "en"
        params = dict(self.params)
        if "until" in params:
            zone = timezone.get_current_timezone()
            until = params.pop("until")
            params["when"] = dates.until(until, at=timezone.now(), zone=zone, language=language)
        for name in params.keys() & {"draw", "found"}:
            params[name] = numbers.number(params[name], language=language)
        if "questions" in params:
            params["questions"] = ", ".join(params["questions"])
        # Not str() first: a sentence with a count chooses its form by the parameters.
        return str(self.MESSAGES[self.code] % params)


class AnswerError(DomainError):
    """An answer cannot be read. It is not graded as wrong: the learner is told what would be right.

    `position` is the question's number in the attempt; `more` holds the refusals of further answers in the
    same batch, and `all` this one and those.
    """

    MESSAGES = {
        "UNKNOWN_POSITION": _("This attempt has no question %(value)s. Reload the page."),
        "UNKNOWN_CHOICE": _(
            "“%(value)s” is not one of the choices for this question. Choose one of the answers shown."
        ),
        "ONE_CHOICE_ONLY": _("You chose more than one answer. Choose only one."),
        "NOT_A_NUMBER": _("“%(value)s” is not a number. Write it in digits, for example %(example)s."),
        "TOO_LONG": _("This answer is too long. Write at most 200 characters."),
        "UNKNOWN_UNIT": _(
            "We do not know the unit in “%(value)s”. Write the number alone, or with one of these units: %(units)s."
        ),
        "NO_UNIT": _("This question has no unit. Instead of “%(value)s”, write only the number."),
        "SAME_POSITION": _("Two items have the position %(value)s. Give each item a different position."),
        "NO_ANSWER": _("You have not answered this question yet. Answer it, then check your answer."),
        "STEP_FIXED": _("You have already continued after this step, so its answer cannot be changed."),
        "STEP_EMPTY": _("Answer this step before you continue."),
        "NOT_AN_ANSWER": _("We could not read this answer. Answer the question again."),
    }

    def __init__(
        self,
        code: str,
        *,
        value: object,
        position: str = "",
        more: tuple["AnswerError", ...] = (),
        **params: str,
    ) -> None:
        super().__init__(code, value=str(value)[:60], position=position, **params)
        self.position = position
        self.more = more

    def at(self, position: str) -> "AnswerError":
        """The same, of the question with this number in the attempt."""
        return AnswerError(self.code, **{**self.params, "position": position})

    @property
    def all(self) -> tuple["AnswerError", ...]:
        return (self, *self.more)

    @property
    def message(self) -> str:
        example = numbers.number(Decimal("12.5"), language=get_language() or "en")
        return str(self.MESSAGES[self.code]) % {**self.params, "example": example}

    def as_data(self) -> dict[str, str]:
        """For a machine, and for the outcome of an event."""
        return {"code": self.code, "position": self.position, "value": self.params["value"]}


class RegradeError(DomainError):
    """The grading of a question cannot be corrected in this way."""

    MESSAGES = {
        "NO_VERSIONS": _("No version of the question is chosen. Choose at least one."),
        "INCOMPLETE": _("The new key is not complete. %(problem)s"),
        "OTHER_ANSWERS": _(
            "Version %(versions)s of the question had different answers from the new key. Choose "
            "only versions with the same answers, or give everyone the points."
        ),
        "SAME_KEY": _("The attempts are already graded in this way. Choose another correct answer."),
        "NO_NOTE": _("There is no note for learners. Write what was wrong and what has changed."),
        "RUNNING": _(
            "The grading of this question is being corrected at the moment. Wait until that is finished, then "
            "try again."
        ),
        "CHANGED": _(
            "The figures have changed since you saw them. Check them again, then apply the correction."
        ),
        "NOT_CONFIRMED": _("Some scores would become lower. Tick the box to confirm this."),
    }

    @property
    def message(self) -> str:
        params = dict(self.params)
        if "versions" in params:
            params["versions"] = ", ".join(str(number) for number in params["versions"])
        return str(self.MESSAGES[self.code]) % params

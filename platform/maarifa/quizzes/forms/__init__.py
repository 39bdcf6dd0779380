"""The forms of authors."""

from maarifa.quizzes.forms.questions import (
    NewQuestionForm,
    QuestionTextFormSet,
    question_form,
    question_text_form,
)
from maarifa.quizzes.forms.quizzes import BankForm, QuizForm

__all__ = [
    "BankForm",
    "NewQuestionForm",
    "QuestionTextFormSet",
    "QuizForm",
    "question_form",
    "question_text_form",
]

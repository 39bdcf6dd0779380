"""Each construct of GIFT, as https://docs.moodle.org/en/GIFT_format describes it."""

from decimal import Decimal

import pytest

from maarifa.quizzes.exchange.planning import mapped_question
from maarifa.quizzes.exchange.problems import Refused


def worth(question):
    return {answer.text: answer.percent for answer in question.answers}


def feedback(question):
    return {answer.text: answer.feedback for answer in question.answers}


def said(reading):
    return [(problem.line, problem.where, problem.message) for problem in reading.problems]


def test_choices_of_which_one_is_right(only):
    question = only("::Rivers::Which river ends in the Mediterranean? {~Niger =Nile ~Congo}")
    assert (question.type, question.name, question.line) == ("single", "Rivers", 1)
    assert question.stem == "Which river ends in the Mediterranean?"
    assert worth(question) == {"Niger": 0, "Nile": 100, "Congo": 0}


def test_choices_on_lines_with_feedback_and_a_weight(only):
    question = only(
        """Which answer is best? {
            =the law      # Yes. It binds.
            ~%50%a policy # It guides.
              But it does not bind.
            ~a rumour
        }"""
    )
    assert worth(question) == {"the law": 100, "a policy": 50, "a rumour": 0}
    assert feedback(question) == {
        "the law": "Yes. It binds.",
        "a policy": "It guides.\nBut it does not bind.",
        "a rumour": "",
    }


def test_several_right_answers_by_weights(only):
    question = only("Which are even? {~%50%two ~%50%four ~%-50%three ~%-100%five}")
    assert question.type == "multiple"
    assert worth(question) == {"two": 50, "four": 50, "three": -50, "five": -100}


@pytest.mark.parametrize("written", ["T", "TRUE", "true", " T "])
def test_true(only, written):
    question = only(f"Water boils at 100 °C at sea level.{{{written}}}")
    assert (question.type, worth(question)) == ("truefalse", {"true": 100, "false": 0})


def test_false_with_feedback_for_wrong_then_for_right(only):
    question = only("The Nile ends in a lake.{F#It ends in the sea.#Exactly.}")
    assert worth(question) == {"true": 0, "false": 100}
    assert feedback(question) == {"true": "It ends in the sea.", "false": "Exactly."}


def test_one_feedback_of_true_or_false_is_for_the_wrong_answer(only):
    assert feedback(only("It rains.{T#Look outside.}")) == {"true": "", "false": "Look outside."}


def test_accepted_answers(only):
    question = only("What is the capital of Mali? {=Bamako =%50%Bamaco#Check the spelling. =%0%*#No.}")
    assert question.type == "shorttext"
    assert worth(question) == {"Bamako": 100, "Bamaco": 50, "*": 0}
    assert feedback(question)["*"] == "No."


def test_an_answer_without_a_sign_is_accepted(only):
    question = only("What is the capital of Mali? {Bamako}")
    assert (question.type, worth(question)) == ("shorttext", {"Bamako": 100})


@pytest.mark.parametrize(
    ("answers", "value", "tolerance"),
    [
        ("#12", "12", "0"),
        ("#12.5:0.25", "12.5", "0.25"),
        ("#-3:1", "-3", "1"),
        ("#1..2", "1.5", "0.5"),
        ("#3.141..3.142", "3.1415", "0.0005"),
        ("# =1e3:0", "1000", "0"),
    ],
)
def test_a_number(only, answers, value, tolerance):
    question = only(f"How many? {{{answers}}}")
    assert question.type == "numeric"
    (answer,) = question.answers
    assert (answer.text, answer.percent) == (value, 100)
    assert answer.tolerance == Decimal(tolerance)


def test_several_numbers_with_weights_and_feedback_for_others(only):
    question = only(
        """How many? {#
            =10:0#Exactly.
            =%50%10:2#Nearly.
            ~#Count again.
        }"""
    )
    assert [(one.text, one.percent, one.tolerance, one.feedback) for one in question.answers] == [
        ("10", 100, 0, "Exactly."),
        ("10", 50, 2, "Nearly."),
        ("*", 0, 0, "Count again."),
    ]


def test_pairs_and_an_answer_that_belongs_to_nothing(only):
    question = only("Match. {=Kenya -> Nairobi =Mali -> Bamako = -> Lagos}")
    assert question.type == "matching"
    assert [(pair.left, pair.right) for pair in question.pairs] == [
        ("Kenya", "Nairobi"),
        ("Mali", "Bamako"),
        ("", "Lagos"),
    ]


def test_an_arrow_inside_choices_makes_no_pairs(only):
    question = only("How? {~open -> close =close -> open}")
    assert (question.type, list(worth(question))) == ("single", ["open -> close", "close -> open"])


def test_missing_word(only):
    question = only("The capital is {~Mombasa =Nairobi} since 1907.")
    assert question.stem == "The capital is _____ since 1907."
    assert question.missing_word


@pytest.mark.parametrize("end", ["", ".", '";'])
def test_answers_behind_a_whole_sentence_are_no_missing_word(only, end):
    question = only(f"What is the capital? {{~Mombasa =Nairobi}}{end}")
    assert (question.stem, question.missing_word) == ("What is the capital?", False)


def test_answers_at_the_end_of_a_sentence_that_is_not_finished(only):
    assert only("Two plus two is {=four =4}.").stem == "Two plus two is _____."


def test_spaces_around_a_missing_word_stay(only):
    assert only("Write it ({~2 =4})!").stem == "Write it (_____)!"
    assert only("It has\n{\n~two\n=four\n}\nlegs.").stem == "It has _____ legs."


def test_escapes(only):
    question = only(r"::a\:b::Is \{x\} \= \#1 \~ a\\b\nnew line\:? {=\=yes\} ~no \\ \# }")
    assert question.name == "a:b"
    assert question.stem == "Is {x} = #1 ~ a\\b\nnew line:?"
    assert list(worth(question)) == ["=yes}", "no \\ #"]


def test_comments_categories_ids_and_tags(reading):
    found = reading(
        """// A comment.
$CATEGORY: Water/Rivers

// [id:nile-1] [tag:geography]
// [tag:maarifa:lesson:rivers] [tag:maarifa:points:3] [tag:maarifa:level:recall]
Is it long? {
    // inside
    T
}

// alone

Is it wide? {F}
"""
    )
    first, second = found.questions
    assert (first.key, first.category, first.line) == ("nile-1", "Water/Rivers", 6)
    assert (first.lesson, first.points, first.level) == ("rivers", 3, "recall")
    assert [note.code for note in first.notes] == ["TAGS"]
    assert (second.key, second.category, second.stem) == ("", "Water/Rivers", "Is it wide?")
    assert [note.code for note in found.notes] == ["CATEGORIES"]


def test_general_feedback_ends_the_answers(only):
    question = only("Is it long? {T#No.#Yes.####It has 6,650 km.}")
    assert question.explanation == "It has 6,650 km."
    assert feedback(question) == {"true": "Yes.", "false": "No."}


@pytest.mark.parametrize(
    ("marked", "plain", "codes"),
    [
        ("[html]<p>Is it <b>long</b>?</p>", "Is it long?", ["FORMATTING"]),
        ("[markdown]Is it **long**?", "Is it long?", ["FORMATTING"]),
        ("[plain]Is <b>x</b> &amp; y long?", "Is <b>x</b> &amp; y long?", []),
        ("[moodle]Is it<br>long?", "Is it\nlong?", []),
        ("Is x < y and y > 2?", "Is x < y and y > 2?", []),
        ("[html]Is 10<sup>6</sup> and H<sub>2</sub>O &lt; x<sup>ab</sup>?", "Is 10⁶ and H₂O < x^(ab)?", []),
    ],
)
def test_marks_of_a_text(only, marked, plain, codes):
    question = only(f"{marked}{{T}}")
    assert question.stem == plain
    assert [note.code for note in question.notes] == codes


def test_answers_have_the_mark_of_the_question_or_their_own(only):
    question = only(r"[html]Which? {=<i>this</i> ~[plain]<i>that</i>}")
    assert list(worth(question)) == ["this", "<i>that</i>"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Is it? {=a ~b", 1, "The answers begin with { and do not end."),
        ("\n\nOne\nline {T", 4, "The answers begin with { and do not end."),
        ("Is it? T}", 1, "There is a } without a { before it."),
        ("Is it? } {T", 1, "There is a } without a { before it."),
        ("Is it {=a {b} ~c}?", 1, "There is a { inside the answers."),
        ("Is it {=a ~b} or {=c ~d}?", 1, "There are two sets of answers."),
        ("Is it?\n{=a\n\n~b}", 2, "There is an empty line inside the answers."),
        ("::Name Is it? {T}", 1, "The name of the question begins with :: and does not end."),
        ("::Name::{T}", 1, "The question has no text."),
        ("Is it? {~a}", 1, "There are too few answers (1)."),
        ("Is it? {=a" + "~b" * 100 + "}", 1, "There are too many answers. Write at most 100."),
        ("Is it? {~a =}", 1, "Answer 2 has no text."),
        ("Match {=a -> b =c -> d =e}", 1, "“e” has no -> in it."),
        ("Match {=a -> =c -> d}", 1, "The pair “a ->” has nothing on the right of ->."),
        ("How many? {#many}", 1, "“many” is not a number."),
        ("How many? {#1,5}", 1, "“1,5” is not a number."),
        ("How many? {#2..1}", 1, "The range “2..1” ends before it begins."),
        ("How many? {#}", 1, "There are too few answers (0)."),
        ("Is it? {~%150%a =b}", 1, "“150” is not a percentage"),
    ],
)
def test_what_is_wrong_is_named_by_line(reading, text, line, message):
    found = reading(text)
    assert [one[0] for one in said(found)] == [line]
    assert said(found)[0][2].startswith(message)


def test_one_broken_question_leaves_the_others(reading):
    found = reading(
        "::A::Is it? {T}\n\n::B::Is it? {=a\n\n::C::Is it? {F}\n\n::D::Or? {=a\n\n~b}\n\nLast? {T}"
    )
    assert [(one.name, one.stem) for one in found.questions] == [
        ("A", "Is it?"),
        ("C", "Is it?"),
        ("", "Last?"),
    ]
    assert [(line, name) for line, name, _message in said(found)] == [(3, "B"), (7, "D")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("How are you? {}", "“essay” questions cannot be imported: Maarifa grades every answer itself."),
        ("How are you? {####Well.}", "“essay” questions cannot be imported"),
        ("Only a text.", "“description” is a text without a question"),
    ],
)
def test_what_we_do_not_have_is_refused_by_name(only, text, message):
    with pytest.raises(Refused) as refusal:
        mapped_question(only(text))
    assert refusal.value.problem().message.startswith(message)


def test_a_picture_is_refused_by_its_name(reading):
    found = reading(r'[html]What is this? <img src\="@@PLUGINFILE@@/nile.png" alt\="a river">{T}')
    assert "The question contains “a river”." in said(found)[0][2]


def test_single_choice_as_our_kind_has_it(only, mapped):
    kind, structure, texts = mapped(only("Which? {=this#Yes. ~that#No.}"))
    assert kind == "single"
    assert structure == {"choices": ["a", "b"], "correct": ["a"]}
    assert texts == {
        "stem": "Which?",
        "choices": {"a": {"text": "this", "feedback": "Yes."}, "b": {"text": "that", "feedback": "No."}},
    }


def test_shares_that_differ_and_several_right_answers_of_one_choice_are_refused(only):
    for text, code in (
        ("Which? {~%70%a ~%30%b ~c}", "SHARES"),
        ("Which? {=a =b ~c}", "SEVERAL_RIGHT"),
        ("Which? {~a ~b}", "NO_RIGHT"),
    ):
        with pytest.raises(Refused) as refusal:
            mapped_question(only(text))
        assert refusal.value.code == code


def test_other_penalties_are_noted(only):
    _kind, equal = mapped_question(only("Which? {~%50%a ~%50%b ~%-50%c}"))
    assert equal.notes == ()
    _kind, none = mapped_question(only("Which? {~%50%a ~%50%b ~c}"))
    assert [note.code for note in none.notes] == ["PENALTY"]

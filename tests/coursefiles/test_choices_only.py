"""Can a bank be guessed? The sheet says nothing of what is right, and its score says how far a reader came."""

import re
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from maarifa.coursefiles.choicesheet import languages_of, score_sheet, write_sheet
from maarifa.quizzes.models import Bank, Question
from tests.factories.quizzes import BankFactory, make_question

pytestmark = pytest.mark.django_db

SINGLES = 24


@pytest.fixture
def bank():
    bank = BankFactory(key="water-rules/basics")
    for number in range(SINGLES):
        make_question(
            bank=bank,
            key=f"right-is-{'abc'[number % 3]}-{number}",
            position=number,
            structure={"choices": ["a", "b", "c"], "correct": ["abc"[number % 3]]},
        )
    make_question("multiple", bank=bank, key="several")
    make_question("truefalse", bank=bank, key="truth")
    make_question("numeric", bank=bank, key="number")
    return bank


@pytest.fixture
def sheet(bank, tmp_path):
    """Writes one, and reads it as YAML."""
    path = tmp_path / "sheet.yaml"
    call_command("choices_only", bank.key, "--seed", "7", "--write", str(path), stdout=StringIO())
    return path


def picked(path, pick):
    """Fills in what `pick` says of the right letters and all letters of a question of the sheet."""
    data = yaml.safe_load(path.read_text())
    questions = {one.key: one for one in Question.objects.all()}
    for language, asked in data["languages"].items():
        for one in asked:
            key = re.search(r"(?:of|من) ([a-z0-9-]+)$", next(iter(one["choices"].values())))[1]
            texts = questions[key].texts.get(language=language).texts["choices"]
            letters = {texts_of: letter for letter, texts_of in one["choices"].items()}
            right = [letters[texts[choice]["text"]] for choice in questions[key].structure["correct"]]
            one["pick"] = pick(right, list(one["choices"]))
    path.write_text(yaml.safe_dump(data, allow_unicode=True))


def scored(bank, path):
    out = StringIO()
    call_command("choices_only", bank.key, "--score", str(path), stdout=out)
    return out.getvalue()


def test_sheet_has_the_choices_and_nothing_that_tells_what_is_right(bank, sheet):
    text = sheet.read_text()
    data = yaml.safe_load(text)
    assert set(data) == {"format", "bank", "seed", "languages"}
    assert set(data["languages"]) == {"en", "ar"}
    english = data["languages"]["en"]
    assert [one["number"] for one in english] == list(range(1, SINGLES + 2))
    assert {frozenset(one) - {"several"} for one in english} == {frozenset({"number", "choices", "pick"})}
    assert [one["several"] for one in english if "several" in one] == [True]
    assert all(list(one["choices"]) == list("abcd")[: len(one["choices"])] for one in english)
    assert {one["pick"] for one in english} == {""}
    assert "What is" not in text
    assert "SECRET" not in text
    assert not re.search(r"^\s*(key|correct|answer):", text, re.MULTILINE)


def test_order_of_questions_and_choices_is_not_that_of_the_author(bank, sheet):
    english = yaml.safe_load(sheet.read_text())["languages"]["en"]
    shown = [list(one["choices"].values()) for one in english if len(one["choices"]) == 3]
    numbers = [int(texts[0].rpartition("-")[2]) for texts in shown]
    assert numbers != sorted(numbers)
    # Each place holds each of the author's first choices now and then.
    first = {
        next(place for place, text in enumerate(texts) if text.startswith("Choice a")) for texts in shown
    }
    assert first == {0, 1, 2}
    letters = []
    picked(sheet, lambda right, _all: letters.append(right[0]) or right[0])
    assert set(letters) >= {"a", "b", "c"}
    assert max(letters.count(letter) for letter in "abc") < 0.6 * len(letters)


def test_seed_gives_the_same_sheet_again_and_another_seed_another(bank):
    first = write_sheet(bank, ["en"], seed=7)
    assert write_sheet(bank, ["en"], seed=7) == first
    assert write_sheet(bank, ["en"], seed=8) != first
    assert languages_of(bank) == ["ar", "en"]


def test_who_knows_everything_is_above_chance(bank, sheet):
    picked(sheet, lambda right, _all: ", ".join(right))
    said = scored(bank, sheet)
    assert f"water-rules/basics in “en”: {SINGLES + 1} of {SINGLES + 1} answers correct (100%)." in said
    # A third of 24, and one in fifteen of the one with four choices of which several may be right.
    assert "By chance: 8.1, which is 32%. 95 % confidence interval: 87% to 100%." in said
    assert said.count("The share of right picks is above chance.") == 2


def test_who_picks_the_first_of_each_is_not_above_chance(bank, sheet):
    picked(sheet, lambda _right, every: every[0])
    said = scored(bank, sheet)
    assert said.count("This is not above chance.") == 2
    assert "By only avoiding words such as “always” and “never”: 33%" in said


def test_several_choices_are_right_only_together(bank):
    text = write_sheet(bank, ["en"], seed=7)
    data = yaml.safe_load(text)
    several = next(one for one in data["languages"]["en"] if "several" in one)
    letters = {texts.split()[1]: letter for letter, texts in several["choices"].items()}
    for pick, right in (([letters["c"], letters["a"]], 1), ([letters["a"]], 0), (list("abcd"), 0)):
        for one in data["languages"]["en"]:
            one["pick"] = "a" if one is not several else pick
        before = score_sheet(bank, yaml.safe_dump(data))[0][0].right
        several["pick"] = "a, b, c"
        assert before - score_sheet(bank, yaml.safe_dump(data))[0][0].right == right


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pick: b", "pick: ''", "pick: Nothing is picked here. Write one of these letters: a, b, c."),
        ("pick: b", "pick: x", "pick: “x” is not one of the choices. Write one of these letters: a, b, c."),
        (
            "pick: b",
            "pick: a, b",
            "pick: “a, b” is more than one choice. Pick exactly one of these: a, b, c.",
        ),
        (
            "pick: b",
            "pick: 3",
            "pick: “3” is not a pick. Write a letter such as a, or letters with commas",
        ),
        ("a: Choice", "a: Chance", "choices: These are not the choices that the bank has here now."),
        ("number: 1\n", "number: 9\n", "choices: These are not the choices that the bank has here now."),
        ("format: 1", "format: 2", "format: “2” is not allowed here. Write one of these: 1."),
        ("bank: water-rules/basics", "bank: other/bank", "bank: This sheet is for the bank “other/bank”"),
        ("  en:", "  sw:", "languages.sw: The bank has no questions with choices in “sw”."),
        ("seed: 7", "seed: seven", "seed: “seven” is not a whole number."),
        ("seed: 7", "seed: 8", "choices: These are not the choices that the bank has here now."),
        ("seed: 7", "seed: 7\nkey: x", "key: There is no field with this name here."),
        ("  - number: 1\n", "  - numbered: [\n", "A bracket is opened here but not closed."),
    ],
)
def test_bad_sheet_is_refused_by_file_line_field_and_value(bank, tmp_path, old, new, said):
    path = tmp_path / "sheet.yaml"
    text = write_sheet(bank, ["en"], seed=7).replace("pick: ''", "pick: b")
    assert old in text
    changed = text.replace(old, new, 1)
    path.write_text(changed)
    out = StringIO()
    with pytest.raises(CommandError, match="problem"):
        call_command("choices_only", bank.key, "--score", str(path), stdout=out)
    lines = out.getvalue().strip().split("\n")
    assert any(said in line for line in lines), lines
    assert all(re.match(rf"{re.escape(str(path))}:\d+: ", line) for line in lines)
    assert "confidence" not in out.getvalue()


def test_sheet_of_fewer_questions_than_the_bank_is_refused(bank):
    data = yaml.safe_load(write_sheet(bank, ["en"], seed=7).replace("pick: ''", "pick: b"))
    del data["languages"]["en"][-1]
    scores, problems = score_sheet(bank, yaml.safe_dump(data))
    assert (scores, [one.code for one in problems]) == ([], ["sheet_count"])


def test_command_says_what_is_wrong_with_what_it_was_asked(bank, tmp_path, sheet):
    here = str(tmp_path / "new.yaml")
    refused = {
        ("none/none", "--write", here): "No bank has the key “none/none”",
        (
            bank.key,
            "--language",
            "sw",
            "--write",
            here,
        ): "no questions with choices in “sw”. Its languages: ar, en",
        (bank.key, "--seed", "-1", "--write", here): "The seed -1 cannot be used",
        (bank.key, "--write", str(sheet)): "already exists",
        (bank.key, "--write", str(tmp_path / "none/new.yaml")): "cannot be written",
        (bank.key, "--score", str(tmp_path / "none.yaml")): "cannot be read",
    }
    for arguments, said in refused.items():
        with pytest.raises(CommandError, match=re.escape(said)):
            call_command("choices_only", *arguments, stdout=StringIO())
    assert not (tmp_path / "new.yaml").exists()
    sheet.write_bytes(b"format: 1\n\xff\xfe")
    with pytest.raises(CommandError, match=r"sheet\.yaml:2: the file is not encoded as UTF-8"):
        call_command("choices_only", bank.key, "--score", str(sheet), stdout=StringIO())


def test_secret_bank_says_so(bank, tmp_path):
    Bank.objects.update(kind="exam")
    out = StringIO()
    call_command("choices_only", bank.key, "--write", str(tmp_path / "new.yaml"), stdout=out)
    assert "This bank is secret." in out.getvalue()


def test_bank_is_read_once_for_all_languages(bank, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert len(languages_of(bank)) == 2
    with django_assert_max_num_queries(2):
        text = write_sheet(bank, ["ar", "en"], seed=7)
    with django_assert_max_num_queries(2):
        assert len(score_sheet(bank, text.replace("pick: ''", "pick: b"))[0]) == 2

"""Can a bank be guessed? Writes its choices without the questions, and scores what a reader picks."""

import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maarifa.coursefiles.choicesheet import Score, languages_of, score_sheet, write_sheet
from maarifa.coursefiles.reading import LARGEST, FileProblem
from maarifa.lib import numbers
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.models import Bank

SEEDS = 1_000_000_000


class Command(BaseCommand):
    help = (
        "Write the choices of a bank without its questions, for a reader who guesses which are right. Then score the "
        "reader's picks. A bank that can be guessed above chance does not test what learners know."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bank", metavar="BANK", help="the key of the bank, course/bank")
        parser.add_argument(
            "--language",
            action="append",
            metavar="CODE",
            help="only this language; can be given several times. Without it, all languages of the bank",
        )
        parser.add_argument(
            "--seed",
            type=int,
            help="gives the order; the same seed writes the same sheet. Without it, a new one",
        )
        do = parser.add_mutually_exclusive_group(required=True)
        do.add_argument("--write", metavar="FILE", type=Path, help="write the sheet to this new file")
        do.add_argument(
            "--score", metavar="FILE", type=Path, help="score this sheet, with the picks filled in"
        )

    def handle(
        self,
        *,
        bank: str,
        language: list[str] | None,
        seed: int | None,
        write: Path | None,
        score: Path | None,
        **options: Any,
    ) -> None:
        row = Bank.objects.filter(key=bank).first()
        if row is None:
            message = _(
                "No bank has the key “%(key)s”. Write the key of the course, a slash and the key of the bank."
            )
            raise CommandError(message % {"key": bank})
        if write:
            self._write(row, language, seed, write)
        elif score:
            self._score(row, score)

    def _write(self, bank: Bank, wanted: list[str] | None, seed: int | None, path: Path) -> None:
        languages = languages_of(bank)
        if not languages:
            raise CommandError(_("The bank “%(key)s” has no questions with choices.") % {"key": bank.key})
        for language in wanted or ():
            if language not in languages:
                message = _(
                    "The bank has no questions with choices in “%(value)s”. Its languages: %(languages)s."
                )
                raise CommandError(message % {"value": language, "languages": ", ".join(languages)})
        if seed is not None and not 0 <= seed < SEEDS:
            message = _("The seed %(value)s cannot be used. Write a whole number from 0 to %(most)s.")
            raise CommandError(message % {"value": seed, "most": SEEDS - 1})
        text = write_sheet(bank, wanted or languages, seed=secrets.randbelow(SEEDS) if seed is None else seed)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            message = _("“%(path)s” already exists and may contain picks. Name a new file.")
            raise CommandError(message % {"path": path})
        except OSError:
            raise CommandError(
                _("“%(path)s” cannot be written. Name a file in a folder that exists.") % {"path": path}
            )
        self.stdout.write(_("“%(path)s” is written.") % {"path": path})
        if bank.kind == BankKind.EXAM:
            self.stdout.write(
                _("This bank is secret. Give the file only to people who may see its questions.")
            )

    def _score(self, bank: Bank, path: Path) -> None:
        scores, problems = score_sheet(bank, _text_of(path))
        for problem in problems:
            self.stdout.write(str(FileProblem(str(path), problem)))
        if problems:
            count = ngettext("%(count)s problem.", "%(count)s problems.", len(problems))
            raise CommandError(count % {"count": len(problems)})
        for score in scores:
            self.stdout.write("\n".join(_said(bank, score)))


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError:
        raise CommandError(_("“%(path)s” cannot be read. Name a file that exists.") % {"path": path})
    if content is None:
        message = _("“%(path)s” is too large for a sheet. Name the file that --write has written.")
        raise CommandError(message % {"path": path})
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = _("%(path)s:%(line)s: the file is not encoded as UTF-8. Save it as UTF-8.")
        raise CommandError(message % {"path": path, "line": line})


def _said(bank: Bank, score: Score) -> list[str]:
    """What came out, for people."""
    interface = get_language() or "en"

    def percent(share: float) -> str:
        return numbers.percent(int(100 * share + 0.5), language=interface)

    low, high = score.interval
    params = {
        "bank": bank.key,
        "language": score.language,
        "right": score.right,
        "count": score.count,
        "share": percent(score.right / score.count),
        "expected": numbers.number(score.expected, decimals=1, language=interface),
        "chance": percent(score.expected / score.count),
        "low": percent(low),
        "high": percent(high),
    }
    lines = [
        _("%(bank)s in “%(language)s”: %(right)s of %(count)s answers correct (%(share)s).") % params,
        _("By chance: %(expected)s, which is %(chance)s. 95 %% confidence interval: %(low)s to %(high)s.")
        % params,
    ]
    if score.by_words is not None:
        words = _(
            "By only avoiding words such as “always” and “never”: %(share)s of the questions with one correct choice."
        )
        lines.append(words % {"share": percent(score.by_words / 100)})
    if score.is_above_chance:
        lines.append(_("The share of right picks is above chance. The choices show which are correct."))
    else:
        lines.append(_("This is not above chance."))
    return lines

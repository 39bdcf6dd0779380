"""The interface's catalogues: from the code to locale/*.po, and on to what Django reads. Needs no gettext."""

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages import Catalog, catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django import conf
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from maarifa.lib import plain_language
from maarifa.lib.terms import term_base
from maarifa.lib.typography import no_break_spaces

DOMAIN = "django"
# In which place of a call its words stand, ("c": their context); None: in the first.
Places = tuple[int | tuple[int, str], ...]
KEYWORDS: dict[str, Places | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOTE_TO_TRANSLATORS = ["Translators"]


class Call(NamedTuple):
    """A call in the code that says words to people. `arguments` has one for each place, None where it is a variable."""

    line: int
    function: str
    arguments: str | tuple[str | None, ...] | None
    notes: list[str]


class BadCatalogue(Exception):
    """A catalogue that cannot be read, with the file and the line."""


@dataclass(frozen=True)
class State:
    """How a catalogue stands to the code."""

    path: Path
    stale: bool
    strings: int
    untranslated: list[str]

    @property
    def translated(self) -> int:
        """How many of a hundred strings are, rounded down."""
        return 100 * (self.strings - len(self.untranslated)) // self.strings if self.strings else 100


def catalogue_path(folder: Path, language: str) -> Path:
    return Path(folder) / to_locale(language) / "LC_MESSAGES" / f"{DOMAIN}.po"


def compile_changed(folder: Path) -> list[Path]:
    """Compile every catalogue that is newer than what was made of it; each is replaced at once and whole."""
    sources = []
    for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        catalogue = _read(source)
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        with open(draft, "wb") as file:
            write_mo(file, catalogue)
        draft.replace(target)
        sources.append(source)
    return sources


def in_code(root: Path) -> Catalog:
    """Every string under `root` that people read, as the code has it."""
    catalogue = Catalog(domain=DOMAIN, charset="utf-8", fuzzy=False)
    for path in sorted(Path(root).rglob("*")):
        if path.suffix == ".py":
            source = path.read_bytes()
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            # In brackets the tokenizer does not mind how a template is indented.
            source = f"({templatize(path.read_text(), origin=str(path))}\n)".encode()
        else:
            continue
        # Babel's own type says that these were something else.
        calls: Iterable[Any] = extract_python(io.BytesIO(source), KEYWORDS, NOTE_TO_TRANSLATORS, {})
        for call in calls:
            _add(catalogue, path.relative_to(root.parent), Call(*call))
    return catalogue


def update(folder: Path, language: str, code: Catalog, *, write: bool = True) -> State:
    """Bring one catalogue up to the code: what is new comes, what is gone leaves, the rest stays."""
    path = catalogue_path(folder, language)
    before = path.read_text() if path.exists() else ""
    catalogue = _read(path) if before else read_po(io.BytesIO(_new(language).encode()), domain=DOMAIN)
    catalogue.update(code, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    for message in catalogue:
        # Braces are those of what strings write about: ours have placeholders of the other form.
        message.flags.discard("python-brace-format")
        if message.id:
            message.string = _set(message.string, language)
    after = _text(catalogue)
    if write and after != before:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(after)
    strings = [message for message in catalogue if message.id]
    untranslated = [_first(message.id) for message in strings if not _is_translated(message)]
    return State(path=path, stale=after != before, strings=len(strings), untranslated=untranslated)


def faults_of_english(code: Catalog) -> Iterator[str]:
    """What is to be rewritten in the strings of the code, by docs/style and the term base: file, string, what."""
    for message in code:
        for form in _forms(message.id):
            for fault in _faults(form, conf.settings.LANGUAGE_CODE):
                yield f"{message.locations[0][0]}: {form!r}: {fault}"


def faults_of_translations(folder: Path, language: str) -> Iterator[str]:
    """The same for the translations of a catalogue, and where they leave the term base: string, translation, what."""
    terms, path = term_base(language), catalogue_path(folder, language)
    for message in _read(path) if path.exists() else ():
        english, forms = " ".join(_forms(message.id)), _forms(message.string)
        for form in forms:
            for fault in _faults(form, language):
                yield f"{english!r}: {form!r}: {fault}"
        if terms and forms:
            # One form of several may well say the number alone.
            for fault in terms.faults(english, " ".join(forms), scope="interface"):
                yield f"{english!r}: {forms[-1]!r}: {fault}"


def _faults(text: str, language: str) -> Iterator[str]:
    """What is wrong with a text by itself."""
    yield from plain_language.faults(text, language=language)
    terms = term_base(language)
    for word, term in terms.never_here(text, scope="interface") if terms else ():
        yield f"“{word}” is never right: write “{term.to_write}”"


def _forms(string: str | Sequence[str] | None) -> list[str]:
    """Each form of a string, without those that are empty."""
    return [form for form in ([string] if isinstance(string, str) else string or []) if form]


def _add(catalogue: Catalog, path: Path, call: Call) -> None:
    """Put what a call says into the catalogue, by what each place in the call means."""
    arguments = call.arguments if isinstance(call.arguments, tuple) else (call.arguments,)
    context: str | None = None
    forms: list[str] = []
    for place in KEYWORDS[call.function] or (1,):
        index, is_context = (place[0], True) if isinstance(place, tuple) else (place, False)
        argument = arguments[index - 1] if index <= len(arguments) else None
        if is_context:
            context = argument
        elif argument:
            forms.append(argument)
        else:
            return  # a variable, or nothing at all
    catalogue.add(
        forms[0] if len(forms) == 1 else tuple(forms),
        locations=[(str(path), call.line)],
        auto_comments=call.notes,
        context=context,
    )


def _read(path: Path) -> Catalog:
    try:
        with open(path, "rb") as file:
            return read_po(file, domain=DOMAIN, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise BadCatalogue(f"{path}: {error}") from error


def _text(catalogue: Catalog) -> str:
    """Written in one way only, by file and without line numbers: a difference shows what changed."""
    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        width=100,
        sort_by_file=True,
        include_lineno=False,
        ignore_obsolete=True,
        omit_header=True,
    )
    header = _HEADER.format(language=catalogue.locale_identifier, plurals=catalogue.plural_forms)
    return header + out.getvalue().decode()


def _new(language: str) -> str:
    """An empty catalogue, with the plural forms that Django's own translators use for the language."""
    locale = to_locale(language)
    djangos = Path(conf.__file__).parent / "locale" / locale / "LC_MESSAGES" / "django.mo"
    with open(djangos, "rb") as file:
        plurals = GNUTranslations(file).info()["plural-forms"].rstrip(";")
    return _HEADER.format(language=locale, plurals=plurals)


_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Maarifa\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def _set(string: str | Sequence[str] | None, language: str) -> str | tuple[str, ...]:
    """As the language sets it."""
    if string is None or isinstance(string, str):
        return no_break_spaces(string or "", language=language)
    return tuple(no_break_spaces(form, language=language) for form in string)


def _is_translated(message: catalog.Message) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and not message.fuzzy


def _first(string: str | Sequence[str]) -> str:
    return string if isinstance(string, str) else string[0]

"""What a text file may say, as pydantic models, and what is wrong with one that says something else."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from maarifa.lib.problems import Problem, shown
from maarifa.lib.strict_yaml import Parsed
from maarifa.lib.text import KEY_PATTERN, nfc

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

KEY = re.compile(KEY_PATTERN)

TEMPLATES = {
    "missing": _("This field is missing. Add it."),
    "extra_forbidden": _("There is no field with this name here. The fields are: %(allowed)s."),
    "string_type": _(
        "“%(value)s” is not text. Write text. To use a number as text, put it in quotation marks."
    ),
    "int_type": _("“%(value)s” is not a whole number. Write one without quotes, such as 5."),
    "bool_type": _("“%(value)s” is neither true nor false. Write true or false, without quotes."),
    "list_type": _("“%(value)s” is not a list. Write each item on its own line after “- ”, or write [a, b]."),
    "dict_type": _("“%(value)s” has no fields. Write lines such as “name: value”, indented by two spaces."),
    "model_type": _("“%(value)s” has no fields. Write lines such as “name: value”, indented by two spaces."),
    "literal_error": _("“%(value)s” is not allowed here. Write one of these: %(expected)s."),
    "greater_than_equal": _("%(value)s is too small. Write at least %(ge)s."),
    "less_than_equal": _("%(value)s is too large. Write at most %(le)s."),
    "too_short": _("There are too few items here. Write at least %(min_length)s."),
    "too_long": _("There are too many items here. Write at most %(max_length)s."),
    "string_too_long": _("This text is too long. Write at most %(max_length)s characters."),
    "key": _(
        "“%(value)s” cannot be used as a key. Use 1 to 60 lower-case Latin letters, digits and hyphens."
    ),
    "empty": _("This text is empty. Write it, or remove the field if it is optional."),
    "one_line": _("This text has several lines. Write it on one line."),
    "twice": _("“%(item)s” appears here twice. Keep one."),
    "language": _("“%(value)s” is not a language code. Write one such as en, ar or zh-hans."),
    "date": _("“%(value)s” is not a date. Write a day as 2026-11-23."),
    "loose_date": _(
        "“%(value)s” is not a date. Write a day as 2026-11-23, a month as 2026-11 or a year as 2026."
    ),
    "url": _("“%(value)s” is not a web address. Write an address that starts with https:// or http://."),
    "digest": _(
        "“%(value)s” is not a digest. When the translation is up to date, run format_courses "
        "--translated on the file."
    ),
}
OTHER = _("“%(value)s” is not allowed here. See courses/README.md for what is allowed.")


class Shape(BaseModel):
    """Fields stand in the order in which they are written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


S = TypeVar("S", bound=Shape)
L = TypeVar("L", bound=Sequence[Any])


def refuse(code: str, **params: Any) -> PydanticCustomError:
    """What a validator raises: the code of a sentence above, or of the sentence given as `template`. `at` names a
    field, where a model's validator does.
    """
    return PydanticCustomError(code, "refused", params)


def _key(text: str) -> str:
    if not KEY.fullmatch(text):
        raise refuse("key")
    return text


def _words(text: str) -> str:
    text = nfc(text).replace("\r\n", "\n").strip()
    if not text:
        raise refuse("empty")
    return text


def _line(text: str) -> str:
    text = _words(text)
    if "\n" in text:
        raise refuse("one_line")
    return text


def once_each(items: L) -> L:
    seen = set()
    for item in items:
        if item in seen:
            raise refuse("twice", item=str(item))
        seen.add(item)
    return items


def one_of(names: Collection[str]) -> PlainValidator:
    """For a field whose value is one of these texts as they are when it is read."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise refuse("literal_error", expected=", ".join(names))
        return value

    return PlainValidator(check)


def _day(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) or not _is_day(text):
        raise refuse("date")
    return text


def _loose_date(value: object) -> str:
    """A day, a month or a year. A year looks like a whole number and is one for the reader."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise refuse("loose_date")
    if not _is_day(f"{text}-01-01"[:10]):
        raise refuse("loose_date")
    return text


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", text):
        raise refuse("url")
    return text


Key = Annotated[str, AfterValidator(_key)]
Words = Annotated[str, AfterValidator(_words)]
Line = Annotated[str, AfterValidator(_line)]
Day = Annotated[str, AfterValidator(_day)]
LooseDate = Annotated[str, PlainValidator(_loose_date)]
Url = Annotated[str, AfterValidator(_url)]


def shape(model: type[S], parsed: Parsed) -> tuple[S | None, list[Problem]]:
    """The value as the model has it, or every problem with its line."""
    try:
        return model.model_validate(parsed.value), []
    except ValidationError as error:
        return None, sorted(
            (_problem(model, parsed, one) for one in error.errors()), key=lambda it: it.line or 0
        )


def _problem(model: type[Shape], parsed: Parsed, error: "ErrorDetails") -> Problem:
    path = tuple(part for part in error["loc"] if part != "[key]")
    code = error["type"]
    params = {"value": shown(error["input"]), **error.get("ctx", {})}
    if "at" in params:
        path = (*path, params.pop("at"))
    template = params.pop("template", None) or TEMPLATES.get(code, OTHER)
    if code == "extra_forbidden":
        params.setdefault("allowed", ", ".join(fields_at(model, path[:-1])))
    elif code == "literal_error":
        params["expected"] = params["expected"].replace("'", "").replace(" or ", ", ")
    return Problem(
        code=code,
        template=template,
        params={
            # A count is a number still, for the sentence to agree with it.
            name: value if isinstance(value, int) else shown(value, 200)
            for name, value in params.items()
        },
        where=".".join(str(part + 1) if isinstance(part, int) else part for part in path),
        line=parsed.line(path),
    )


def fields_at(model: type[Shape], path: Sequence[int | str]) -> list[str]:
    """The fields of the shape that stands at a path."""
    for part in path:
        annotation = (
            model.model_fields[part].annotation
            if isinstance(part, str) and part in model.model_fields
            else None
        )
        inner = _shape_in(annotation) if annotation else None
        model = inner or model
    return list(model.model_fields)


def _shape_in(annotation: Any) -> type[Shape] | None:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if shape_type := _shape_in(argument):
            return shape_type
    return None

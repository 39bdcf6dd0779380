"""The rows of a course's page, module by module, and what its certificate asks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import pgettext

from maarifa.curriculum.activities import KINDS as WRITTEN
from maarifa.curriculum.activities import Place
from maarifa.curriculum.editions import Outline, OutlineWorksheet
from maarifa.learning.activities import KINDS, Mark, Requirement, Row
from maarifa.learning.models import Enrolment
from maarifa.learning.progress import Progress, Step, step_url
from maarifa.learning.templatetags.learning import content_attributes


@dataclass(frozen=True)
class Module:
    title: dict[str, str]
    rows: list[Row]


def modules_of(
    outline: Outline,
    language: str,
    *,
    progress: Progress | None = None,
    next_activity: Step | None = None,
    may_open: bool = False,
) -> list[Module]:
    """The modules of a course, in their order, with titles in this language where there are some. `progress` of who
    takes it, and `next_activity`, their next activity.
    """
    modules = []
    for module in outline.modules:
        rows = []
        for activity in module.activities:
            step = Step(activity.kind, activity.key, module.key)
            record = progress.records[step.kind] if progress else None
            url = step_url(outline.course, step) if may_open else ""
            rows.append(
                KINDS[step.kind].row(
                    outline, activity, language, record, is_next=step == next_activity, url=url
                )
            )
        if module.worksheet:
            rows.append(_worksheet(outline, module.worksheet, language, may_open=may_open))
        modules.append(Module(outline.module_texts(module.key, language), rows))
    return modules


def requirements_of(
    outline: Outline, enrolment: Enrolment, progress: Progress, language: str
) -> list[Requirement]:
    """What a certificate asks of this person, and how far that is met."""
    required_places = enrolment.required_in(outline)
    return [
        one
        for kind in KINDS.values()
        for one in kind.requirements(
            outline,
            [
                key
                for key in outline.requirements[WRITTEN[kind.name].plural]
                if Place(kind.name, key) in required_places
            ],
            progress.records[kind.name],
            language,
        )
    ]


def _worksheet(outline: Outline, worksheet: OutlineWorksheet, language: str, *, may_open: bool) -> Row:
    text_language = worksheet.language(language)
    return Row(
        mark=Mark("▤", "", ""),
        url=reverse("worksheet", args=[outline.course, worksheet.key]) if may_open else "",
        title=worksheet.texts(language)["title"],
        attributes=content_attributes(text_language),
        aside=pgettext("worksheet", "to print"),
    )

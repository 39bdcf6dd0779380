"""The pages of authoring, as a browser without a script reads and sends them."""

import html
import re

from django.urls import reverse

from tests.rows import rows_sent

NOTHING_TO_PUBLISH = "There is nothing to publish. Learners would read the same as in edition {}."


def url(name, *args):
    return reverse(f"admin:curriculum_{name}", args=args)


def fields_of(response):
    """What the page's forms would send as they are: names and values."""
    values = {}
    for form in [response.context["adminform"].form] + [
        form for formset in response.context["inline_admin_formsets"] for form in formset.formset.forms
    ]:
        for bound in form:
            value = bound.value()
            rows = rows_sent(bound.field.widget, bound.html_name, value)
            if rows is not None:
                values |= rows
            elif isinstance(value, bool):
                if value:
                    values[bound.html_name] = "on"
            elif value is not None:
                values[bound.html_name] = bound.field.prepare_value(value)
    for formset in response.context["inline_admin_formsets"]:
        for bound in formset.formset.management_form:
            values[bound.html_name] = bound.value()
    return {name: value for name, value in values.items() if value is not None}


def errors_in(response):
    return [
        html.unescape(re.sub(r"<[^>]+>", "", error))
        for error in re.findall(
            r"<li>(.*?)</li>", "".join(re.findall(r'<ul class="errorlist.*?</ul>', response.text, re.S)), re.S
        )
    ]


def row_of(data, language):
    """The prefix of the section of a language."""
    name = next(name for name, value in data.items() if name.endswith("-language") and value == language)
    return name.removesuffix("language")


def publishing(desk, course, note="", **more):
    """What the publish page would send: the digest of what it shows, and a note."""
    page = desk.get(url("course_publish", course.pk), more)
    applied = [text.value for text in page.context["waiting"] if text.left_out]
    return {"note": note, "seen": page.context["found"].digest, **more, "applied": applied}

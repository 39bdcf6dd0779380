"""No page of the admin says in English what it could say in the language of whoever works there."""

import re

import polib
import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.urls import reverse
from django.utils.translation import override

from maarifa.quizzes.models import AttemptGrant
from tests.factories.accounts import AuditEntryFactory, ConsentFactory, UserFactory
from tests.factories.curriculum import published_course
from tests.factories.delivery import DeliveryFactory, SuppressionFactory
from tests.factories.institutions import InstitutionFactory, ManagedAccountFactory, MembershipFactory, root
from tests.factories.learning import RIGHT, enrolled, read_lesson, send_answers, start_quiz
from tests.services import ROOT

pytestmark = pytest.mark.django_db
ADMINS = sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)
WORD = re.compile(r"[A-Za-z]{2,}")
# The same in every language: a name, and what people call the format.
NAMES = {"Maarifa", "HTML", "ID"}
# From Django's own catalogue.
DJANGOS_COGNATES = {"permissions"}


def cognates() -> set[str]:
    """What our French has as the same word on purpose."""
    catalogue = polib.pofile(str(ROOT / "locale/fr/LC_MESSAGES/django.po"))
    return {entry.msgid.lower() for entry in catalogue if entry.msgid == entry.msgstr} | DJANGOS_COGNATES


def labels_of_list(page) -> list[str]:
    cl = page.context["cl"]
    columns = [
        str(label_for_field(name, cl.model, cl.model_admin))
        for name in cl.list_display
        if name != "action_checkbox"
    ]
    filters = [str(spec.title) for spec in cl.filter_specs]
    actions = (
        [str(label) for name, label in page.context["action_form"].fields["action"].choices if name]
        if (page.context["action_form"])
        else []
    )
    return [str(page.context["title"]), str(cl.opts.verbose_name_plural), *columns, *filters, *actions]


def labels_of_fieldset(fieldset) -> list[str]:
    said = [str(fieldset.name or "")]
    for line in fieldset:
        for field in line:
            inner = field.field
            if isinstance(inner, dict):
                said += [str(inner["label"]), str(inner.get("help_text") or "")]
            else:
                said += [str(inner.label), str(inner.help_text)]
                said += [str(one.label) for one in getattr(inner.field, "columns", {}).values()]
    return said


def labels_of_form(page) -> list[str]:
    said = [str(page.context["opts"].verbose_name), str(page.context["opts"].app_config.verbose_name)]
    for fieldset in page.context["adminform"]:
        said += labels_of_fieldset(fieldset)
    for inline in page.context["inline_admin_formsets"]:
        said += [str(inline.opts.verbose_name), str(inline.opts.verbose_name_plural)]
        said += [str(field["label"]) for field in inline.fields()]
        for form in inline:
            for fieldset in form:
                said += labels_of_fieldset(fieldset)
    return said


def make_rows(person):
    """A row of every model."""
    made = published_course(key="rules")
    learner = UserFactory(username="wanjiru", name="Wanjiru Mwangi")
    enrolment = enrolled(course=made, learner=learner)
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    attempt = start_quiz(enrolment)
    send_answers(attempt, RIGHT)
    AttemptGrant.objects.create(learner=learner, quiz=attempt.quiz, number=2, granted_by=person)
    DeliveryFactory(recipient=learner)
    SuppressionFactory()
    unit = root(InstitutionFactory())
    MembershipFactory(unit=unit, user=person)
    ManagedAccountFactory(institution=unit.institution, user=learner)
    AuditEntryFactory()
    ConsentFactory(user=learner)


@pytest.mark.parametrize(("model", "options"), ADMINS, ids=[model._meta.label for model, _ in ADMINS])
def test_labels_are_translated(client, model, options):
    person = UserFactory(username="operator", is_staff=True, is_superuser=True)
    client.force_login(person)
    make_rows(person)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pages = [(reverse(f"{name}_changelist"), labels_of_list)]
    row = model.objects.first()
    pages += [(reverse(f"{name}_change", args=[row.pk]), labels_of_form)] if row else []
    if options.has_add_permission(client.get("/").wsgi_request):
        pages.append((reverse(f"{name}_add"), labels_of_form))
    same_in_french = cognates()
    seen = 0
    for url, labels_of in pages:
        said = {}
        for language in ("en", "fr", "ar"):
            with override(language):
                page = client.get(url, {"lang": language}, follow=True)
                if page.status_code != 200:
                    break
                assert f'<html lang="{language}"' in page.text
                said[language] = labels_of(page)
        else:
            seen += 1
            for language in ("fr", "ar"):
                pairs = zip(said["en"], said[language], strict=True)
                english = {mine for mine, other in pairs if mine == other and WORD.search(mine)} - NAMES
                if language == "fr":
                    english = {label for label in english if label.lower() not in same_in_french}
                assert not english, (url, language)
    assert seen

"""Pages of the quizzes' admin, as a browser meets them; and who sits before it."""

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from maarifa.accounts.models import User
from tests.rows import rows_sent


def person(username, *rights, staff=True):
    user = User.objects.create_user(username, is_staff=staff)
    for right in rights:
        user.user_permissions.add(
            *Permission.objects.filter(content_type__app_label="quizzes", codename=right)
        )
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def form_of(client, url) -> dict:
    """The values that a browser would send back if nobody changed anything."""
    response = client.get(url)
    assert response.status_code == 200
    admin_form = response.context["adminform"].form
    forms = [
        admin_form,
        *(form for formset in response.context["inline_admin_formsets"] for form in formset.formset),
    ]
    forms += [formset.formset.management_form for formset in response.context["inline_admin_formsets"]]
    values = {}
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            rows = rows_sent(form.fields[name].widget, form.add_prefix(name), value)
            if rows is not None:
                values |= rows
            elif value is not None and value is not False:
                values[form.add_prefix(name)] = value
    return values


def change_url(question):
    return reverse("admin:quizzes_question_change", args=[question.pk])


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]

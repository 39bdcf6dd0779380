"""How `{{ form }}` and its fields become HTML, everywhere: FORM_RENDERER names the class below."""

from typing import Any

from django.forms.renderers import DjangoTemplates


class FormRenderer(DjangoTemplates):
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    # Third-party pages ask for paragraphs or list by Django's own names; they get the instance's form as well.
    OURS = {
        "django/forms/div.html": "ui/form.html",
        "django/forms/p.html": "ui/form.html",
        "django/forms/widgets/checkbox_select.html": "ui/choices.html",
        "django/forms/widgets/radio.html": "ui/choices.html",
        # A list of all time zones weighs as much as the rest of its page: no space, and no end tag that HTML does
        # without.
        "django/forms/widgets/select.html": "ui/select.html",
    }

    def get_template(self, template_name: str) -> Any:
        return super().get_template(self.OURS.get(template_name, template_name))

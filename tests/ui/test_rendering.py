import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.forms.renderers import get_default_renderer


class Profile(forms.Form):
    name = forms.CharField(label="Your name", help_text="In any script.")
    email = forms.EmailField(label="E-mail address", required=False)
    place = forms.ChoiceField(
        label="Where?", widget=forms.RadioSelect, choices=[("n", "Nouakchott"), ("k", "<Kisumu>")]
    )
    agree = forms.BooleanField(label="I agree.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def refused():
    form = Profile({"email": "wanjiru", "place": "n", "agree": "on"})
    form.add_error(None, "This invitation was already used.")
    return form


@pytest.mark.parametrize("way", ["__str__", "as_p", "as_div"])
def test_form_is_the_instances_however_it_is_asked_for(way):
    html = getattr(Profile(), way)()
    assert html == str(Profile())
    assert 'class="field"' in html


def test_field_ties_label_help_and_input_together():
    html = str(Profile())
    assert '<label for="id_name">Your name</label>' in html
    assert '<div class="help" id="id_name_helptext">In any script.</div>' in html
    assert re.search(r'<input type="text" name="name"[^>]* aria-describedby="id_name_helptext"', html)


def test_field_says_that_it_is_optional_rather_than_that_others_are_not():
    html = str(Profile())
    assert '<label for="id_email">E-mail address <span class="soft">(optional)</span></label>' in html
    assert html.count("(optional)") == 1


def test_field_refused_says_so_in_words_and_to_a_screen_reader(refused):
    html = str(refused["name"].as_field_group())
    assert html.startswith('<div class="field wrong">')
    assert '<div class="error" id="id_name_error"><p>' in html
    assert '<p><span class="unseen">Error: </span>This field is required.</p>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_choices_are_whole_rows_with_their_label_once():
    html = str(Profile()["place"].as_field_group())
    assert html.startswith("<fieldset><legend>Where?</legend>")
    assert html.count('<label class="choice" for="id_place_') == 2
    assert html.count("Nouakchott") == 1
    assert "<span>&lt;Kisumu&gt;</span>" in html


def test_checkbox_stands_in_its_label():
    html = str(Profile()["agree"].as_field_group())
    assert re.search(
        r'<label class="choice" for="id_agree"><input type="checkbox"[^>]*><span>I agree.</span></label>',
        html,
    )


def test_hidden_fields_are_written_without_a_label():
    html = str(Profile())
    assert html.count('name="token"') == 1
    assert 'for="id_token"' not in html


def test_errors_are_summed_up_first_with_a_way_to_each_field(refused):
    html = str(refused)
    assert html.startswith('<div class="errors" role="alert" tabindex="-1" autofocus>')
    summary = html[: html.index("</div>")]
    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', summary) == [
        ("id_name", "Your name"),
        ("id_email", "E-mail address"),
    ]
    assert "<li>This invitation was already used.</li>" in summary


def test_errors_of_choices_lead_to_the_first_of_them():
    assert '<a href="#id_place_0">Where?</a>' in str(Profile({"name": "Amina"}))


@pytest.mark.parametrize(
    "value", ["", "two words", "<i>", "a'b", 'a"b', "a=b", "a`b", "a/", "/", "é", "a&amp;b", "Africa/Lagos"]
)
def test_list_says_a_value_as_html_reads_it(value):
    class Read(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "option":
                found.append(dict(attrs))

    found = []
    html = str(
        forms.Select(choices=[(value, "<Kisumu>"), ("k", "Kayes")]).render(
            "place", value, renderer=get_default_renderer()
        )
    )
    Read().feed(html)
    assert found == [{"value": value, "selected": None}, {"value": "k"}]
    assert html.count("<option value=") == 2
    assert "&lt;Kisumu&gt;" in html


def test_list_in_groups_keeps_them():
    html = str(
        forms.Select(choices=[("Mali", [("k", "Kayes")])]).render(
            "place", "k", renderer=get_default_renderer()
        )
    )
    assert (
        html
        == '<select name="place"><optgroup label="Mali"><option value=k selected>Kayes</optgroup></select>'
    )

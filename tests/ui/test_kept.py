"""Parts of pages that a process keeps."""

from django.template import Context, Template
from django.utils.translation import override


def shown(template, **words):
    return template.render(Context(words))


def counting(words="{{ said }}"):
    """A template that counts how often its kept part is made."""
    times = []

    class Counter:
        def __str__(self):
            times.append(1)
            return "made"

    return (
        Template(f"{{% load kept %}}{{% kept said %}}{words} {{{{ counter }}}}{{% endkept %}}"),
        Counter(),
        times,
    )


def test_part_is_made_once_for_each_value_and_language():
    template, counter, times = counting()
    for said in ("a", "a", "b", "a"):
        assert shown(template, said=said, counter=counter, csrf_token="x") == f"{said} made"
    with override("ar"):
        assert shown(template, said="a", counter=counter, csrf_token="x") == "a made"
    assert len(times) == 3


def test_each_person_gets_their_own_form_token():
    template, counter, _times = counting("{{ said }} {% csrf_token %}")
    first, second = (shown(template, said="a", counter=counter, csrf_token=token) for token in ("one", "two"))
    assert 'value="one"' in first
    assert second == first.replace('"one"', '"two"')


def test_page_without_a_form_asks_for_no_token():
    class Token:
        def __str__(self):
            raise AssertionError("asked for")

    template, counter, _times = counting()
    for _ in range(2):
        assert shown(template, said="a", counter=counter, csrf_token=Token()) == "a made"


def test_words_are_escaped_as_ever():
    template, counter, _times = counting()
    for _ in range(2):
        assert shown(template, said="<b>", counter=counter, csrf_token="x") == "&lt;b&gt; made"


def test_without_a_request_nothing_is_kept():
    template, counter, times = counting()
    for _ in range(2):
        assert shown(template, said="a", counter=counter) == "a made"
    assert len(times) == 2

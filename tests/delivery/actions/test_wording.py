"""Words of many messages, which are the same whether or not they are made together."""

import pytest
from django.template import TemplateDoesNotExist

from maarifa.delivery.actions import queueing, wording
from maarifa.delivery.actions.wording import Patterns, words_of

NAMES = [
    "Amina",
    "Bo & Co",
    "<b>Chidi</b>",
    "Đặng  Thị",
    "أمينة",
    "O'Neill %(name)s {{ name }}",
    "x" * 200,
    "\ufdd1url\ufdd1",
]


def invitation(number, name, **more):
    return {
        "key": f"k{number}",
        "kind": "invitation",
        "address": f"{number}@example.org",
        "language": "en",
        "template": "cohorts/mail/invitation",
        "context": {
            "institution": "A & B",
            "contact": "",
            "cohort": "Autumn",
            "course": "Rules",
            "opens": "",
            "due": "",
            "days": "60",
            "name": name,
            "url": f"https://example.org/en/join/{number}/",
            **more,
        },
    }


def context_of(message):
    shown = {"site_url": "https://example.org", "site_name": "Maarifa", "language": "en", "direction": "ltr"}
    return {
        **message["context"],
        **shown,
        "recipient": None,
        "address": message["address"],
        "unsubscribe_url": f"https://example.org/u/{message['key']}",
    }


def rendered(monkeypatch):
    """How many messages are rendered from here on."""
    times, real = [], wording._rendered
    monkeypatch.setattr(wording, "_rendered", lambda *told: times.append(1) or real(*told))
    return times


def test_words_are_the_same_letter_for_letter(monkeypatch):
    messages = [invitation(n, name) for n, name in enumerate(NAMES * 3)]
    alone = [words_of(m["template"], context_of(m)) for m in messages]
    patterns, times = Patterns(messages), rendered(monkeypatch)
    assert [patterns.words_of(m, context_of(m)) for m in messages] == alone
    # The pattern, and the trial.
    assert len(times) == 2


def test_value_that_is_missing_is_no_pattern(monkeypatch):
    """A template may leave a paragraph out."""
    messages = [invitation(n, "Amina", contact="Ms Achieng" if n % 2 else "") for n in range(20)]
    alone = [words_of(m["template"], context_of(m)) for m in messages]
    patterns = Patterns(messages)
    assert [patterns.words_of(m, context_of(m)) for m in messages] == alone
    assert alone[0] != alone[1]


def test_template_that_does_more_with_a_value_is_rendered_each_time(monkeypatch):
    def render(template, context):
        if template.endswith(".html"):
            raise TemplateDoesNotExist(template)
        return f"{context['name'].upper()}, {context['url']}"

    monkeypatch.setattr(
        wording, "_template", lambda t, c: "page" if t == "delivery/plain.html" else render(t, c)
    )
    messages = [invitation(n, f"Amina {n}") for n in range(15)]
    patterns, times = Patterns(messages), rendered(monkeypatch)
    assert patterns.words_of(messages[3], context_of(messages[3]))["text"].startswith("AMINA 3, ")
    assert patterns.words_of(messages[4], context_of(messages[4]))["text"].startswith("AMINA 4, ")
    # The pattern, which shows at once that it is none, and each message.
    assert len(times) == 3


def test_few_messages_are_rendered_one_by_one(monkeypatch):
    messages = [invitation(n, "Amina") for n in range(3)]
    patterns, times = Patterns(messages), rendered(monkeypatch)
    for message in messages:
        patterns.words_of(message, context_of(message))
    assert len(times) == 3


@pytest.mark.django_db
def test_many_pending_together_read_as_one_pending_alone():
    messages = [invitation(n, name) for n, name in enumerate(NAMES * 2)]
    queueing.queue_messages(messages=messages)
    for message in messages[:8]:
        together = queueing.Delivery.objects.get(key=message["key"])
        alone = queueing.queue_message(**{**message, "key": f"alone-{message['key']}"})
        assert together.subject == alone.subject
        for part in ("text", "html"):
            assert _without_link(getattr(together, part)) == _without_link(getattr(alone, part))


def _without_link(text):
    return "\n".join(line for line in text.splitlines() if "unsubscribe" not in line)

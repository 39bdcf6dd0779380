"""Mail servers that answer as they do on bad days."""

import contextlib

import pytest
from django.template import engines

from tests import services


@pytest.fixture
def mail_server(settings):
    """`mail_server(rcpt={"a@example.org": "550 5.1.1 unknown"}, mail="…")`: a real SMTP server that answers so; its
    letters.

    `on_data` is called when a letter has arrived, before the sender is told.
    """
    from aiosmtpd.controller import Controller

    from maarifa.operations import processes

    stack = contextlib.ExitStack()

    def start(**answers):
        box = services.Postbox(port=processes.free_port())

        async def handle_RCPT(server, session, envelope, address, options):
            answer = answers.get("rcpt", {}).get(address)
            if answer:
                return answer
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_MAIL(server, session, envelope, address, options):
            if "mail" in answers:
                return answers["mail"]
            envelope.mail_from = address
            return "250 OK"

        if "on_data" in answers:
            accept = box.handle_DATA

            async def handle_DATA(server, session, envelope):
                answer = await accept(server, session, envelope)
                answers["on_data"]()
                return answer

            box.handle_DATA = handle_DATA
        box.handle_RCPT, box.handle_MAIL = handle_RCPT, handle_MAIL
        server = Controller(box, hostname="127.0.0.1", port=box.port, enable_SMTPUTF8=True)
        server.start()
        stack.callback(server.stop)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        return box

    with stack:
        yield start


@pytest.fixture
def words(settings):
    """An app's own message: `words(subject=…, text=…, html=…)` under the name "notice"."""
    from django.template.loaders.locmem import Loader

    engine = engines["django"].engine
    loaders = engine.template_loaders
    mine = Loader(engine, {})
    engine.__dict__["template_loaders"] = [mine, *loaders]

    def write(
        subject="Your next lesson, {{ name }}",
        text='{% extends "delivery/frame.txt" %}{% block content %}Dear {{ name }},\n\nTen minutes.{% endblock %}',
        html=None,
    ):
        mine.templates_dict |= {"notice.subject.txt": subject, "notice.txt": text}
        if html:
            mine.templates_dict["notice.html"] = html

    write()
    yield write
    engine.__dict__["template_loaders"] = loaders

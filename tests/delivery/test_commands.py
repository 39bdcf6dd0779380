import pytest
from django.core.management import CommandError, call_command

from maarifa.operations import processes


def test_mail_test_sends_one_message_and_says_how(postbox, capsys, settings):
    call_command("mail_test", "operator@example.org")
    (letter,) = postbox.wait_for(1)
    assert letter.recipients == ["operator@example.org"]
    assert capsys.readouterr().out == (
        f"Sent to operator@example.org from {settings.DEFAULT_FROM_EMAIL} through 127.0.0.1:{postbox.port} with "
        "no encryption, without a user name. Check that it has arrived.\n"
    )


def test_mail_test_says_what_the_server_answered(postbox):
    postbox.refuse = "451 later"
    with pytest.raises(
        CommandError, match=r"^The message was not sent through 127\.0\.0\.1:\d+ .*: SMTP.*451.*later"
    ):
        call_command("mail_test", "operator@example.org")


def test_mail_test_says_that_nobody_answers(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = processes.free_port()
    with pytest.raises(CommandError, match="ConnectionRefusedError"):
        call_command("mail_test", "operator@example.org")

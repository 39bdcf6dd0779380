"""A task that hangs is ended; what it was about is done later, and the rest meanwhile."""

import contextlib
import re
import socket
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from maarifa.delivery import tasks
from maarifa.delivery.models import Delivery
from maarifa.lib.jobs import requeue
from maarifa.operations import processes
from tests.factories.delivery import DeliveryFactory

pytestmark = pytest.mark.django_db(transaction=True)
TASK_SECONDS = 5
# So begins the greeting of a mail server, and so goes it on without an end: no time-out for the next bytes helps.
GREETING = b"220-mail.example.org is thinking about it\r\n"


class Tarpit:
    """Keeps the first who connects waiting for ever, and leads everybody after them to a mail server that works."""

    def __init__(self, port):
        self.working, self.over = port, threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.caught, self.let_go = threading.Event(), threading.Event()
        self.listening = threading.Thread(target=self._listen, daemon=True)
        self.listening.start()

    def _listen(self):
        with self.socket, contextlib.suppress(OSError):
            lead = self._keep
            while True:
                line, _address = self.socket.accept()
                threading.Thread(target=lead, args=[line], daemon=True).start()
                lead = self._lead_on

    def _keep(self, line):
        self.caught.set()
        with line, contextlib.suppress(OSError):
            while not self.over.wait(0.2):
                line.sendall(GREETING)
        self.let_go.set()

    def _lead_on(self, line):
        with line, socket.create_connection(("127.0.0.1", self.working)) as there:
            back = threading.Thread(target=self._pass_on, args=[there, line], daemon=True)
            back.start()
            self._pass_on(line, there)
            back.join()

    def _pass_on(self, line, there):
        with contextlib.suppress(OSError):
            while piece := line.recv(4096):
                there.sendall(piece)
            there.shutdown(socket.SHUT_WR)

    def close(self):
        self.over.set()
        # Wakes up who waits for the next to connect.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.listening.join(5)


@pytest.fixture
def tarpit(postbox):
    pit = Tarpit(postbox.port)
    yield pit
    pit.close()


def test_task_that_hangs_is_ended_and_its_message_is_sent_later(
    start_lonely_worker, lonely_queue, postbox, tarpit
):
    past = timezone.now() - timedelta(minutes=1)
    hanging = DeliveryFactory(due_at=past)
    # The limit comes with the task, from the settings of who asks for it: here the worker's own requeue.
    lonely_queue(requeue, "default")
    worker = start_lonely_worker(
        concurrency=2, TASK_SECONDS=str(TASK_SECONDS), REQUEUE_SECONDS="1", EMAIL_PORT=str(tarpit.port)
    )
    assert tarpit.caught.wait(30)

    # The other process goes on while it hangs.
    meanwhile = DeliveryFactory()
    lonely_queue(tasks.send, meanwhile.pk)
    postbox.wait_for(1, seconds=TASK_SECONDS)
    assert not tarpit.let_go.is_set()

    assert tarpit.let_go.wait(TASK_SECONDS + 10), worker.output
    ended = rf"Hard time limit \({TASK_SECONDS}.*exceeded for maarifa\.delivery\.send"
    assert processes.wait_until(lambda: re.search(ended, worker.output), seconds=10)
    hanging.refresh_from_db()
    assert (hanging.state, hanging.tries) == (Delivery.State.CLAIMED, 1)

    # Its claim runs out, and the requeue takes it with another; a process stands in for the one that was ended.
    after = DeliveryFactory(due_at=past)
    Delivery.objects.filter(pk=hanging.pk).update(claimed_until=past)
    lonely_queue(requeue, "default")
    postbox.wait_for(3)
    done = Delivery.objects.filter(state=Delivery.State.DONE)
    assert processes.wait_until(lambda: done.count() == 3, seconds=10)
    assert sorted(letter.recipients[0] for letter in postbox.letters) == sorted(
        row.address for row in (hanging, meanwhile, after)
    )
    hanging.refresh_from_db()
    assert hanging.tries == 2

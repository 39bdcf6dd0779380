"""Beat, where it cannot write down what it did."""

import pytest

from maarifa.celery import Scheduler, app

pytestmark = pytest.mark.once


def test_beat_goes_on_where_its_file_cannot_be_written(tmp_path, caplog):
    """What a full disk does to it, without one: there is no folder for it."""
    (tmp_path / "full").touch()
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "full" / "schedule"), lazy=True)
    scheduler.setup_schedule()

    assert set(scheduler.schedule) >= set(app.conf.beat_schedule)
    scheduler.sync()
    scheduler.close()
    assert "the schedule cannot be written to" in caplog.text


def test_beat_goes_on_where_its_file_can_no_longer_be_written(tmp_path, monkeypatch, caplog):
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    scheduler.setup_schedule()

    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scheduler._store, "sync", full)
    scheduler.sync()
    assert "No space left on device" in caplog.text


def test_beat_shows_that_it_is_at_work(tmp_path, settings):
    settings.ALIVE_FILE = str(tmp_path / "alive")
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    scheduler.setup_schedule()
    scheduler.schedule.clear()
    scheduler.tick()
    assert (tmp_path / "alive").exists()

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from maarifa.curriculum.actions import INSTRUCTORS, make_instructors_group

pytestmark = pytest.mark.django_db


def may():
    found = Group.objects.get(name=INSTRUCTORS).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def test_instructors_are_there_after_migrating_and_write_but_see_nobody():
    assert {name.partition(".")[0] for name in may()} == {"curriculum", "quizzes"}
    assert may() >= {
        "curriculum.publish_course",
        "curriculum.change_lessontext",
        "quizzes.change_question",
        "quizzes.add_questiontext",
    }
    assert not [name for name in may() if "attempt" in name]
    assert [name for name in may() if ".delete_" in name] == ["curriculum.delete_activity"]


def test_what_an_operator_gave_the_group_stays():
    more = Permission.objects.get(codename="view_enrolment")
    Group.objects.get(name=INSTRUCTORS).permissions.add(more)
    before = may()
    make_instructors_group()
    call_command("migrate", verbosity=0)
    assert may() == before

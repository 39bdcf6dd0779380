"""The page of a module in the admin: one list of its lessons and quizzes."""

import pytest

from maarifa.curriculum.activity import KINDS
from maarifa.curriculum.models import Activity, Lesson, Module
from maarifa.quizzes.models import Quiz
from tests.curriculum.pages import errors_in, fields_of, url
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import MIXED, mixed_course

pytestmark = pytest.mark.django_db

QUIZ = "activities-2-0-quiz"


@pytest.fixture
def made():
    return mixed_course()


def order(module) -> list[str]:
    return [one.key for one in module.activities.order_by("position")]


def test_page_lists_what_stands_in_the_module_in_order_with_links(desk, made):
    page = desk.get(url("module_change", made.module.pk)).text
    places = [page.index(f"<code>{key}</code>") for key in MIXED[0][1]]
    assert places == sorted(places)
    assert f'<a href="{url("lesson_change", made.lessons[0].pk)}">Rules that can be found</a>' in page
    assert f'<a href="/admin/quizzes/quiz/{made.quiz.pk}/change/">About basics-quiz</a>' in page


def test_quizzes_and_lessons_change_places_in_one_go(desk, made):
    data = fields_of(desk.get(url("module_change", made.module.pk)))
    first, last = (f"activities-{number}-position" for number in (0, 4))
    assert desk.post(url("module_change", made.module.pk), data | {first: 5, last: 1}).status_code == 302
    assert order(made.module) == ["basics-quiz", "first", "middle-quiz", "second", "start-quiz"]
    data = fields_of(desk.get(url("module_change", made.module.pk)))
    answer = desk.post(url("module_change", made.module.pk), data | {first: 3})
    assert "“About middle-quiz” is already at position 3." in answer.text
    assert {row.history_user.username for row in Activity.history.filter(history_type="~")} == {"halima"}


def test_quiz_is_taken_out_and_put_back_at_the_end_but_a_lesson_stays(desk, made):
    address = url("module_change", made.module.pk)
    data = fields_of(desk.get(address))
    assert (
        desk.post(address, data | {f"activities-{number}-DELETE": "on" for number in (0, 1)}).status_code
        == 302
    )
    assert order(made.module) == ["first", "middle-quiz", "second", "basics-quiz"]
    assert Quiz.objects.filter(key__endswith="/start-quiz", retired_at=None).exists()
    quiz = Quiz.objects.get(key__endswith="/start-quiz")
    (adding,) = desk.get(address).context["inline_admin_formsets"][1].formset.forms
    assert dict(adding["quiz"].field.widget.choices) == {"": "---------", quiz.pk: "About start-quiz"}
    assert desk.post(address, fields_of(desk.get(address)) | {QUIZ: quiz.pk}).status_code == 302
    assert order(made.module) == ["first", "middle-quiz", "second", "basics-quiz", "start-quiz"]


def test_quiz_that_stands_elsewhere_is_refused_with_the_place(desk, made):
    quiz = Quiz.objects.get(key__endswith="/final-quiz")
    address = url("module_change", made.module.pk)
    answer = desk.post(address, fields_of(desk.get(address)) | {QUIZ: quiz.pk})
    assert (
        "The quiz “About final-quiz” is already in the module “The end”. Remove it there first."
        in errors_in(answer)
    )
    assert Activity.objects.get(quiz=quiz).module.key == "end"


def test_module_may_hold_a_quiz_only(desk, made):
    module = Module.objects.create(course=made.course, key="late", position=9)
    Activity.objects.filter(quiz__key__endswith="/final-quiz").delete()
    quiz = Quiz.objects.get(key__endswith="/final-quiz")
    data = fields_of(desk.get(url("module_change", module.pk)))
    assert desk.post(url("module_change", module.pk), data | {QUIZ: quiz.pk}).status_code == 302
    assert order(module) == ["final-quiz"]


def test_new_lesson_goes_to_the_end_and_where_it_is_told(desk, made):
    given = {"course": made.course.pk, "module": made.module.pk, "activity_minutes": 0}
    assert desk.post(url("lesson_add"), given | {"key": "third", "position": ""}).status_code == 302
    assert order(made.module)[-1] == "third"
    lesson = Lesson.objects.get(key="third")
    end = Module.objects.get(key="end")
    data = fields_of(desk.get(url("lesson_change", lesson.pk)))
    assert (data["module"], data["position"]) == (made.module.pk, 6)
    assert (
        desk.post(url("lesson_change", lesson.pk), data | {"module": end.pk, "position": 7}).status_code
        == 302
    )
    assert order(end) == ["final-quiz", "third"]


def test_two_people_do_not_undo_each_others_order(desk, made):
    address = url("module_change", made.module.pk)
    mine = fields_of(desk.get(address))
    theirs = mine | {"activities-0-position": 7}
    assert desk.post(address, theirs).status_code == 302
    answer = desk.post(address, mine | {"activities-0-position": 8})
    assert "Someone else has changed this" in answer.text
    assert Activity.objects.get(quiz__key__endswith="/start-quiz").position == 7


def test_list_takes_as_many_queries_whatever_stands_in_it(desk, made, django_assert_num_queries):
    Activity.objects.exclude(lesson=made.lessons[0]).filter(module=made.module).update(
        module=Module.objects.get(key="end")
    )
    address = url("module_change", made.module.pk)
    desk.get(address)
    with django_assert_num_queries(QUERIES):
        assert len(desk.get(address).context["inline_admin_formsets"][0].formset.forms) == 1
    Activity.objects.update(module=made.module)
    with django_assert_num_queries(QUERIES):
        assert len(desk.get(address).context["inline_admin_formsets"][0].formset.forms) == 6


QUERIES = 12


def test_only_who_writes_courses_sees_the_list(client, made):
    for person, status in ((UserFactory(), 302), (UserFactory(is_staff=True), 403)):
        client.force_login(person)
        assert client.get(url("module_change", made.module.pk)).status_code == status


def test_place_knows_its_kind():
    made = mixed_course()
    assert {one.kind for one in made.module.activities.all()} == set(KINDS)

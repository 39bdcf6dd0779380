"""The main job from end to end, on the whole instance as `make run` starts it.

In English with scripts, and in Arabic without scripts, storage and service workers, an instructor publishes, a
coordinator brings a spreadsheet, learners come by mail and by card, learn, fail, pass and are certified, a stranger
checks the certificate, and who stopped is reminded. Every page on the way is in its language, fits a phone, and has
nothing that axe finds: see `walking.py`.
"""

import io
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pypdf
import pytest

from tests.journeys import coordinator as desk
from tests.journeys import pictures
from tests.journeys.answers import Answers
from tests.journeys.coordinator import Coordinator, csv_of_old_excel, workbook
from tests.journeys.instances import let_time_pass
from tests.journeys.instructor import Instructor
from tests.journeys.learner import COURSE, LESSONS, Learner
from tests.journeys.walking import DESK, PHONE, Glass, Walker

pytestmark = pytest.mark.journey

HOUR = 1
DAYS = 24
# What the instructor adds to a lesson that everybody has read already.
ADDED = {
    "en": "Read this lesson with a decision of your own office in mind.",
    "ar": "اقرأ هذا الدرس وفي ذهنك قرار من قرارات مكتبك.",
}


@dataclass(frozen=True)
class Scenario:
    """One run of the walk: whose language, with or without scripts, and what is at hand."""

    language: str
    javascript: bool
    cohort: str
    file_name: str
    file: bytes = field(repr=False)
    name: str
    name_latin: str
    email: str
    by_card: str
    # Where a browser keeps what a page wants kept: with scripts off there is none, and no service worker comes.
    storage: bool = True
    password: str = "gari-dogo-langu"


ENGLISH = Scenario(
    language="en",
    javascript=True,
    cohort="Regional offices 2026",
    file_name="liste régions.csv",
    file=csv_of_old_excel(desk.HAND),
    name="Zuberi wa Mfano",
    name_latin="",
    email="zuberi.mfano@example.org",
    by_card="Chipo Muenzaniso",
)
ARABIC = Scenario(
    language="ar",
    javascript=False,
    storage=False,
    cohort="موظفو الأقاليم ٢٠٢٦",
    file_name="قائمة.xlsx",
    file=workbook(desk.SCREEN),
    name="سلمى بنت مثال",
    name_latin="Salma bint Mithal",
    email="salma.mithal@example.org",
    by_card="ሰላማዊት ምሳሌ",
)


class Walk:
    def __init__(self, scenario, instance, postbox, open_page):
        self.scenario, self.instance, self.postbox, self.open_page = scenario, instance, postbox, open_page
        self.demo = instance.demo
        self.glass = Glass(open_page)
        self.answers = Answers(COURSE)

    def walker(self, width=PHONE):
        return Walker(
            self.open_page,
            self.instance,
            self.glass,
            language=self.scenario.language,
            javascript=self.scenario.javascript,
            width=width,
            **({} if self.scenario.storage else {"service_workers": "block"}),
        )

    def learner(self) -> Learner:
        return Learner(self.walker(), self.answers)

    def letter(self, address, about):
        """The first letter to this address whose text or headers hold `about`, once it has come."""

        def found():
            with_words = (
                letter
                for letter in self.postbox.to(address)
                if about in letter.text or about in str(letter.message.items())
            )
            return next(with_words, None)

        for count in range(len(self.postbox.letters), len(self.postbox.letters) + 100):
            if found():
                return found()
            self.postbox.wait_for(count + 1, seconds=60)
        raise AssertionError(f"no letter to {address} about {about}")

    # The steps --------------------------------------------------------------------------------------------------

    def somebody_is_in_the_middle(self):
        """The demo's learner has read all lessons, and keeps two answers of an attempt for later."""
        learner = self.middle = self.learner().sign_in(self.demo["people"]["learner"])
        assert learner.finished() == [LESSONS[0]]
        learner.walker.photograph("course")
        learner.walker.go(learner.lesson(LESSONS[1]))
        for _lesson in LESSONS[1:]:
            learner.walker.press("form.onward button.arrow")
        assert learner.walker.path == learner.quiz
        self.attempt = learner.start_quiz()
        self.given = learner.answer_some(2)

    def instructor_publishes(self):
        """In the admin, in the language of the walk: one lesson in two languages, seen before, then edition 2."""
        instructor = Instructor(self.walker(width=DESK)).sign_in(self.demo["people"]["instructor"])
        instructor.open_course()
        instructor.change_lesson("The full cycle, from design to emergency", ADDED)
        instructor.preview(ADDED)
        # Two languages, and a third that is behind now.
        instructor.publish("The lesson begins with the reader's own office.", changes=3)

    def who_is_in_the_middle_keeps_everything(self):
        """Lessons done, the open attempt and its answers; and the lesson shows what was written since."""
        learner = self.middle
        assert learner.finished() == list(LESSONS)
        kept = learner.kept(self.attempt)
        assert sorted(map(tuple, kept)) == sorted(self.given)
        for language, sentence in ADDED.items():
            assert learner.begins(LESSONS[1], language) == sentence

    def coordinator_brings_a_spreadsheet(self):
        scenario = self.scenario
        coordinator = self.coordinator = Coordinator(self.walker(width=DESK))
        Learner(coordinator.walker, None).sign_in(self.demo["people"]["coordinator"])
        coordinator.look_at(self.demo["cohort"])
        coordinator.make_cohort(scenario.cohort, language=scenario.language)
        before = len(self.postbox.letters)
        coordinator.upload(scenario.file_name, scenario.file)
        broken = coordinator.broken_rows()
        assert len(broken) == desk.BROKEN_ROWS
        assert len(self.postbox.letters) == before
        coordinator.apply()

    def learner_comes_by_mail(self):
        scenario = self.scenario
        letter = self.letter(scenario.email, "/join/")
        assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        (link,) = re.findall(r"https?://\S+/join/\S+", letter.text)
        assert urlsplit(link).path.startswith(f"/{scenario.language}/join/")
        # Accepting signs in; on another day, and another phone, one signs in by the form.
        self.learner().accept(link, name=scenario.name, password=scenario.password)
        self.graduate = self.learner().sign_in({"username": scenario.email, "password": scenario.password})

    def learner_learns(self):
        graduate = self.graduate
        assert graduate.finished() == []
        graduate.read_all()
        assert graduate.finished() == list(LESSONS)
        graduate.fail_quiz()
        let_time_pass(self.instance, email=self.scenario.email, hours=HOUR)
        graduate.pass_quiz()
        graduate.finish()

    def learner_is_certified(self):
        scenario, graduate = self.scenario, self.graduate
        graduate.confirm_names(scenario.name, scenario.name_latin)
        letter = self.letter(scenario.email, "/verify/")
        (verify,) = re.findall(r"https?://\S+/verify/\S+", letter.text)
        self.code = verify.rpartition("/")[2]
        pdf = graduate.certificate(self.code)
        pictures.of_paper(f"certificate-{scenario.language}", pdf)
        assert pdf.startswith(b"%PDF-")
        printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
        assert self.code in printed
        assert (scenario.name_latin or scenario.name) in printed

    def stranger_checks_it(self):
        """With nothing but the paper: typed in small letters, without hyphens."""
        scenario, stranger = self.scenario, self.walker()
        stranger.go(f"/verify/?lang={scenario.language}")
        stranger.fill(code=self.code.replace("-", "").lower())
        stranger.press("form button.arrow")
        assert stranger.path == f"/verify/{self.code}"
        assert stranger.page.locator(".verdict.good").count() == 1
        stranger.photograph("verify")
        facts = [fact.inner_text() for fact in stranger.page.locator("dl dd").all()]
        names = [scenario.name, scenario.name_latin] if scenario.name_latin else [scenario.name]
        # Behind the names it says who confirmed them: nobody but the holder, or the institution.
        assert facts[0].split("\n")[:-1] == names
        assert facts[3].startswith("Example Institute of Public Service")
        assert len(facts) == 6
        machine = stranger.page.request.get(f"{self.instance.address}/verify/{self.code}.json").json()
        assert (machine["state"], machine["name"]) == ("in-force", scenario.name)
        assert facts[1].split("\n")[0] == machine["course"]["title"]
        assert (
            stranger.page.locator("main h2 + ul").first.locator("li").all_inner_texts()
            == (machine["course"]["outcomes"])
        )

    def somebody_comes_by_card(self):
        scenario = self.scenario
        address, code, username = self.coordinator.card_of(scenario.by_card)
        learner = self.learner()
        learner.walker.go(f"http://{address}")
        assert learner.walker.path == f"/{scenario.language}/enter/"
        learner.walker.fill(username=username, code=code)
        learner.walker.press("form button.arrow")
        learner.walker.fill(name=scenario.by_card, agree=True, terms=True)
        learner.walker.press("form button.arrow")
        assert learner.walker.path == learner.course
        assert learner.finished() == []

    def who_stopped_is_reminded(self):
        address = "demo-learner@example.org"
        let_time_pass(self.instance, email=address, hours=8 * DAYS)
        letter = self.letter(address, f"/learn/{COURSE}/")
        (unsubscribe,) = re.findall("<(.+)>", letter.message["List-Unsubscribe"])
        assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        reader = self.walker()
        reader.go(urlsplit(unsubscribe).path)
        # A mail program posts to it, with neither cookie nor form.
        answer = self.open_page().request.post(unsubscribe, form={"List-Unsubscribe": "One-Click"})
        assert answer.status == 200
        reader.press("form button")
        assert reader.page.locator(".verdict.good").count() == 1

    def coordinator_sees_who_finished(self):
        coordinator, scenario = self.coordinator, self.scenario
        assert coordinator.certificates() == 1
        given = next(str(row[1]) for row in (*desk.HAND, *desk.SCREEN) if row[2] == scenario.email)
        assert coordinator.finished() == [given]


@pytest.mark.parametrize("scenario", [ENGLISH, ARABIC], ids=["english-with-scripts", "arabic-without"])
def test_from_publication_to_certificate(start_instance, postbox, open_page, scenario):
    instance = start_instance(
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(postbox.port), REQUEUE_SECONDS="2", REMINDER_SECONDS="3"
    )
    instance.wait_until_it_runs()
    walk = Walk(scenario, instance, postbox, open_page)
    walk.somebody_is_in_the_middle()
    walk.instructor_publishes()
    walk.who_is_in_the_middle_keeps_everything()
    walk.coordinator_brings_a_spreadsheet()
    walk.learner_comes_by_mail()
    walk.learner_learns()
    walk.learner_is_certified()
    walk.stranger_checks_it()
    walk.somebody_comes_by_card()
    walk.who_stopped_is_reminded()
    walk.coordinator_sees_who_finished()

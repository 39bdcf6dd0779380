"""The learner's part of the walk."""

import re
import uuid

COURSE = "ai-governance-foundations"
LESSONS = ("what-governance-is-for", "the-full-cycle", "reading-what-binds")
QUIZ = "foundations-quiz"
# The module that follows, without which the course is not complete.
FURTHER = ("design-and-risk", "oversight-that-fits", "watching-by-group", "when-to-stop", "who-must-be-told")
LAST_QUIZ = "full-cycle-quiz"


class Learner:
    def __init__(self, walker, answers):
        self.walker, self.answers = walker, answers
        self.here = f"/{walker.language}"
        self.course = f"{self.here}/courses/{COURSE}/"
        self.quiz, self.last_quiz = (f"{self.here}/learn/{COURSE}/quiz/{key}/" for key in (QUIZ, LAST_QUIZ))

    def lesson(self, key) -> str:
        return f"{self.here}/learn/{COURSE}/{key}/"

    # Coming in --------------------------------------------------------------------------------------------------

    def sign_in(self, person):
        """By the ordinary form."""
        self.walker.go(f"{self.here}/account/login/")
        self.walker.fill(login=person["username"], password=person["password"])
        self.walker.press("form button.arrow")
        assert self.walker.has_link(f"{self.here}/certificates/")
        return self

    def accept(self, link, *, name, password):
        """Follow the invitation: who will see what, a name as one writes it, and yes."""
        self.walker.go(link)
        self.walker.fill(name=name, password=password)
        self.walker.press("form button.arrow", status=422)
        assert self.walker.page.locator('[name="name"]').input_value() == name
        self.walker.fill(password=password, agree=True, terms=True)
        self.walker.press("form button.arrow")
        assert self.walker.path == self.course

    # Reading ----------------------------------------------------------------------------------------------------

    def finished(self) -> list[str]:
        """The lessons that the course page shows as finished, by their keys."""
        self.walker.go(self.course)
        done = self.walker.page.locator("main ul.list li:has(.mark.done) a")
        paths = [link.get_attribute("href") for link in done.all()]
        return [path.split("/")[-2] for path in paths if "/quiz/" not in path]

    def read_all(self):
        """The first module, from its first lesson to its quiz."""
        self.walker.go(self.lesson(LESSONS[0]))
        self.walker.photograph("lesson")
        self.read_on(LESSONS, self.quiz)

    def read_on(self, lessons, quiz):
        """Press “Done. Next: …” from the first of them, which is open, to the last; that one leads to the quiz."""
        for key in lessons:
            assert self.walker.path == self.lesson(key)
            assert self.walker.main.locator("article p").count() > 3
            self.walker.press("form.onward button.arrow")
        assert self.walker.path == quiz

    def begins(self, key, language) -> str:
        """The first sentence of the lesson in this language."""
        self.walker.go(f"{self.lesson(key)}?in={language}")
        return self.walker.main.locator(f'article[lang="{language}"] p').first.inner_text()

    # The quiz ---------------------------------------------------------------------------------------------------

    def start_quiz(self, quiz=None) -> str:
        """The path of the attempt, at the first quiz if none is named."""
        quiz = quiz or self.quiz
        self.walker.go(quiz)
        self.walker.press("form.onward button.arrow")
        name = self.walker.path.removeprefix(quiz).removesuffix("/")
        assert uuid.UUID(name)
        html = self.walker.page.content()
        assert "feedback" not in html
        return self.walker.path

    def answer_some(self, count):
        """Answer a few questions and save them for later; what was given."""
        given = self.answers.fill(self.walker, right=True, only=count)
        self.walker.press('button[name="later"]')
        assert self.walker.path == self.course
        return given

    def kept(self, path):
        """What stands on the answer form now."""
        self.walker.go(path)
        fields = self.walker.page.locator('[name^="q"]')
        return fields.evaluate_all(
            "fields => fields.filter(f => f.type == 'text' ? f.value : f.checked).map(f => [f.name, f.value])"
        )

    def send(self, *, right):
        self.answers.fill(self.walker, right=right)
        self.walker.photograph("quiz")
        self.walker.press('button[name="send"]')
        assert self.walker.path.endswith("/result/")

    def fail_quiz(self):
        """None right: the page says what to read again, and there is no way to try again at once."""
        self.start_quiz()
        self.send(right=False)
        self.walker.photograph("result")
        again = self.walker.page.locator("main ul.list a.cover")
        reread = {link.get_attribute("href") for link in again.all()}
        assert reread <= {self.lesson(key) for key in LESSONS}
        assert reread
        assert not self.walker.page.locator(f'main .onward a[href="{self.quiz}"]').count()
        self.walker.go(self.quiz)
        assert self.walker.page.locator("form.onward button").count() == 0
        assert re.search(r"\d", self.walker.text("main p.note"))

    def pass_quiz(self, quiz=None):
        self.start_quiz(quiz)
        self.send(right=True)
        assert self.walker.page.locator("main .bad").count() == 0
        self.walker.follow(self.course)

    def finish(self):
        """The second module: its lessons, and its quiz passed."""
        self.walker.go(self.lesson(FURTHER[0]))
        self.read_on(FURTHER, self.last_quiz)
        self.pass_quiz(self.last_quiz)

    # The certificate --------------------------------------------------------------------------------------------

    def confirm_names(self, name, name_latin):
        self.walker.go(f"{self.here}/certificates/")
        self.walker.follow(f"{self.here}/certificates/names/")
        self.walker.fill(name=name, name_latin=name_latin)
        self.walker.press('button[value="look"]')
        assert name in self.walker.text(".card h2")
        self.walker.press('button[value="confirm"]')

    def certificate(self, code) -> bytes:
        """The PDF, from the page that lists one's certificates."""
        self.walker.go(f"{self.here}/certificates/")
        path = f"{self.here}/certificates/{code}.pdf"
        assert self.walker.has_link(path)
        return self.walker.download(path)

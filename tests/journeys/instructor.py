"""The instructor's part of the walk, in the admin."""

import re

from tests.journeys.learner import COURSE


class Instructor:
    def __init__(self, walker):
        self.walker = walker

    def sign_in(self, person):
        """From the address of the admin, by the ordinary form, and back. The admin speaks the language of the account,
        unless one asks for another.
        """
        self.walker.go(f"/admin/?lang={self.walker.language}")
        assert self.walker.path == f"/{self.walker.language}/account/login/"
        self.walker.fill(login=person["username"], password=person["password"])
        self.walker.press("form button.arrow")
        assert self.walker.path == "/admin/"
        return self

    def open_course(self):
        """From the first page to the course, as the list of courses shows it."""
        self.walker.follow("/admin/curriculum/course/")
        self.walker.press(f"#result_list tr:has(td:text-is('{COURSE}')) th a")
        assert re.fullmatch(r"/admin/curriculum/course/\d+/change/", self.walker.path)
        self.course = self.walker.path

    def change_lesson(self, title, said):
        """Begin the lesson with a sentence more, in each language of `said`, and save."""
        self.walker.press(f"a:has(bdi:text-is('{title}'))")
        self.lesson = self.walker.path
        for language, sentence in said.items():
            body = self._field("body", language)
            body.fill(f"{sentence}\n\n{body.input_value()}")
        # Who writes both at once has compared them; the language that nobody touched falls behind.
        for language in said.keys() - {"en"}:
            body = self._field("body", language).get_attribute("name")
            self.walker.page.locator(f'[name="{body.replace("-body", "-up_to_date")}"]').check()
        self.walker.press('[name="_continue"]')
        assert self.walker.path == self.lesson
        assert self.walker.page.locator(".errorlist").count() == 0

    def _field(self, name, language):
        return self.walker.page.locator(f'textarea[name^="texts-"][name$="-{name}"][lang="{language}"]')

    def preview(self, said):
        """What was saved, as learners will see it, marked as a draft."""
        preview = self.lesson.replace("/change/", "/preview/")
        for language, sentence in said.items():
            self.walker.follow(f"{preview}{language}/")
            article = self.walker.main.locator(f'article[lang="{language}"]')
            assert article.locator("p").first.inner_text() == sentence
        self.walker.follow(self.lesson)

    def publish(self, note, *, changes):
        """Read what would change, and say yes: the next edition stands first among all, and is what learners read."""
        self.walker.go(self.course)
        self.walker.photograph("authoring", height=600)
        publish = self.course.replace("/change/", "/publish/")
        self.walker.follow(publish)
        said = self.walker.main.locator("#content-main ul.changes > li").all_inner_texts()
        assert len(said) == changes, said
        self.walker.fill(note=note)
        self.walker.press("[type=submit].default")
        assert self.walker.path == self.course
        editions = self.course.replace("/change/", "/editions/")
        self.walker.follow(editions)
        # Below it stands who published and switched, and when.
        rows = self.walker.main.locator("tbody").first.locator("tr")
        assert [row.locator("a").count() for row in rows.all()] == [0, 1]
        assert note in rows.first.inner_text()

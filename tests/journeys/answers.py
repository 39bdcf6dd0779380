"""What a learner who has read the lessons knows: the answers, from the course's own files."""

import re

import yaml

from tests import services


def _plain(words) -> str:
    return re.sub(r"\s+", " ", words).strip()


class Answers:
    """Answers by the question as it is asked, in whichever language of the course."""

    def __init__(self, course):
        banks = services.ROOT / "courses" / course / "banks"
        self.questions, self.by_stem = {}, {}
        for file in banks.glob("*.yaml"):
            data = yaml.safe_load(file.read_text())
            if "language" not in data:
                self.questions |= {question["key"]: question for question in data["questions"]}
        for file in banks.glob("*.*.yaml"):
            for key, words in yaml.safe_load(file.read_text())["questions"].items():
                self.by_stem[_plain(words["stem"])] = key

    def fill(self, walker, *, right: bool, only: int | None = None):
        """Answer the questions on this page, or the first of them; return what was chosen, by field and value."""
        given = []
        for place, asked in enumerate(walker.page.locator("form fieldset").all()[:only], start=1):
            for value in self.of(asked, right=right):
                name = f"q{place}"
                field = asked.locator(f'[name="{name}"]')
                if field.first.get_attribute("type") == "text":
                    field.fill(value)
                else:
                    asked.locator(f'[name="{name}"][value="{value}"]').check()
                given.append((name, value))
        return given

    def of(self, asked, *, right=True):
        """What to write, or the keys of what to choose, for the question in this fieldset."""
        stem = _plain(asked.locator("legend > span").inner_text())
        question = self.questions[self.by_stem[stem]]
        if question["kind"] == "numeric":
            return [question["answer"] if right else "987654"]
        correct = [str(key).lower() for key in question["correct"]]
        if right:
            return correct
        keys = question.get("choices", ["true", "false"])
        return [key for key in keys if key not in correct][:1]

"""Each course's blueprint: its tables agree with the course files, with each other, and with their own sums."""

import math
import re
from collections import Counter

import pytest

from maarifa.coursefiles.reading import read_folder
from maarifa.coursefiles.shapes import BankFile, BankTextsFile, LessonFile
from maarifa.curriculum.activities.lesson import minutes_of
from tests.services import ROOT

# What the curriculum promises to teach, by the course that teaches it.
PROMISED = {
    "ai-governance-foundations": """two hands|full-cycle|bias, disinformation, privacy, systemic|
        Personal Information Protection Law|Data Security Law|Interim Measures|deep synthesis|
        algorithm rules|labelling|standardization guide|Shanghai's local|EU AI Act|
        Council of Europe|US federal and state|OECD|NIST AI RMF|ISO/IEC 42001|Africa|
        Latin America|Central and Southeast Asia|State surveillance|Export controls|
        Global AI Governance Initiative|resolutions of 2024|Shanghai Declaration|
        Global Digital Compact|Scientific Panel|Global Dialogue|2025 Action Plan|
        training programmes|joint research|infrastructure support|Impact assessment|Procurement|
        Sandbox|Incident process|A policy of one's own""",
    "open-models-at-low-cost": """Open weights|licence|DeepSeek|MiniMax|Qwen|gpt-oss|Llama|Mistral|Gemma|Falcon|Jais|
        InkubaLM|SEA-LION|Sarvam|Latam-GPT|quantization|GQA and MLA|speed|Raspberry Pi|
        Electricity|break-even|llama.cpp, Ollama and vLLM|distilled DeepSeek|Sizing MiniMax|
        Retrieval|LoRA|own language|Safety|Prompt injection|Data protection, logs|Offline|
        Total cost and exit""",
}


class Blueprint:
    def __init__(self, key):
        self.folder = read_folder(ROOT / "courses" / key)
        self.text = (self.folder.root / "blueprint.md").read_text()
        self.plan = self.folder.course

    def table(self, *headings: str) -> list[list[str]]:
        """The rows of the first table whose heading begins with these cells, without backticks."""
        lines, first = self.text.splitlines(), f"| {' | '.join(headings)} |"
        start = next(number for number, line in enumerate(lines) if line.startswith(first))
        rows = []
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
        return rows

    def lessons(self) -> dict[str, dict]:
        return {
            key: {"module": int(module), "minutes": int(reading) + int(activity), "written": written == "yes"}
            for key, module, reading, activity, written, _about in self.table("Lesson")
        }


@pytest.fixture(params=PROMISED)
def blueprint(request):
    return Blueprint(request.param)


def test_written_lessons_are_those_of_the_course_with_their_minutes(blueprint):
    found = {}
    for number, module in enumerate(blueprint.plan.modules, 1):
        for lesson in module.lessons:
            text = blueprint.folder.find(
                LessonFile, lesson=lesson.key, language=blueprint.plan.source_language
            )
            found[lesson.key] = {"module": number, "minutes": minutes_of(lesson, text.shape), "written": True}
    planned = blueprint.lessons()
    assert {key: row for key, row in planned.items() if row["written"]} == found
    assert 20 <= len(planned) <= 24
    assert {row["module"] for row in planned.values()} == set(range(1, 7))


def test_minutes_add_up_to_ten_to_twelve_hours(blueprint):
    lessons = blueprint.lessons()
    total = 0
    for number, _title, count, minutes, worksheet in blueprint.table("Module"):
        those = [row["minutes"] for row in lessons.values() if row["module"] == int(number)]
        assert (len(those), sum(those) + 15) == (int(count), int(minutes)), number
        assert worksheet
        total += int(minutes)
    assert f"{len(lessons)} lessons, {total} minutes: {total / 60:.1f} hours." in blueprint.text
    assert 600 <= total <= 720
    assert {module.quiz.minutes for module in blueprint.plan.modules} == {15}


def test_path_of_the_decision_maker_takes_about_four_hours(blueprint):
    lessons = blueprint.lessons()
    path = re.search(
        r"\*\*Decision-maker\*\*: (.+?): (\d+) minutes, ([\d.]+) hours", blueprint.text, re.DOTALL
    )
    minutes = sum(lessons[key]["minutes"] for key in re.findall(r"`([a-z-]+)`", path[1]))
    assert (minutes, round(minutes / 60, 1)) == (int(path[2]), float(path[3]))
    assert 3.5 <= minutes / 60 <= 4.5


def test_outcomes_are_those_of_the_course_and_each_is_taught_and_examined(blueprint):
    rows = blueprint.table("Outcome")
    outcomes = [row[0] for row in rows]
    assert [key for key in outcomes if key in blueprint.plan.outcomes] == blueprint.plan.outcomes
    modules = {int(row[3]) for row in rows}
    assert modules == set(range(1, 7))
    assert {row[2] for row in rows} == {"planning", "data", "management"}
    written = {
        outcome: number
        for number, module in enumerate(blueprint.plan.modules, 1)
        for lesson in module.lessons
        for outcome in lesson.outcomes
    }
    assert {row[0]: int(row[3]) for row in rows if row[0] in written} == written


def test_every_topic_has_its_lesson(blueprint):
    lessons = blueprint.lessons()
    rows = blueprint.table("Topic")
    for topic, where in rows:
        assert set(where.split(", ")) <= set(lessons), topic
    taught = Counter(key for _topic, where in rows for key in where.split(", "))
    assert set(lessons) - set(taught) <= {"law-in-your-country"}
    topics = "\n".join(topic for topic, _where in rows).lower()
    promised = [one.strip().lower() for one in PROMISED[blueprint.plan.key].split("|")]
    assert [one for one in promised if one not in topics] == []


def test_exam_asks_thirty_and_recalls_least(blueprint):
    rows = blueprint.table("Outcome", "Recall", "Application", "Judgement", "Sample")
    *cells, together = [[row[0], *map(int, row[1:])] for row in rows]
    assert [sum(column) for column in zip(*(row[1:] for row in cells), strict=True)] == together[1:]
    recall, application, judgement, sample = together[1:]
    assert (recall + application + judgement, sample) == (30, 20)
    assert recall < judgement <= application
    assert [row[0] for row in cells] == [row[0] for row in blueprint.table("Outcome")]
    assert all(row[4] <= sum(row[1:4]) for row in cells)


def test_sample_of_the_exam_follows_its_plan_in_every_language(blueprint):
    rows = blueprint.table("Outcome", "Recall", "Application", "Judgement", "Sample")[:-1]
    levels = ("recall", "application", "judgement")
    allowed = {
        row[0]: {level for level, count in zip(levels, row[1:4], strict=True) if int(count)} for row in rows
    }
    bank = blueprint.folder.find(BankFile, bank="exam-sample").shape
    assert bank.kind == "sample"
    assert Counter(one.outcome for one in bank.questions) == {row[0]: int(row[4]) for row in rows}
    assert [one.key for one in bank.questions if one.level not in allowed[one.outcome]] == []
    elsewhere = {
        one.key
        for read in blueprint.folder.of_kind(BankFile)
        if read.shape is not bank
        for one in read.shape.questions
    }
    asked = {one.key for one in bank.questions}
    assert not asked & elsewhere
    for language in blueprint.plan.languages:
        words = blueprint.folder.find(BankTextsFile, bank="exam-sample", language=language)
        assert set(words.shape.questions) == asked


def test_numbers_of_the_pilot_follow_from_what_they_state(blueprint):
    each = (1.96 + 0.84) ** 2 * (0.5 * 0.5 + 0.7 * 0.3) / 0.2**2
    error = (1 - 0.25**2) / math.sqrt(100 - 1)
    people = math.ceil(each)
    for said in (
        f"= {each:.1f}, so {people} in each group",
        f"{people} who finish need {math.ceil(people / 0.15)} who start",
        f"keeps 60 percent needs {math.ceil(people / 0.6)}",
        f"= {error:.3f}",
    ):
        assert said in blueprint.text
    assert math.ceil(people / 0.6) <= 2 * 80

"""Every number that a lesson works out is recomputed from the inputs that it states."""

import re

import pytest

from tests.coursefiles.worked import exam_of_governance, exam_of_open_models, foundations, full_cycle
from tests.coursefiles.worked import memory_and_hardware as sizing
from tests.services import ROOT

pytestmark = pytest.mark.once

COURSES = ROOT / "courses"
# Each module's course and bank.
MODULES = {
    sizing: ("open-models-at-low-cost", "memory-and-hardware"),
    foundations: ("ai-governance-foundations", "foundations"),
    full_cycle: ("ai-governance-foundations", "full-cycle"),
    exam_of_governance: ("ai-governance-foundations", "exam-sample"),
    exam_of_open_models: ("open-models-at-low-cost", "exam-sample"),
}
WORKED = [(module, *line) for module in MODULES for line in module.WORKED]
LIMIT = 0.85


def text_of(module, where):
    """The printed text that `where` names, in the source language."""
    course, bank = MODULES[module]
    root = COURSES / course
    head, _, key = where.partition("/")
    if head == "banks":
        words = (root / f"banks/{bank}.en.yaml").read_text()
        return re.search(rf"^  {key}:\n((?:    .*\n)+)", words, re.MULTILINE)[1]
    if head in ("worksheets", "figures"):
        return next((root / head).glob(f"{key}.en.*")).read_text()
    lesson = (root / head / "lesson.en.md").read_text()
    if not key:
        return re.sub(r"```practice\n.*?```", "", lesson, flags=re.DOTALL)
    return re.search(rf"```practice\nkey: {key}\n(.*?)```", lesson, re.DOTALL)[1]


@pytest.mark.parametrize(
    ("module", "where", "printed", "compute"), WORKED, ids=[f"{at}: {said}" for _, at, said, _ in WORKED]
)
def test_worked_number_follows_from_its_inputs(module, where, printed, compute):
    assert printed in text_of(module, where)
    number = re.findall(r"\d[\d,]*(?:\.\d+)?", printed)[-1].replace(",", "")
    places = len(number.partition(".")[2])
    assert compute() == pytest.approx(float(number), abs=0.5 * 10**-places + 1e-9)


def test_duties_of_the_comparison_are_counted_from_its_cards():
    lesson = (COURSES / "ai-governance-foundations/who-must-be-told/lesson.en.md").read_text()
    cards = re.findall(r"```jurisdiction\nkey: (.+)\n", lesson)
    for duty, held in full_cycle.DUTIES.items():
        assert set(held) <= set(cards)
        assert re.search(rf"\| {duty} \| \w+ \| {len(held)} of {len(cards)} \|", lesson), duty


def test_cache_arithmetic_gives_qwens_published_table():
    assert [
        (tokens, published, round(computed)) for tokens, published, _, computed in sizing.qwen_table()
    ] == [(1, 15947, 15947), (6144, 16811, 16811), (14336, 17963, 17963), (30720, 20267, 20267)]


def test_every_class_of_machine_carries_what_its_row_says():
    """With weights, cache, overhead and, where they share the memory, the operating system and other programs."""
    found = {(machine, model): need / memory for machine, model, need, memory in sizing.classes()}
    tight = {name for name, share in found.items() if LIMIT < share <= 1}
    assert tight == {("RTX 3060, 12 GB", "14B"), ("RTX 4090, 24 GB", "32B")}
    assert all(share <= LIMIT for name, share in found.items() if name not in tight)

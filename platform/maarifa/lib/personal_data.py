"""What a table holds of people. Every room with tables lists all of them in its `personal_data.py`:

    PERSONAL_DATA = [
        Held(
            model="accounts.User",
            fields={"name": "the name the person gave", "email": "where to write to them"},
            purpose="to know who learns, and to write to them",
            retention="until the account is erased",
            on_erasure="blank",
            why="what they earned still points to the row",
        ),
        Held.nothing("curriculum.Course", why="what is taught, not who learns it"),
    ]

A model may have several entries, where some of its fields are blanked and others kept. tests/test_house.py sees
to it that no table is missing: those of other people's packages and of history included, in some room's list.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Literal

from django.apps import apps
from django.utils.module_loading import module_has_submodule

SHELF = "personal_data"


@dataclass(frozen=True, kw_only=True)
class Held:
    model: str
    fields: dict[str, str] = field(default_factory=dict)
    purpose: str = ""
    retention: str = ""
    on_erasure: Literal["delete", "blank", "keep"] = "keep"
    why: str

    def __post_init__(self):
        if self.fields and not (self.purpose and self.retention):
            raise ValueError(f"{self.model}: say what the fields are held for, and for how long.")
        if self.on_erasure not in ("delete", "blank", "keep"):
            raise ValueError(f"{self.model}: on_erasure={self.on_erasure!r}: write delete, blank or keep.")
        if not self.why:
            raise ValueError(f"{self.model}: say why.")

    @classmethod
    def nothing(cls, model: str, *, why: str) -> "Held":
        """A table with nothing about a person in it."""
        return cls(model=model, why=why)

    def get_model(self):
        return apps.get_model(self.model)


def everything_held() -> list[Held]:
    """All rooms' entries, from the top of the house down: what refers to a row goes before the row."""
    return [
        held
        for room in apps.get_app_configs()
        if room.name.startswith("maarifa.") and module_has_submodule(room.module, SHELF)
        for held in import_module(f"{room.name}.{SHELF}").PERSONAL_DATA
    ]

"""Who is in the demo, and how far each has come.

Everybody here is made up: the second name of each means “example” in a language of theirs, and every address ends
in example.org, where nobody reads mail.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody whose sign-in the demo gives out."""

    role: str
    name: str
    language: str
    name_latin: str = ""
    zone: str = "Africa/Nairobi"

    @property
    def username(self) -> str:
        return f"demo-{self.role}"

    @property
    def email(self) -> str:
        return f"{self.username}@example.org"


@dataclass(frozen=True)
class Member:
    """Somebody of the group. Moments are days ago: invited, accepted, each lesson, each try at a quiz.

    Whoever passed one quiz tries the next.
    """

    number: str
    name: str
    email: str = ""
    language: str = "en"
    name_latin: str = ""
    invited: int = 24
    accepted: int | None = None
    lessons: tuple[int, ...] = ()
    tries: tuple[tuple[int, str], ...] = ()


LEARNER = Person("learner", "Wanjiru Mfano", "en")
INSTRUCTOR = Person("instructor", "Amadou Exemple", "en", zone="Africa/Dakar")
COORDINATOR = Person("coordinator", "Hauwa Misali", "en", zone="Africa/Lagos")
OBSERVER = Person("observer", "Rosa Ejemplo", "en", zone="America/La_Paz")
TO_SIGN_IN = (LEARNER, INSTRUCTOR, COORDINATOR)

# What stands where a real person's consent would.
NOBODY_AGREED = "(demo data: no real person agreed to this)"
MEMBERS = (
    Member("C-101", LEARNER.name, LEARNER.email, accepted=9, lessons=(2,)),
    Member(
        "C-102",
        "أمينة مثال",
        "amina.mithal@example.org",
        "ar",
        "Amina Mithal",
        accepted=23,
        lessons=(21, 20, 19, 18, 18, 17, 17, 16),
        tries=((19, "right"), (15, "right")),
    ),
    Member(
        "C-103",
        "Thandeka Umzekelo",
        "thandeka.umzekelo@example.org",
        accepted=22,
        lessons=(20, 19, 18, 17, 16, 15, 15, 14),
        tries=((17, "right"), (13, "wrong"), (12, "right")),
    ),
    Member("C-104", "ትዕግስት ምሳሌ", "tigist.misale@example.org", accepted=20, lessons=(12,)),
    Member(
        "C-105",
        "Awa Exemple",
        "awa.exemple@example.org",
        "fr",
        accepted=19,
        lessons=(10, 6, 4),
        tries=((3, "wrong"), (1, "wrong")),
    ),
    Member("C-106", "अनीता उदाहरण", "anita.udaharan@example.org", accepted=15, lessons=(4, 1)),
    Member(
        "C-107",
        "Nguyễn Thí Dụ",
        "nguyen.thidu@example.org",
        accepted=11,
        lessons=(6, 3, 1),
        tries=((0, "open"),),
    ),
    Member("C-108", "Нодира Мисол", "nodira.misol@example.org", accepted=10, lessons=(8, 2)),
    Member("C-109", "محمد الأمين ولد مثال", "mohamed.mithal@example.org", "ar", accepted=6, lessons=(5,)),
    Member("C-110", "আয়েশা উদাহরণ", "ayesha.udahoron@example.org", invited=2),
    Member("C-111", "Suharti", "suharti@example.org"),
    # No address: a card with a code to type.
    Member("C-112", "Babajide Àpẹẹrẹ"),
)
REFUSED_ADDRESS = "suharti@example.org"

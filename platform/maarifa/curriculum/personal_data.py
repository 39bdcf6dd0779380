"""What this app holds of people: who wrote and who published, never who learns."""

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [
    *(
        PersonalDataEntry(
            model=f"curriculum.{name}",
            fields={"reviewed_by": "who marked the translation as reviewed", "reviewed_at": "when"},
            purpose="to know who is responsible for a translation",
            retention="until another person reviews it",
            on_erasure="keep",
            why="it refers to the account, which no longer contains a name",
            person="reviewed_by",
        )
        for text in ("CourseText", "LessonText", "Material")
        for name in (text, f"Historical{text}")
    ),
    PersonalDataEntry(
        model="curriculum.Edition",
        fields={
            "published_by": "who published it",
            "published_at": "when",
            "note": "the publisher's note about what changed",
        },
        purpose="to know who is responsible for what learners read",
        retention="permanently",
        on_erasure="keep",
        why="an edition never changes; it refers to the account, which no longer contains a name",
    ),
    *(
        PersonalDataEntry(
            model=f"curriculum.Historical{name}",
            fields={"history_user": "who changed it", "history_date": "when"},
            purpose="to see how a text has changed, and who to ask about it",
            retention="permanently",
            on_erasure="keep",
            why="it refers to the account, which no longer contains a name",
            person="history_user",
        )
        for name in ("Course", "CourseText", "Module", "Activity", "Lesson", "LessonText", "Material")
    ),
    PersonalDataEntry.nothing("curriculum.Course", why="course content; the names of its authors are public"),
    PersonalDataEntry.nothing("curriculum.Module", why="a part of a course"),
    PersonalDataEntry.nothing("curriculum.Activity", why="the position of a lesson or a quiz in its module"),
    PersonalDataEntry.nothing("curriculum.Lesson", why="a part of a course"),
    PersonalDataEntry.nothing("curriculum.Picture", why="a figure of a course, which is public"),
    PersonalDataEntry.nothing("curriculum.Document", why="the text of a lesson, which is public"),
    PersonalDataEntry.nothing(
        "curriculum.PracticeQuestion", why="a practice question of a lesson, which is public"
    ),
    PersonalDataEntry.nothing("curriculum.EditionEntry", why="which documents are in an edition"),
    PersonalDataEntry.nothing("curriculum.EditionQuiz", why="which version of a quiz is in an edition"),
    PersonalDataEntry.nothing("curriculum.LoadedFile", why="a digest of a file of a course"),
]

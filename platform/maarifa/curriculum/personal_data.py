"""What this app holds of people: who wrote and who published, never who learns."""

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [
    *(
        PersonalDataEntry(
            model=f"curriculum.{name}",
            fields={"reviewed_by": "who said that the translation is reviewed", "reviewed_at": "when"},
            purpose="to know who answers for a translation",
            retention="until somebody else reviews it",
            on_erasure="keep",
            why="it points to the account, which names nobody any more",
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
            "note": "what they wrote about it",
        },
        purpose="to know who answers for what learners read",
        retention="for good",
        on_erasure="keep",
        why="an edition never changes; it points to the account, which names nobody any more",
    ),
    *(
        PersonalDataEntry(
            model=f"curriculum.Historical{name}",
            fields={"history_user": "who changed it", "history_date": "when"},
            purpose="to see how a text came to be what it is, and whom to ask",
            retention="for good",
            on_erasure="keep",
            why="it points to the account, which names nobody any more",
            person="history_user",
        )
        for name in ("Course", "CourseText", "Module", "Activity", "Lesson", "LessonText", "Material")
    ),
    PersonalDataEntry.nothing(
        "curriculum.Course", why="what is taught; its authors are named as the public reads them"
    ),
    PersonalDataEntry.nothing("curriculum.Module", why="a part of a course"),
    PersonalDataEntry.nothing("curriculum.Activity", why="where a lesson or a quiz stands in its module"),
    PersonalDataEntry.nothing("curriculum.Lesson", why="a part of a course"),
    PersonalDataEntry.nothing("curriculum.Picture", why="a figure of a course, as anybody sees it"),
    PersonalDataEntry.nothing("curriculum.Document", why="the text of a lesson, as anybody reads it"),
    PersonalDataEntry.nothing("curriculum.EditionEntry", why="which documents an edition holds"),
    PersonalDataEntry.nothing("curriculum.EditionQuiz", why="which version of a quiz an edition holds"),
    PersonalDataEntry.nothing("curriculum.LoadedFile", why="a digest of a file of a course"),
]

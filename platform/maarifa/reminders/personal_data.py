"""What reminders hold of people."""

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [
    PersonalDataEntry(
        model="reminders.Reminder",
        fields={
            "enrolment": "whose pause it was",
            "occasion": "when the person was last active in the course",
        },
        purpose="to remind once, and never twice about one pause",
        retention="as long as the enrolment",
        on_erasure="delete",
        why="nothing rests on a reminder once its person is gone",
        person="enrolment__learner",
        says={"enrolment": lambda row: row.enrolment.course.key},
        joins=("enrolment__course",),
    ),
    PersonalDataEntry(
        model="reminders.ReviewReminder",
        fields={"learner": "who", "decided_at": "when it was decided to write that questions are ready"},
        purpose="to write about reviews once a week at most",
        retention="until the account is erased",
        on_erasure="delete",
        why="nothing rests on a reminder once its person is gone",
    ),
]

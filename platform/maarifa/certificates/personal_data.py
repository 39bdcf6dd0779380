"""What certificates hold of people."""

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [
    PersonalDataEntry(
        model="certificates.Certificate",
        fields={
            "learner": "who earned it",
            "code": "the code it is checked by",
            "earned_on": "the day on which they finished the course",
        },
        purpose="so that anybody can check the certificate",
        retention="for ever",
        on_erasure="keep",
        why="the code goes on answering, with “withdrawn”, once the account is erased",
    ),
    PersonalDataEntry(
        model="certificates.CertificateVersion",
        fields={
            "name": "the name printed",
            "name_latin": "the same in Latin letters",
            "name_check": "who else says that it is their name",
            "course_title": "what was learnt",
            "institution": "with whom",
            "earned_place": "where an examination was held",
            "earned_on": "when it was earned",
            "pdf_digest": "the digest of the printed page, which is kept beside it",
            "made_by": "who corrected it",
            "by_holder": "whether it was the holder",
        },
        purpose="to show what the certificate says to whoever checks it",
        retention="until the account is erased",
        on_erasure="delete",
        why="everything on it is about the person",
        person="certificate__learner",
    ),
    PersonalDataEntry(
        model="certificates.Revocation",
        fields={"reason": "why the certificate was withdrawn", "at": "when", "by": "who withdrew it"},
        purpose="to tell whoever checks the certificate",
        retention="until the account is erased",
        on_erasure="delete",
        why="the reason may say something about the person",
        person="certificate__learner",
    ),
]

"""What certificates hold of people."""

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [
    PersonalDataEntry(
        model="certificates.Certificate",
        fields={
            "learner": "the person who earned it",
            "code": "the code used to check it",
            "earned_on": "the day on which they finished the course",
        },
        purpose="so that anyone can check the certificate",
        retention="permanently",
        on_erasure="keep",
        why="after the account is erased, anyone who checks the code still sees that the certificate was withdrawn",
    ),
    PersonalDataEntry(
        model="certificates.CertificateVersion",
        fields={
            "name": "the name printed on it",
            "name_latin": "the name in Latin letters",
            "name_check": "who confirmed the name",
            "course_title": "the title of the course",
            "institution": "the institution",
            "earned_place": "the place of the examination",
            "earned_on": "the date on which it was earned",
            "pdf_digest": "the digest of the PDF, which is stored with it",
            "made_by": "the person who corrected it",
            "by_holder": "whether the holder corrected it",
        },
        purpose="to show what the certificate says to anyone who checks it",
        retention="until the account is erased",
        on_erasure="delete",
        why="all of its content is about the person",
        person="certificate__learner",
    ),
    PersonalDataEntry(
        model="certificates.Revocation",
        fields={
            "reason": "the reason for revoking the certificate",
            "at": "when",
            "by": "the person who revoked it",
        },
        purpose="to tell anyone who checks the certificate",
        retention="until the account is erased",
        on_erasure="delete",
        why="the reason may contain personal information",
        person="certificate__learner",
    ),
]

"""Certificates, one after the other in one process as a worker makes them, against the bare PDF."""

import os

from django.utils import timezone

from tests.bench import measuring, people

SIZES = {"full": {"rounds": 10, "times": 60}, "tiny": {"rounds": 2, "times": 2}}


def measure(size) -> measuring.Result:
    from maarifa.accounts.models import User
    from maarifa.certificates.actions import issue_certificate
    from maarifa.certificates.models import Certificate, CertificateVersion
    from maarifa.certificates.pdf import certificate_pdf
    from maarifa.certificates.printing import printed_words

    at = timezone.now()
    count = (size["rounds"] + 1) * size["times"]
    people.many_learners(count, course=people.shipped_course(), prefix="done", at=at)
    User.objects.filter(username__startswith="done").update(
        certificate_name="أمينة قارئة", certificate_name_latin="Amina Reader", names_confirmed_at=at
    )
    queue(at)
    waiting = list(Certificate.objects.values_list("pk", flat=True))
    assert len(waiting) == count
    backend = people.backend()

    def issue():
        with measuring.Stopwatch(backend) as watch:
            for _ in range(size["times"]):
                assert issue_certificate(certificate_id=waiting.pop(), at=timezone.now())
        return watch.cpu / size["times"]

    issue()
    version = CertificateVersion.objects.first()
    words = printed_words(version.certificate.display_code, version, "https://example.org/verify/CODE")

    def bare():
        return measuring.own_cpu(lambda: certificate_pdf(words), size["times"])

    bare()
    held = [measuring.pss_of([os.getpid()])]
    rounds = measuring.interleaved(size["rounds"], {"issue": issue, "bare": bare})
    held.append(measuring.pss_of([os.getpid()]))
    found = measuring.Result()
    found.add("a certificate, CPU", "ms", measuring.column(rounds, "issue", times=1000), budget=12)
    found.add("certificate ÷ its bare PDF, CPU", "×", measuring.ratios(rounds, "issue", "bare"))
    found.add("certificates for each CPU second", "", [1 / one["issue"] for one in rounds])
    found.add("memory of who makes certificates", "MB", held, budget=150)
    found.add(
        f"memory that {size['rounds'] * size['times']:,} more certificates add", "MB", [held[1] - held[0]]
    )
    return found


def queue(at) -> None:
    """Everybody has finished the course, and is pending a certificate."""
    from maarifa.certificates.actions import queue_certificate
    from maarifa.certificates.models import Certificate
    from maarifa.learning.models import CourseCompletion, Enrolment

    first = Enrolment.objects.select_related("course").order_by("pk").first()
    completion = CourseCompletion.objects.create(
        enrolment=first, edition_id=first.edition_id, completed_at=at
    )
    people.multiply(completion, "learning_enrolment AS e", where=f"e.id > {first.pk}", enrolment_id="e.id")
    for completion in CourseCompletion.objects.select_related("enrolment"):
        queue_certificate(completion=completion)
    Certificate.objects.update(due_at=at)

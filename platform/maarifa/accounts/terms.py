"""What the site keeps of somebody, as they agree to it when their account begins: see `Consent`."""

from django.utils.translation import gettext_lazy as _

TERMS = _(
    "I agree that this site keeps my name and contact details, what I have read and answered, and my "
    "results, for my learning and certificates. It shows them to other people only if I agree to that "
    "separately. One exception: anyone who has the code of a certificate can see what is printed on "
    "it. At any time, I can withdraw my consent to sharing, correct my details and close my account. I "
    "can also get a copy of all data held about me, and ask for it to be erased."
)
TERMS_REQUIRED = _("To create an account, you need to agree. We can keep your data only with your consent.")

"""What the site keeps of somebody, as they agree to it when their account begins: see `Consent`."""

from django.utils.translation import gettext_lazy as _

TERMS = _(
    "I agree that this site keeps my name, how to reach me, what I have read and answered, and my results, so"
    " that I can learn and be certified. It shows them to nobody else unless I agree, except what stands on a"
    " certificate, to whoever has its code. I can get a copy of everything that is kept of me, and close my"
    " account, at any time."
)

"""Where everything stands: pages for people under the prefix of the interface language, the rest without one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from maarifa.accounts.limits import too_often_for_allauth
from maarifa.certificates import urls as certificates
from maarifa.delivery import urls as delivery
from maarifa.pages import urls as pages

# Where allauth answers that somebody came too often.
handler429 = too_often_for_allauth

urlpatterns = [
    path("", include(pages.without_language)),
    path("admin/", admin.site.urls),
    path("", include("maarifa.curriculum.urls")),
    path("", include("maarifa.operations.urls")),
    path("", include(delivery.without_language)),
    path("verify/", include(certificates.without_language)),
    *i18n_patterns(
        path("", include("maarifa.pages.urls")),
        path("account/", include("maarifa.accounts.urls")),
        path("account/", include("allauth.account.urls")),
        path("", include("maarifa.delivery.urls")),
        path("", include("maarifa.learning.urls")),
        path("certificates/", include("maarifa.certificates.urls")),
        path("", include("maarifa.cohorts.urls")),
    ),
]

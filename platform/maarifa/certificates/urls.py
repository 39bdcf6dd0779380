from django.urls import path

from maarifa.certificates import views

urlpatterns = [
    path("", views.certificates, name="certificates"),
    path("names/", views.confirm_names, name="confirm-names"),
    path("<str:code>/name/", views.correct_name, name="correct-name"),
    path("<str:code>.pdf", views.certificate_file, name="certificate-pdf"),
]

# A machine and a stranger with a paper in hand come to the same address, whatever their language.
without_language = [
    path("", views.verify, name="verify"),
    path("<str:code>.json", views.verify_json, name="verify-json"),
    path("<str:code>", views.verify_code, name="verify-code"),
    path("<str:code>/", views.verify_code),
]

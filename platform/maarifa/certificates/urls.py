from django.urls import path

from maarifa.certificates import views

urlpatterns = [
    path("", views.certificates, name="certificates"),
    path("names/", views.confirm_names, name="confirm-names"),
    path("<str:code>.pdf", views.certificate_file, name="certificate-pdf"),
]

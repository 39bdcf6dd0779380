from django.urls import path

from maarifa.certificates import views

urlpatterns = [
    path("", views.verify, name="verify"),
    path("<str:code>.json", views.verify_json, name="verify-json"),
    path("<str:code>", views.verify_code, name="verify-code"),
]

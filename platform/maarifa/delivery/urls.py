"""Without a language's prefix: the link in a message is good for everybody, and a mail program posts to
it.
"""

from django.urls import path

from maarifa.delivery import views

urlpatterns = [
    path("unsubscribe/<str:token>", views.unsubscribe, name="unsubscribe"),
]

"""The account's page of messages; and, without a language's prefix, the link in a message, which is good for everybody
and which mail programs post to.
"""

from django.urls import path

from maarifa.delivery import views

without_language = [
    path("unsubscribe/<str:token>", views.unsubscribe, name="unsubscribe"),
]

urlpatterns = [path("account/messages/", views.wanted_messages, name="wanted-messages")]

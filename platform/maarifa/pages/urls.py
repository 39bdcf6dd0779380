from django.urls import path

from maarifa.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("learning/", views.my_learning, name="my-learning"),
    path("help/", views.help_page, name="help"),
    path("help/coordinators/", views.help_for_coordinators, name="help-coordinators"),
    path("help/instructors/", views.help_for_instructors, name="help-instructors"),
]

without_language = [path("", views.root, name="root")]

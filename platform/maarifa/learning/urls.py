from django.urls import path

from maarifa.learning.views import courses, door, lessons, quizzes

urlpatterns = [
    path("courses/", courses.catalogue, name="catalogue"),
    path("courses/<slug:course>/", courses.course, name="course"),
    path("courses/<slug:course>/enrol/", courses.enrol, name="enrol"),
    path("courses/<slug:course>/language/", courses.language, name="course-language"),
    path("learn/events/", door.events, name="events"),
    path("learn/<slug:course>/<slug:lesson>/", lessons.lesson, name="lesson"),
    path("learn/<slug:course>/<slug:lesson>/sources/", lessons.sources, name="sources"),
    path("learn/<slug:course>/quiz/<slug:quiz>/", quizzes.quiz, name="quiz"),
    path("learn/<slug:course>/quiz/<slug:quiz>/<uuid:attempt>/", quizzes.attempt, name="attempt"),
    path("learn/<slug:course>/quiz/<slug:quiz>/<uuid:attempt>/result/", quizzes.result, name="result"),
]

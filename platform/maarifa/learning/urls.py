from django.urls import path

from maarifa.learning.views import attempts, courses, events, lessons, materials, practice, quizzes, review

urlpatterns = [
    path("courses/", courses.catalogue, name="catalogue"),
    path("courses/<slug:course>/", courses.course, name="course"),
    path("courses/<slug:course>/enrol/", courses.enrol, name="enrol"),
    path("courses/<slug:course>/language/", courses.language, name="course-language"),
    path("learn/events/", events.events, name="events"),
    path("review/", review.review, name="review"),
    path("review/answers/", review.answers, name="review-answers"),
    path("review/<uuid:form>/", review.result, name="review-result"),
    # Before the lessons: no lesson has this key.
    path("learn/<slug:course>/glossary/", materials.glossary, name="glossary"),
    path("learn/<slug:course>/worksheets/", materials.workbook, name="workbook"),
    path("learn/<slug:course>/worksheets/<slug:worksheet>/", materials.worksheet, name="worksheet"),
    path("learn/<slug:course>/<slug:lesson>/", lessons.lesson, name="lesson"),
    path("learn/<slug:course>/<slug:lesson>/sources/", lessons.sources, name="sources"),
    path("learn/<slug:course>/quiz/<slug:quiz>/", quizzes.quiz, name="quiz"),
    path("learn/<slug:course>/quiz/<slug:quiz>/<uuid:attempt>/", attempts.attempt, name="attempt"),
    path(
        "learn/<slug:course>/quiz/<slug:quiz>/<uuid:attempt>/answers/",
        attempts.answers,
        name="attempt-answers",
    ),
    path("learn/<slug:course>/quiz/<slug:quiz>/<uuid:attempt>/time/", attempts.time, name="attempt-time"),
    path("learn/<slug:course>/quiz/<slug:quiz>/<uuid:attempt>/send/", attempts.send, name="attempt-send"),
    path("learn/<slug:course>/quiz/<slug:quiz>/<uuid:attempt>/result/", quizzes.result, name="result"),
    # After the quizzes: one of them may have the key “practice”.
    path("learn/<slug:course>/<slug:lesson>/practice/", practice.answers, name="practice-answers"),
    path("learn/<slug:course>/<slug:lesson>/practice/<slug:key>/", practice.practice, name="practice"),
]

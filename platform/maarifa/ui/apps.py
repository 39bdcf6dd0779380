from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "maarifa.ui"
    label = "ui"

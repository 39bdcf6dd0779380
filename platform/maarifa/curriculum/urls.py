from django.urls import path

from maarifa.curriculum import views

urlpatterns = [path("media/<slug:digest>.svg", views.picture, name="picture")]

"""Addresses of the screens that only revisions have."""

from __future__ import annotations

from django.urls import path

from linchpin.chapters.support.revisions import views

urlpatterns = [
    path("revision/<str:number>/since/<str:other>/", views.compared, name="compare"),
    path("revision/<str:number>/pictures/<str:name>", views.picture, name="word_picture"),
]

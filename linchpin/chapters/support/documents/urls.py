"""Addresses of the screens that only documents have."""

from __future__ import annotations

from django.urls import path

from linchpin.chapters.support.documents import views

urlpatterns = [
    path("document/due-for-disposal/", views.due_for_disposal, name="due_for_disposal"),
    path("document/<str:number>/records/", views.kept, name="kept_under"),
]

"""Addresses of the screens that only audit programs have."""

from __future__ import annotations

from django.urls import path

from linchpin.chapters.evaluation.programs import views

urlpatterns = [
    path("audits/coverage/", views.coverage, name="audit_coverage"),
    path("audits/coverage/<str:clause>/<int:unit>/", views.cell, name="audit_cell"),
    path("audits/program/", views.current, name="current_program"),
    path("audit_program/<str:number>/units/", views.take_units_in, name="take_units_in"),
]

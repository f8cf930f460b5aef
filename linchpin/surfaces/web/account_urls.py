"""Addresses of “Your account”, before those of the sign-in library: its lists are on our page, its sign-up is closed."""

from __future__ import annotations

from django.urls import path, re_path
from django.views.generic import RedirectView

from linchpin.surfaces.web import account_pages, administering, calendars

urlpatterns = [
    path("", account_pages.account, name="account"),
    path("2fa/", RedirectView.as_view(url="/account/#second")),
    path("2fa/webauthn/", RedirectView.as_view(url="/account/#second")),
    path("sessions/", RedirectView.as_view(url="/account/#places")),
    path("sessions/<int:pk>/end/", account_pages.end_session, name="end_session"),
    path("sessions/end/", account_pages.end_other_sessions, name="end_other_sessions"),
    path("tokens/<int:pk>/new/", account_pages.new_token, name="new_token"),
    path("tokens/<int:pk>/end/", account_pages.end_token, name="end_token"),
    path("language/", account_pages.choose_language, name="choose_language"),
    path("calendars/new/", calendars.make, name="new_calendar"),
    path("of/<int:pk>/<slug:what>/", administering.act, name="act_on_account"),
    path("oidc/<slug:provider_id>/login/", account_pages.single_sign_on),
    path("signup/", account_pages.closed),
    re_path(r"^email/.*$", account_pages.closed),
    re_path(r"^confirm-email/.*$", account_pages.closed),
    path("3rdparty/", account_pages.closed),
    re_path(r"^3rdparty/signup/.*$", account_pages.closed),
    re_path(r"^social/.*$", account_pages.closed),
]

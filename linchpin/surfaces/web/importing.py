from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def _later(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404


imports = new = stand = columns = accept = undo = rejected = profile = reconciliation = job = cancel_job = _later

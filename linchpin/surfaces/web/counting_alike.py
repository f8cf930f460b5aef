"""Problems like the one that is analyzed, in the browser: counted as chosen on the page, and kept with the analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linchpin.chapters.improvement.analyses.alike import BY, PERIODS, PROBLEM, alike, asked_of
from linchpin.chapters.improvement.analyses.bars import KIND, rows_drawn
from linchpin.chapters.improvement.analyses.saying_alike import about, figures_of, sentences_of
from linchpin.kernel import commands
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.record import record_or_404

KEY = "root_cause_analysis"


@login_required
@require_safe
def count(request: HttpRequest, number: str) -> HttpResponse:
    """The chart, and the form that it is asked for with."""
    access: Access = request.access  # type: ignore[attr-defined]
    analysis = record_or_404(KEY, number, access)
    found = alike(analysis, asked_of(analysis, access, _given(request.GET)), access)
    kind, (more_groups, more_cases) = get_type(PROBLEM), found.more
    context = {
        "record": analysis,
        "plural": get_type(KEY).plural(access.person.labels),
        "found": found,
        "about": about(found),
        "sentences": sentences_of(found),
        "rows": rows_drawn(found.bars),
        "more_groups": more_groups,
        "more_cases": more_cases,
        "offered": [(name, label, text, name in found.question.like) for name, (label, text) in found.offered.items()],
        "bys": [(name, kind.field_label(name)) for name in BY],
        "periods": PERIODS.items(),
        "may_keep": bool(found.bars) and analysis.is_open and may(access, "attach", analysis),
    }
    return render(request, "root_cause_analysis/alike.html", context)


@login_required
@require_POST
def keep(request: HttpRequest, number: str) -> HttpResponse:
    """The figures as they stand now, with their day and their hash, as data of the analysis."""
    access: Access = request.access  # type: ignore[attr-defined]
    analysis = record_or_404(KEY, number, access)
    found = alike(analysis, asked_of(analysis, access, _given(request.POST)), access)
    stored = commands.keep_figures(analysis, KIND, figures_of(found), actor=access)
    if stored.stood_already:
        messages.info(request, _("The same figures are kept already: nothing was added."))
    else:
        messages.success(request, _("Kept with the analysis, as it stands today."))
    return redirect(f"/{KEY}/{analysis.number}/#s-figures")


def _given(sent: QueryDict) -> Mapping[str, Sequence[str]]:
    """An unticked box sends nothing, so a hidden empty one says that the boxes were there."""
    return {name: [value for value in sent.getlist(name) if value] for name in ("like", "by", "period") if name in sent}

"""The kinds of links between records, each with how it reads from both ends (model, section 42)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class LinkKind:
    """How the link reads on its source's page, and on its target's."""

    forward: Any
    back: Any
    apart: bool = False
    """Many stand at one target: they have a list of their own there, and only types that have one (`RecordType.keeps`) can be it."""


LINK_KINDS: dict[str, LinkKind] = {
    "became": LinkKind(_("became"), _("came from")),
    "found": LinkKind(_("found"), _("was found in")),
    "repeats": LinkKind(_("came back from"), _("came back as")),
    "duplicates": LinkKind(_("is the same as"), _("is the same as")),
    "causes": LinkKind(_("causes"), _("is caused by")),
    "related": LinkKind(_("belongs with"), _("belongs with")),
    "about": LinkKind(_("is about"), _("was said about it in")),
    "evidence": LinkKind(_("is shown by"), _("shows")),
    "kept_under": LinkKind(_("is a record kept under"), _("keeps"), apart=True),
}

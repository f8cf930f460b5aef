"""Keep figures on a record as they stand today: a file of the record, whose hash is in its trail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.files.checking import check
from linchpin.kernel.files.figures import PURPOSE, VERB
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.files.storing import store
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.trail import Change


def keep_figures(record: Any, kind: str, told: Mapping[str, Any], *, actor: Access) -> StoredFile:
    """`told` is what JSON can hold. The same figures again give the file that stands. Raises Refused, NotAllowed."""
    content = json.dumps({"kind": kind, **told}, ensure_ascii=False, sort_keys=True, indent=1).encode()
    digest = sha256(content).hexdigest()
    with command() as at:
        found, record_type = for_verb(record, "attach", actor)
        if not found.is_open:
            raise Refused(never(_("%s is closed: no figures are added to it.") % found.number))
        stored = store(check(ContentFile(content, name=f"{kind}-{digest[:12]}.json")), found, actor.person, PURPOSE, at)
        if not stored.stood_already:
            also = [Change("figures", None, kind), Change("figures_sha256", None, digest)]
            update(found, record_type, {}, actor=actor, verb=VERB, at=at, also=also)
        return stored

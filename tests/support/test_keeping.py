"""How long documents are kept, what is due for disposal, and that only two people decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linchpin.chapters.support.documents.keeping import due_documents, due_revisions, kept_until, last_day_out
from linchpin.chapters.support.documents.models import Document
from linchpin.kernel import commands
from linchpin.kernel.commands import Signing
from linchpin.kernel.people import clock
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast
from tests.support.documents import approve, drafted, in_force


@pytest.mark.parametrize(("ended", "years", "until"), [
    (date(2024, 2, 29), 3, date(2027, 3, 1)), (date(2024, 2, 29), 4, date(2028, 2, 29)), (date(2023, 12, 31), 10, date(2033, 12, 31)),
])  # fmt: skip
def test_years_are_never_a_day_short(ended: date, years: int, until: date) -> None:
    assert kept_until(ended, years) == until
    assert last_day_out(until, years) >= ended > last_day_out(until - timedelta(days=1), years)


def test_what_was_kept_long_enough_is_due_and_two_people_dispose_of_it(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast, keep_years=3)
    first = document.effective
    approve(cast, drafted(cast, document, content="Run tool 12."))
    commands.move(document, "withdraw", actor=cast.daniel, reason="The part runs out.")
    with pytest.raises(Refused, match="It is kept until"):
        commands.move(document, "dispose", actor=cast.daniel, reason="Kept long enough.", signing=Signing(True, cast.aoife.person))
    with clock.standing_at(clock.now() + timedelta(days=3 * 366)):
        assert list(due_documents(cast.daniel)) == [document] and first in {one.record_ptr.revision for one in due_revisions(cast.daniel)}
        page = browser_of("daniel").get("/document/due-for-disposal/").content.decode()
        assert document.known_as in page and f"/document/{document.number}/move/dispose/" in page
        with pytest.raises(Refused):
            commands.move(document, "dispose", actor=cast.daniel, reason="Kept long enough.", signing=Signing(True))
        commands.move(document, "keep", actor=cast.marek, values={"keep_longer": "The claim of Kestrel."}, reason="Their lawyers ask for it.")
        assert not due_documents(cast.daniel).exists() and not due_revisions(cast.daniel).exists()
        with pytest.raises(Refused, match="It is kept longer: The claim of Kestrel"):
            commands.move(document, "dispose", actor=cast.daniel, reason="Kept long enough.", signing=Signing(True, cast.aoife.person))
        commands.move(document, "keep", actor=cast.marek, values={"keep_longer": ""}, reason="The claim is settled.")
        commands.move(document, "dispose", actor=cast.daniel, reason="Kept long enough.", signing=Signing(True, cast.aoife.person))
        assert not due_documents(cast.daniel).exists()
    assert Document.objects.get().status == "disposed"
    assert browser_of("hanna").get("/document/due-for-disposal/").status_code == 403

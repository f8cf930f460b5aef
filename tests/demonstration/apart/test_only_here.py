"""What a demonstration may do, and an installation of one's own may not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linchpin.demonstration.loading import load
from linchpin.demonstration.removing import remove
from linchpin.kernel.commands.organizing import found_organization
from linchpin.kernel.people import clock
from linchpin.kernel.people.models import Organization, Person
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, 12, tzinfo=UTC)


def test_nobody_turns_the_clock_of_an_installation_of_their_own() -> None:
    found_organization("Acme Castings", country="DE")
    with pytest.raises(RuntimeError, match="Only a demonstration"), clock.standing_at(LONG_AGO):
        pass
    assert clock.now().year > 2020


def test_a_demonstration_is_not_loaded_over_an_organization() -> None:
    found_organization("Acme Castings", country="DE")
    people = Person.objects.count()
    with pytest.raises(Refused, match="has its organization already"):
        load()
    assert (Organization.objects.get().name, Person.objects.count()) == ("Acme Castings", people)


def test_an_installation_of_ones_own_is_not_removed() -> None:
    found_organization("Acme Castings", country="DE")
    with pytest.raises(Refused, match="Acme Castings is no demonstration"):
        remove()
    assert Organization.objects.exists()


def test_where_nothing_is_nothing_is_removed() -> None:
    with pytest.raises(Refused, match="no demonstration here"):
        remove()


def test_in_a_demonstration_the_clock_stands_where_it_is_told_and_goes_on_afterwards(cast: Cast) -> None:
    with clock.standing_at(LONG_AGO):
        assert clock.now() == LONG_AGO
    assert clock.now() != LONG_AGO

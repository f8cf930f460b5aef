"""People, units, types; search, to do, views, jobs and the verification of the trail."""

from __future__ import annotations

from typing import Any

from django.db import connection

from linchpin.kernel import commands
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.records.models import SavedView
from linchpin.kernel.records.registry import all_types
from tests.api.callers import sentences
from tests.cast import Cast


def test_people_are_listed_by_name_a_page_at_a_time_and_the_system_is_none_of_them(caller_of: Any) -> None:
    daniel, names, after = caller_of("daniel"), [], {}
    while True:
        page = daniel.get("/people/", size=4, **after).json()
        names += [person["name"] for person in page["items"]]
        if page["after"] is None:
            break
        after = {"after": page["after"]}
    assert names == sorted(names)
    assert len(names) == len(set(names)) == 11
    assert "Linchpin" not in names


def test_people_are_found_by_a_part_of_their_name_or_by_unit(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    assert [p["name"] for p in daniel.get("/people/", q="ram").json()["items"]] == ["Priya Raman"]
    assert {p["name"] for p in daniel.get("/people/", unit=str(cast.dunmallow.uid)).json()["items"]} >= {"Aoife Ní Dhomhnaill", "Seun Adeyemi"}
    assert daniel.get("/people/", unit="00000000-0000-4000-8000-000000000000").json()["items"] == []
    assert daniel.get("/people/", unit="x").status_code == 422


def test_e_mail_and_badge_are_for_oneself_and_for_whoever_administers(cast: Cast, caller_of: Any) -> None:
    at = f"/people/{cast.seun.person.uid}/"
    assert caller_of("norbert").get(at).json()["badge"] == "4117"
    assert caller_of("seun").get(at).json()["badge"] == "4117"
    assert "badge" not in caller_of("priya").get(at).json()
    assert caller_of("daniel").get(f"/people/{cast.system.person.uid}/").status_code == 404


def test_units_form_a_tree_with_parents_first(cast: Cast, caller_of: Any) -> None:
    units = caller_of("seun").get("/units/").json()
    known: set[str] = set()
    for unit in units:
        assert unit["parent"] is None or unit["parent"]["uid"] in known
        known.add(unit["uid"])
    machining = caller_of("seun").get(f"/units/{cast.machining.uid}/").json()
    assert (machining["parent"]["name"], machining["head"]["name"]) == ("Dunmallow", "Marek Zieliński")


def test_types_tell_their_fields_and_who_may_raise_one(caller_of: Any) -> None:
    told = {one["key"]: one for one in caller_of("seun").get("/types/").json()}
    assert set(told) == {one.key for one in all_types()}
    assert (told["concern"]["may_create"], told["nonconformity"]["may_create"]) == (True, False)
    severity = next(field for field in told["nonconformity"]["fields"] if field["name"] == "severity")
    assert severity["takes"]["enum"] == ["", "critical", "major", "minor"]
    assert told["nonconformity"]["labels"]["standard"]["many"] == "Nonconformities"


def test_search_finds_what_one_may_see_by_words_and_by_number(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem(title="Quetzal burr in the cross bore")
    secret = cast.problem(title="Quetzal case", confidentiality="restricted")
    marek, daniel = caller_of("marek"), caller_of("daniel")
    assert [hit["number"] for hit in marek.get("/search/", q="quetz").json()] == [problem.number]
    assert {hit["number"] for hit in daniel.get("/search/", q="quetz").json()} == {problem.number, secret.number}
    assert [hit["number"] for hit in marek.get("/search/", q=problem.number).json()] == [problem.number]
    assert marek.get("/search/", q="quetz", type="action").json() == []
    assert marek.get("/search/", q="quetz", type="nonsense").status_code == 404
    assert marek.get("/search/").status_code == 422
    for odd in ('"', "*", "a AND", "'; DROP TABLE", "%", "(", "NEAR(", "²", "ﬁ", "-"):
        assert marek.get("/search/", q=odd).status_code == 200, odd


def test_to_do_holds_what_marek_owns_what_waits_for_him_and_what_he_was_told(cast: Cast, caller_of: Any) -> None:
    mine = cast.problem(owner=cast.marek.person)
    commands.comment(mine, "@Marek?", actor=cast.daniel)
    todo = caller_of("marek").get("/todo/").json()
    assert [record["number"] for record in todo["mine"]] == [mine.number]
    assert [notice["kind"] for notice in todo["notices"]] == ["comment", "owner"]
    assert caller_of("seun").get("/todo/").json() == {"mine": [], "waiting": [], "standing_in": [], "notices": []}


def test_saved_views_are_ones_own_and_those_for_everybody(cast: Cast, caller_of: Any) -> None:
    SavedView.objects.create(type="nonconformity", name="Major ones", query="severity=major&sort=due", owner=cast.daniel.person, shared=True)
    SavedView.objects.create(type="nonconformity", name="Only mine", query="owner=me", owner=cast.daniel.person)
    cast.problem(severity="minor")
    found = cast.problem()
    marek = caller_of("marek")
    [view] = marek.get("/views/").json()
    assert view["name"] == "Major ones"
    assert [item["number"] for item in marek.get(view["url"]).json()["items"]] == [found.number]
    assert len(caller_of("daniel").get("/views/", type="nonconformity").json()) == 2


def test_jobs_are_ones_own_and_can_be_cancelled(cast: Cast, caller_of: Any) -> None:
    job = Job.objects.create(kind="webhook", person=cast.marek.person, arguments={"subscription": 0})
    marek, daniel = caller_of("marek"), caller_of("daniel")
    assert [one["uid"] for one in marek.get("/jobs/").json()] == [str(job.uid)]
    assert daniel.get(f"/jobs/{job.uid}/").status_code == 404
    assert daniel.post(f"/jobs/{job.uid}/cancel/").status_code == 404
    assert marek.post(f"/jobs/{job.uid}/cancel/").json()["state"] == "cancelled"


def test_the_trail_is_verified_for_auditors_and_names_what_was_altered(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem()
    kateřina = caller_of("kateřina", "read")
    assert kateřina.get("/verify/").json()["ok"] is True
    refused = caller_of("seun").get("/verify/")
    assert refused.status_code == 403
    assert "for auditors" in sentences(refused)
    from linchpin.kernel.people.writing import permitted

    with permitted(), connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET head = %s WHERE id = %s", ["0" * 64, problem.pk])
    told = kateřina.get("/verify/").json()
    assert told["ok"] is False
    assert problem.number in told["first_fault"]["sentence"]

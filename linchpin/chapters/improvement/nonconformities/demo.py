"""Problems of the demonstration: each row of `stories/*.toml`, taken through its stations by the people it names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.kernel.commands import Signing, comment, create, edit, move
from linchpin.kernel.commands.exceptions import check
from linchpin.kernel.commands.importing import New, create_many
from linchpin.kernel.people.stage import SUNDAY, THURSDAY, Play, Stage, tales
from linchpin.kernel.records.models import DeclaredException
from linchpin.kernel.records.refusals import Refused

STORIES = Path(__file__).parent / "stories"
SIGNED = Signing(reauthenticated=True)
WAY = ("register", "contain", "correct", "find_cause", "plan", "approve", "fix", "confirm", "close")
AFTER = {  # working pace in days from the report, by severity
    "critical": {"register": 0, "contain": 0, "correct": 4, "find_cause": 9, "plan": 10, "approve": 12, "fix": 26},
    "major": {"register": 1, "contain": 1, "correct": 5, "find_cause": 14, "plan": 16, "approve": 19, "fix": 40},
    "minor": {"register": 2, "contain": 3, "correct": 8, "find_cause": 20, "plan": 24, "approve": 27, "fix": 55},
}
HEADS = {
    "engineering": "rajesh", "planning": "cormac", "purchasing": "yusuf", "quality": "daniel", "machining": "marek", "five-axis": "marek",
    "aluminum": "marek", "turning": "marek", "nights": "marek", "assembly": "eimear", "inspection": "fergal", "metrology": "luis",
    "dispatch": "chidinma", "head-office": "chidinma", "vale-sereno": "ines", "forming": "ines", "finishing": "ines", "vs-quality": "ines",
    "vs-stores": "ines", "lipnica": "bostjan", "anodizing": "bostjan", "penetrant": "mateja", "laboratory": "mateja", "lipnica-stores": "bostjan",
}  # fmt: skip
ASKED = {
    "register": ("severity", "requirement", "evidence", "gap", "lasting_fix", "lasting_fix_reason", "repeat_reason"),
    "contain": ("containment", "on_hold"),
    "correct": ("correction", "consequences"),
    "find_cause": ("cause", "cause_group", "cause_evidence", "escape_cause", "extent", "extent_checked"),
    "approve": ("measure", "rule", "window_days", "occurrences"),
    "confirm": ("result", "result_count", "result_n"),
    "close": ("risks_updated", "change_needed"),
}


def stories(stage: Stage) -> Iterator[Play]:
    """What was brought in from the spreadsheet, then every problem as a story that the timeline plays."""
    yield _brought_in(stage)
    for row in tales(STORIES, "problem"):
        yield _Telling(stage, row).tell()


def _brought_in(stage: Stage) -> Play:
    """Daniel's log of the two years before, as it stood: own numbers, dates, and owners as names that nobody has matched."""
    yield stage.at(stage.day(-24), "quality", 17.0)
    rows = []
    for reference, months, owner, severity, process, unit, title in tomllib.loads((STORIES / "imported.toml").read_text())["log"]:
        raised = stage.at(stage.day(months), unit, 9.0)
        values = {"title": title, "reference": reference, "severity": severity, "process": process, "unit": stage.units[unit]}
        values |= {"detected": raised.date(), "source": "other"}
        rows.append(New("nonconformity", values, status="closed", owner_text=owner, raised=raised))
    create_many(rows, actor=stage.who("daniel"), reason="CAR-log.xlsx, the closed ones of the last two years.")


@dataclass
class _Telling:
    """One problem on its way: the row that tells it, and the record as it stands."""

    stage: Stage
    row: dict[str, Any]
    problem: Any = None
    start: date = field(init=False)
    judged: date = field(init=False)

    def __post_init__(self) -> None:
        self.unit = self.row["unit"]
        self.head = self.row.get("head", HEADS[self.unit])
        self.owner = self.row.get("owner", self.head)
        self.start = self.stage.day(self.row["t"])
        for name, weekday in (("sunday", SUNDAY), ("thursday", THURSDAY)):
            if self.row.get(name):
                self.start = self.stage.weekday_before(self.start, weekday)
        self.dice = self.stage.dice("problem", self.row["key"])
        self.pace = self.dice.uniform(0.85, 1.3)

    def tell(self) -> Play:
        yield from self._raise()
        steps: tuple[str, ...]
        if self.row.get("lasting_fix") == "no":
            steps, last = ("register", "contain", "close_without_fix"), self.row.get("until", "close_without_fix")
        else:
            steps, last = WAY, self.row.get("until", "close")
        for step in steps if last != "raise" else ():
            yield from getattr(self, f"_{step}")()
            yield from self._said(step)
            if step == last:
                return

    def _after(self, step: str) -> datetime:
        days = self.row.get("days", {}).get(step)
        days = round(AFTER[self.row["severity"]][step] * self.pace) if days is None else days
        return self._at(self.start + timedelta(days=days), exactly=bool(self.row.get("sunday")) and days == 0)

    def _at(self, day: date, *, exactly: bool = False) -> datetime:
        return self.stage.at(day, self.unit, self.dice.uniform(8.5, 16.5), exactly=exactly)

    def _values(self, step: str) -> dict[str, Any]:
        return {name: self.row[name] for name in ASKED[step] if name in self.row}

    def _move(self, name: str, by: str, **more: Any) -> None:
        self.problem = move(self.problem, name, actor=self.stage.who(by), signing=SIGNED, **more)

    def _other(self, than: str) -> str:
        """Who does what the owner may not do for themselves."""
        return self.head if self.head != than else "daniel"

    def _raise(self) -> Play:
        """From a report in the finder's words, or straight into the register."""
        yield self._at(self.start, exactly=bool(self.row.get("sunday")))
        if "report" in self.row:
            yield from self._reported(self.row["report"])
        else:
            known = {"title": self.row["title"], "description": self.row.get("description", ""), "unit": self.stage.units[self.unit]}
            known |= {"place": self.row.get("place", ""), "detected": self.start, **self._sorted()}
            if prior := self.row.get("came_back_from"):
                known["prior_reference"] = self.stage.records[prior].number
            self.problem = create("nonconformity", known, actor=self.stage.who(self.row.get("raiser", self.head)))
        if "slug" in self.row:
            self.stage.records[self.row["slug"]] = self.problem
        yield from self._said("raise")

    def _reported(self, told: dict[str, Any]) -> Play:
        sorter = self.stage.who(told.get("sorter", self.head))
        values = {"saw": told["saw"], "place": self.row.get("place", ""), "stop_line": told.get("stop_line", False)}
        by = self.dice.choice(self.stage.crew[self.unit]) if told["by"] == "crew" else told["by"]
        finder = self.stage.who(by)
        values |= {"unit": self.stage.units[self.unit], "reporter_name": finder.person.name, "owner": sorter.person}
        slug = f"{self.row['slug']}-report" if "slug" in self.row else ""
        report = create("concern", values | {"reference": slug}, actor=finder)
        if slug:
            self.stage.records[slug] = report
        yield self._at(self.start) + timedelta(hours=told.get("seen_after", 2))
        move(report, "see", actor=sorter)
        move(report, "make_problem", actor=sorter)
        self.problem = Nonconformity.objects.get(links_in__source_id=report.pk, links_in__kind="became")
        self.problem = edit(self.problem, {"title": self.row["title"], **self._sorted()}, actor=sorter)
        if "thanks" in told:
            yield self._at(self.start + timedelta(days=told.get("thanked_after", 1)))
            move(report, "thank", actor=self.stage.who(told["thanked_by"]), values={"thanks": told["thanks"]})

    def _sorted(self) -> dict[str, Any]:
        """What whoever takes it up knows from the start."""
        known = {name: self.row[name] for name in ("process", "source") if name in self.row}
        return known | {"reference": self.row.get("slug", ""), "due": self._planned_end()}

    def _planned_end(self) -> date | None:
        """The day agreed at the start: when fix and watch should be over. Without a lasting fix the usual one will do."""
        if "due_in" in self.row:
            return max(self.stage.today + timedelta(days=self.row["due_in"]), self.start)
        if "measure" not in self.row:
            return None
        late = [self.stage.day(fix["done"]) for fix in self.row.get("fixes", ()) if "done" in fix]
        fixed = max([self.start + timedelta(days=round(AFTER[self.row["severity"]]["fix"] * 1.4)), *late])
        return fixed + timedelta(days=self.row.get("window_days", 60) + 14)

    def _said(self, step: str) -> Play:
        for after, by, text in self.row.get("said", ()):
            if after == step:
                yield self._at(self.start)
                comment(self.problem, text, actor=self.stage.who(by))

    def _register(self) -> Play:
        yield self._after("register")
        occurred = self.start - timedelta(days=self.row.get("occurred_before", 1))
        values = {"lasting_fix": "yes", **self._values("register"), "owner": self.stage.who(self.owner).person, "occurred": occurred}
        self._move("register", self.row.get("registrar", self.head), values=values)

    def _contain(self) -> Play:
        yield self._after("contain")
        self._move("contain", self.owner if self.owner != "gareth" else self.head, values=self._values("contain"))

    def _correct(self) -> Play:
        yield self._after("correct")
        self._move("correct", self.owner, values={**self._values("correct"), "on_hold": False})

    def _close_without_fix(self) -> Play:
        """Confirmed by somebody else; alone on a Sunday, by oneself as a declared exception that is looked at afterwards."""
        done = self._after("correct")
        yield done
        values = {"correction": self.row["correction"], "on_hold": False}
        if "alone" not in self.row:
            self._move("close_without_fix", self._other(self.owner), values=values)
            return
        self.stage.refused(lambda: self._move("close_without_fix", self.owner, values=values), Refused)
        self._move("close_without_fix", self.owner, values=values, exception=self.row["alone"])
        yield self._at(done.date() + timedelta(days=self.row.get("looked_at_after", 2)))
        declared = DeclaredException.objects.get(record_id=self.problem.pk)
        check(declared, self.row["looked_at"], actor=self.stage.who(self.row.get("looked_at_by", "daniel")))

    def _find_cause(self) -> Play:
        yield self._after("find_cause")
        values, other = self._values("find_cause"), self._other(self.owner)
        if self.row.get("tries_alone"):
            sentence = self.stage.refused(lambda: self._move("accept_cause", self.owner, values=values), Refused)
            edit(self.problem, values, actor=self.stage.who(self.owner))
            asks = f"@{self.stage.who(other).person.name} please read cause and evidence: I was told “{sentence}”"
            comment(self.problem, asks, actor=self.stage.who(self.owner))
            yield self._after("find_cause") + timedelta(days=1, hours=2)
        if self.row.get("advice_passed"):
            self.stage.refused(lambda: self._move("accept_cause", other, values=values), Refused)
        self._move("accept_cause", other, values=values, passed=bool(self.row.get("advice_passed")))

    def _plan(self) -> Play:
        yield self._after("plan")
        for fix in self.row.get("fixes", ()):
            due = self.start + timedelta(days=round(AFTER[self.row["severity"]]["fix"] * 1.4))
            if "done" in fix:
                due = self.stage.day(fix["done"]) + timedelta(days=12)
            if (agreed := fix.get("due_in", self.row.get("fix_due_in"))) is not None:
                due = self.stage.today + timedelta(days=agreed)
            values = {"title": fix["title"], "kind": fix.get("kind", "corrective"), "what": fix.get("what", ""), "due": self.stage.agreed(due)}
            values |= {"owner": self.stage.who(fix["owner"]).person, "expected_effect": fix.get("effect", "")}
            fix["record"] = create("action", values, parent=self.problem, actor=self.stage.who(self.head))

    def _approve(self) -> Play:
        yield self._after("approve")
        verifier = self.row.get("verifier", "hanna")
        by = self.head if self.row["severity"] == "minor" else "daniel"
        self._move("approve_actions", by, values={**self._values("approve"), "verifier": self.stage.who(verifier).person})

    def _fix(self) -> Play:
        """Each fix is done by its owner and looked at by somebody else; the last `open_fixes` are still under way."""
        day = self.start + timedelta(days=self.row.get("days", {}).get("fix", round(AFTER[self.row["severity"]]["fix"] * self.pace)))
        for n, fix in enumerate(self.row.get("fixes", ())):
            owner, done = self.stage.who(fix["owner"]), fix["record"]
            yield self._at(day + timedelta(days=5 * n - 10))
            move(done, "start", actor=owner)
            if n >= len(self.row["fixes"]) - self.row.get("open_fixes", 0):
                continue
            finished = self.stage.day(fix["done"]) if "done" in fix else day + timedelta(days=5 * n)
            yield self._at(finished)
            move(done, "complete", actor=owner, values={"evidence": fix["evidence"]})
            if fix.get("unverified"):
                continue
            yield self._at(finished + timedelta(days=3))
            by = fix.get("looked_at_by", self._other(fix["owner"]))
            move(done, "verify", actor=self.stage.who(by), values={"verification": fix["seen"]})

    def _confirm(self) -> Play:
        self.problem = Nonconformity.objects.get(pk=self.problem.pk)
        day = self.problem.watched_until or self.start
        if "confirmed" in self.row:
            day = self.stage.day(self.row["confirmed"])
        verifier = self.row.get("verifier", "hanna")
        self.judged = day + timedelta(days=self.dice.randrange(1, 5))
        yield self._at(self.judged)
        if "again" not in self.row:
            self._move("confirm", verifier, values=self._values("confirm"))
            return
        self._move("reopen", verifier, values=self._values("confirm"), reason=self.row["reopened_because"])
        yield from self._said("reopen")
        again = self.row.pop("again")
        self.start = self.stage.day(again["t"])
        self.row = {**self.row, **again}
        for name in ("confirmed", "advice_passed", "window_days"):
            if name not in again:
                self.row.pop(name, None)
        for step in ("find_cause", "plan", "approve", "fix", "confirm"):
            yield from getattr(self, f"_{step}")()
            yield from self._said(step)

    def _close(self) -> Play:
        yield self._at(self.judged + timedelta(days=4))
        by = self.head if self.row["severity"] == "minor" and self.head not in {fix["owner"] for fix in self.row["fixes"]} else "daniel"
        self._move("close", by, values=self._values("close"))

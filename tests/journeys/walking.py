"""How a person walks through the pages in a journey: who they are, what they press, and axe looking over their shoulder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Walk:
    """One person at a time in one browser window of a running installation."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: self.problems.append(said.text) if "Content Security Policy" in said.text else None)

    def become(self, name: str) -> None:
        """Sign in as one of the demonstration's cast by the button with their name."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/")
        self.page.get_by_role("button", name=re.compile(name)).click()
        self.page.wait_for_url("**/todo/")

    def at(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def press(self, name: str, *, role: Any = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def go(self, name: str) -> None:
        self.press(name, role="link")

    def fill(self, **fields: str) -> None:
        """Fill fields by their names: choices are chosen by value, the rest typed."""
        for name, value in fields.items():
            field = self.page.locator(f'[name="{name}"]').first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value) if value else None
            else:
                field.fill(value)

    def writes(self, source: str) -> None:
        """Write the text of the form that is open as its Markdown."""
        self.page.get_by_role("button", name="Markdown source").click()
        self.fill(content=source)

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def looks_right(self) -> None:
        """axe finds nothing, no script failed, nothing sticks out sideways."""
        self.page.evaluate(AXE.read_text() if not self.page.evaluate("() => 'axe' in window") else "() => 0")
        found = self.page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        assert not found["violations"], [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]]
        assert not self.problems, self.problems
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} sticks out by {wide} pixels"

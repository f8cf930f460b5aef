/** What became of one answer, beside its question: it waits, was sent, was refused, or somebody else wrote there meanwhile. */

import * as photos from "./photos.ts";
import type { Answer } from "./sending.ts";

export type State = "waiting" | "refused" | "stale" | "sent";
export type Act = "mine" | "beside" | "change" | "again" | "drop";

export function state_of(one: Answer): State {
  if (one.theirs) return "stale";
  return one.said ? "refused" : "waiting";
}

export function clock(at: number): string {
  const time = new Date(at);
  const today = new Date().toDateString() === time.toDateString();
  const hours: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return time.toLocaleString(document.documentElement.lang, today ? hours : { day: "numeric", month: "short", ...hours });
}

/** The panel of an answer, made anew from the page's template; `act` hears which button was pressed. */
export function panel(one: Answer, line: HTMLElement, act: (name: Act, why: string) => void): HTMLElement {
  const made = blank();
  const state = state_of(one);
  head(made, state, state === "stale" ? (one.theirs?.by ?? "") : clock(one.at));
  const said = part(made, "[data-said]");
  said.hidden = state !== "refused";
  said.textContent = one.said ?? "";
  list(part(made, "[data-mine] dl"), one.shown);
  photos.show(one.photos, part(made, ".previews"));
  part(made, "[data-only]").hidden = state !== "stale";
  part(made, "[data-at]").textContent = clock(one.at);
  if (one.theirs) clash(made, one);
  offer(made, one, line.querySelector("form[data-stands]") !== null);
  for (const button of made.querySelectorAll<HTMLButtonElement>("[data-act]"))
    button.addEventListener("click", () => press(made, button.dataset.act as Act, act));
  made.setAttribute("aria-label", `${part(made, "[data-head]").textContent}: ${line.querySelector(".ask-it a")?.textContent ?? ""}`);
  return made;
}

/** Whoever puts theirs in the place of another answer says why: that one is taken back with these words. */
function press(made: HTMLElement, name: Act, act: (name: Act, why: string) => void): void {
  const why = made.querySelector("input");
  if (name === "mine" && !part(made, "[data-why]").hidden && !why?.value.trim()) {
    const said = part(made, "[data-said]");
    said.textContent = said.dataset.empty ?? "";
    said.hidden = false;
    why?.focus();
    return;
  }
  act(name, why?.value.trim() ?? "");
}

export function sent(): HTMLElement {
  const made = blank();
  head(made, "sent", clock(Date.now()));
  made.removeAttribute("role");
  for (const other of [...made.children].slice(1)) other.remove();
  return made;
}

function blank(): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>("template[data-panel]");
  return template?.content.firstElementChild?.cloneNode(true) as HTMLElement;
}

function head(made: HTMLElement, state: State, word: string): void {
  made.classList.add(`is-${state}`);
  for (const mark of made.querySelectorAll<HTMLElement>("[data-state]")) mark.hidden = !mark.dataset.state?.split(" ").includes(state);
  const says = part(made, "[data-head]");
  says.textContent = (says.dataset[state] ?? "").replace("%s", word);
}

function clash(made: HTMLElement, one: Answer): void {
  part(made, "[data-theirs]").hidden = false;
  made.querySelector(".waits-two")?.classList.add("is-two");
  list(part(made, "[data-theirs] dl"), one.theirs?.theirs ?? []);
  part(made, "[data-when]").textContent = one.theirs?.when ?? "";
  part(made, "[data-why]").hidden = !(one.theirs?.answered && one.theirs.movable);
}

/** Which ways stand open. An answer that was refused where its form stands is put right in the form itself. */
function offer(made: HTMLElement, one: Answer, form: boolean): void {
  const state = state_of(one);
  const open: Record<Act, boolean> = {
    mine: state === "stale" && one.theirs?.movable === true,
    beside: state === "stale" || (state === "refused" && !form),
    change: state === "waiting" && form,
    again: state === "refused" && !form,
    drop: true,
  };
  for (const button of made.querySelectorAll<HTMLButtonElement>("[data-act]")) {
    button.hidden = !open[button.dataset.act as Act];
    if (state === "stale" && button.dataset.theirs) button.textContent = button.dataset.theirs;
  }
  if (state === "refused" && form) part(made, ".waits-two").hidden = true;
}

function list(into: HTMLElement, pairs: [string, string][]): void {
  into.replaceChildren(
    ...pairs.flatMap(([label, text]) => [
      Object.assign(document.createElement("dt"), { textContent: label }),
      Object.assign(document.createElement("dd"), { textContent: text }),
    ]),
  );
}

function part(made: HTMLElement, selector: string): HTMLElement {
  const found = made.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`The panel has no ${selector}.`);
  return found;
}

/** The checklist of an audit, with or without a connection: every answer is put aside on this device first, and is sent from there. */

import { islands } from "./begin.ts";
import * as drafts from "./draft.ts";
import { fresh, keepThisPage, openWithoutSignal } from "./kept.ts";
import { type Act, panel, sent, state_of } from "./panel.ts";
import * as photos from "./photos.ts";
import * as queue from "./queue.ts";
import { type Answer, answers, go, mine, putAside, type Told, watch } from "./sending.ts";

let sheet: HTMLElement;
let expired = false;

export function start(element: HTMLElement): void {
  sheet = element;
  for (const form of forms()) listen(form);
  window.addEventListener("offline", tell);
  window.addEventListener("online", tell);
  void begin();
}

async function begin(): Promise<void> {
  for (const one of await mine()) if (one.held) await queue.keep({ ...one, held: false } as Answer);
  await show();
  watch(told);
  await openWithoutSignal();
  await keepThisPage();
}

function forms(): HTMLFormElement[] {
  return [...sheet.querySelectorAll<HTMLFormElement>("form[data-stands]")];
}

function line_of(one: Answer): HTMLElement | null {
  return one.to.startsWith(location.pathname) ? document.getElementById(one.check) : null;
}

function listen(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const previews = form.querySelector<HTMLElement>("[data-previews]");
  if (input && previews) photos.watch(input, previews);
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter as HTMLButtonElement | null;
    if (!pressed?.value) return;
    event.preventDefault();
    void answer(form, pressed);
  });
}

/** Where the device can keep nothing, the form goes as forms do. */
async function answer(form: HTMLFormElement, pressed: HTMLButtonElement): Promise<void> {
  try {
    await putAside(written(form, pressed));
  } catch {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "answer", value: pressed.value }));
    form.submit();
    return;
  }
  drafts.forget(form);
  const details = form.closest("details");
  if (details) details.open = false;
  await show();
  focus(form.dataset.check ?? "");
  await go();
}

function written(form: HTMLFormElement, pressed: HTMLButtonElement): Answer {
  const given = new FormData(form);
  const fields: [string, string][] = [["answer", pressed.value]];
  const shown: [string, string][] = [[sheet.dataset.answer ?? "", pressed.textContent?.trim() ?? ""]];
  for (const [name, value] of given.entries()) {
    if (typeof value !== "string" || name === "csrfmiddlewaretoken" || name === "answer") continue;
    fields.push([name, value]);
    if (value.trim() && name !== "for") shown.push([label_of(form, name), words_of(form, name, value)]);
  }
  const [by, at] = [document.body.dataset.person ?? "", Date.now()];
  fields.push(["by", by], ["at", new Date(at).toISOString()], ["old", form.dataset.stands ?? ""]);
  const taken = given.getAll("photo").filter((file): file is File => file instanceof File && file.size > 0);
  return { once: queue.newKey(), to: new URL(form.action).pathname, by, at, check: form.dataset.check ?? "", fields, shown, photos: taken };
}

function label_of(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  return (field instanceof HTMLElement && form.querySelector(`label[for="${field.id}"]`)?.firstChild?.textContent?.trim()) || name;
}

function words_of(form: HTMLFormElement, name: string, value: string): string {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.textContent ?? value) : value;
}

/** Each question says what became of its answer. */
async function show(): Promise<void> {
  const waiting = (await mine()).filter((one) => !one.held);
  for (const old of sheet.querySelectorAll(".check > .waits:not(.is-sent)")) old.remove();
  for (const line of sheet.querySelectorAll(".check.has-waiting")) line.classList.remove("has-waiting");
  for (const one of waiting) place(one);
  await tell();
}

function place(one: Answer): void {
  const line = line_of(one);
  if (!line) return;
  const details = line.querySelector<HTMLDetailsElement>("details");
  const form = line.querySelector<HTMLFormElement>("form[data-stands]");
  const again = state_of(one) === "refused" && form !== null;
  line.classList.toggle("has-waiting", !again);
  const made = panel(one, line, (act, why) => void acted(one, act, why));
  if (details) details.before(made);
  else line.append(made);
  if (again && details && !details.open) fill(form, one);
}

function fill(form: HTMLFormElement, one: Answer): void {
  for (const [name, value] of one.fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
      field.value = value;
  }
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const previews = form.querySelector<HTMLElement>("[data-previews]");
  if (input && previews) {
    photos.put(one.photos, input);
    photos.show(one.photos, previews);
  }
  const details = form.closest("details");
  if (details) details.open = true;
}

async function acted(one: Answer, act: Act, why: string): Promise<void> {
  const form = line_of(one)?.querySelector<HTMLFormElement>("form[data-stands]");
  if (act === "drop") await queue.drop(one.once);
  else if (act === "change") await queue.keep({ ...one, held: true } as Answer);
  else await queue.keep(chosen(one, act, why));
  if (act === "drop" && form) drafts.forget(form);
  if (act === "drop" && one.theirs) await renew([one]);
  await show();
  if (act === "change" && form) fill(form, one);
  else await go();
}

/** The same answer under the same key: nothing was taken under it yet. */
function chosen(one: Answer, act: Act, why: string): Answer {
  const fields = one.fields.filter(([name]) => !["old", "instead", "beside"].includes(name) || (name === "old" && !one.theirs));
  if (one.theirs) fields.push(["old", JSON.stringify(one.theirs.stands)]);
  if (act === "beside") fields.push(["beside", one.shown.map(([label, text]) => `${label}: ${text}`).join("\n")]);
  if (act === "mine" && why) fields.push(["instead", why]);
  return { ...one, fields, said: undefined, theirs: undefined };
}

/** What is said on top: how many wait, and what stands in the way. */
async function tell(): Promise<void> {
  const box = sheet.querySelector<HTMLElement>("[data-device]");
  if (!box) return;
  const all = await answers();
  const own = all.filter((one) => one.by === document.body.dataset.person);
  const waits = own.filter((one) => !one.said && !one.held).length;
  const said: string[] = [];
  if (waits && !expired) said.push(((waits === 1 ? box.dataset.one : box.dataset.many) ?? "").replace("%s", String(waits)));
  else if (!waits && !navigator.onLine) said.push(box.dataset.none ?? "");
  if (own.some((one) => one.said && line_of(one))) said.push(box.dataset.look ?? "");
  if (all.length > own.length) said.push(box.dataset.foreign ?? "");
  const [says, off, again] = ["[data-says]", "[data-off]", "[data-expired]"].map((name) => box.querySelector<HTMLElement>(name));
  if (says) says.textContent = said.join(" ");
  if (off) off.hidden = navigator.onLine;
  if (again) again.hidden = !(expired && waits);
  box.hidden = said.length === 0 && !(expired && waits);
}

/** Whoever stood in what was drawn anew stands beside its question still. */
function focus(check: string): void {
  const line = document.getElementById(check);
  const to = line?.querySelector<HTMLElement>(".waits button:not([hidden])") ?? line?.querySelector<HTMLElement>(".ask-it a");
  to?.focus({ preventScroll: true });
}

async function told(news: Told): Promise<void> {
  expired = news.expired;
  const stood = document.activeElement?.closest(".check")?.id;
  if (news.taken.length) await renew(news.taken);
  await show();
  for (const one of news.taken) line_of(one)?.append(sent());
  if (stood && document.activeElement === document.body) focus(stood);
}

/** The questions that were answered, as the house shows them now; what is being typed elsewhere on the page is left alone. */
async function renew(taken: Answer[]): Promise<void> {
  const page = await fresh();
  if (!page) return;
  const ids = taken.flatMap((one) => (line_of(one) ? [`#${one.check}`] : []));
  for (const place of [...ids, ".checklist > header", "#next"]) {
    const [old, now] = [document.querySelector(place), page.querySelector(place)];
    if (!old || !now) continue;
    old.replaceWith(now);
    for (const form of now.querySelectorAll<HTMLFormElement>("form[data-stands]")) listen(form);
    islands(now);
  }
}

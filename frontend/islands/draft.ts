/** Keeps what is typed into a form on this device until it is sent, per person and the address it goes to: an expired session loses nothing. */

type Draft = Record<string, string | boolean>;
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const PAUSE = 400;
const PREFIX = "linchpin-draft:";
const SENT = "linchpin-sent";
const NEVER = ["csrfmiddlewaretoken", "once", "version"];

export function start(element: HTMLElement): void {
  if (document.querySelector('[data-island="kiosk"]')) return; // what one person types never waits for the next
  const form = element as HTMLFormElement;
  const key = key_of(form);
  settle();
  if (!is_refused(form)) offer(form, key);
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => keep(form, key), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    keep(form, key);
    sessionStorage.setItem(SENT, key);
  });
}

/** A page that thanks for what was sent, and is not its form again, means that it was taken: the draft may go. */
export function settle(): void {
  const key = sessionStorage.getItem(SENT);
  const formAgain = drafts().some((form) => key_of(form) === key && (is_of_this_page(form) || is_refused(form)));
  if (!key?.startsWith(PREFIX + document.body.dataset.person) || formAgain || !document.querySelector(".messages .success")) return;
  sessionStorage.removeItem(SENT);
  localStorage.removeItem(key);
}

/** What was typed there is kept elsewhere, or taken. */
export function forget(form: HTMLFormElement): void {
  localStorage.removeItem(key_of(form));
}

/** The forms of one page are apart: each by where it goes to, and those that go to the same place by their turn. */
function key_of(form: HTMLFormElement): string {
  const goes = address_of(form);
  const turn = drafts()
    .filter((other) => address_of(other) === goes)
    .indexOf(form);
  return `${PREFIX}${document.body.dataset.person}:${goes}${turn > 0 ? `#${turn}` : ""}`;
}

function drafts(): HTMLFormElement[] {
  return [...document.querySelectorAll<HTMLFormElement>('form[data-island="draft"]')];
}

function address_of(form: HTMLFormElement): string {
  const { pathname, search } = new URL(form.getAttribute("action") ?? "", location.href);
  return pathname + search;
}

function is_of_this_page(form: HTMLFormElement): boolean {
  return address_of(form) === location.pathname + location.search;
}

function is_refused(form: HTMLFormElement): boolean {
  return form.matches("[data-refused], :has(#summary, .wrong, .refusal)");
}

function fields(form: HTMLFormElement): Field[] {
  const all = [...form.elements].filter((e): e is Field => e.matches("input, textarea, select"));
  return all.filter((f) => f.name && f.type !== "hidden" && f.type !== "password" && f.type !== "file" && !NEVER.includes(f.name));
}

function value_of(field: Field): string | boolean {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio") ? field.checked : field.value;
}

function name_of(field: Field): string {
  return field instanceof HTMLInputElement && field.type === "radio" ? `${field.name}=${field.value}` : field.name;
}

function read(form: HTMLFormElement): Draft {
  return Object.fromEntries(fields(form).map((field) => [name_of(field), value_of(field)]));
}

function keep(form: HTMLFormElement, key: string): void {
  localStorage.setItem(key, JSON.stringify(read(form)));
}

function offer(form: HTMLFormElement, key: string): void {
  const kept = localStorage.getItem(key);
  if (!kept) return;
  const draft: Draft = JSON.parse(kept);
  const fresh = read(form);
  if (!Object.entries(draft).some(([name, value]) => name in fresh && fresh[name] !== value)) return;
  write(form, draft);
  const note = document.createElement("p");
  note.className = "kept";
  note.setAttribute("role", "status");
  const drop = document.createElement("button");
  Object.assign(drop, { type: "button", className: "btn btn-ghost", textContent: document.body.dataset.drop ?? "" });
  drop.addEventListener("click", () => {
    localStorage.removeItem(key);
    write(form, fresh);
    note.remove();
  });
  note.append(document.body.dataset.kept ?? "", drop);
  form.prepend(note);
}

function write(form: HTMLFormElement, draft: Draft): void {
  for (const field of fields(form)) {
    const value = draft[name_of(field)];
    if (value === undefined) continue;
    if (typeof value === "boolean") (field as HTMLInputElement).checked = value;
    else field.value = value;
  }
  form.dispatchEvent(new Event("restored")); // for what shows a field in another way
}

/** Find anything: a dialog over the page, answered by the search page's own fragment. */

const PAUSE = 120;

let dialog: HTMLDialogElement | undefined;

/** `address` is the search page; `words` carries its translated label and hint. */
export function open(address: string, words: DOMStringMap): void {
  dialog ??= build(address, words.label ?? "", words.placeholder ?? "");
  if (dialog.open) return;
  dialog.showModal();
  const input = dialog.querySelector("input");
  input?.select();
  if (input) ask(address, input.value, list_of(dialog));
}

function build(address: string, label: string, placeholder: string): HTMLDialogElement {
  const made = document.createElement("dialog");
  made.className = "palette";
  made.setAttribute("aria-label", label);
  const input = document.createElement("input");
  Object.assign(input, { type: "text", placeholder, autocomplete: "off", spellcheck: false });
  const roles = { role: "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-autocomplete": "list", "aria-label": label };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
  const list = document.createElement("div");
  Object.assign(list, { className: "found", id: "found", role: "listbox", ariaLabel: label });
  made.append(input, list);
  document.body.append(made);
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => ask(address, input.value, list), PAUSE);
  });
  input.addEventListener("keydown", (event) => steer(event, address, input, list));
  made.addEventListener("click", (event) => {
    if (event.target === made) made.close();
  });
  return made;
}

function list_of(made: HTMLDialogElement): HTMLElement {
  return made.querySelector(".found") as HTMLElement;
}

let newest = 0;

async function ask(address: string, text: string, list: HTMLElement): Promise<void> {
  newest += 1;
  const mine = newest;
  const query = new URLSearchParams({ palette: "1", q: text });
  const answer = await fetch(`${address}?${query}`, { headers: { Accept: "text/html" } });
  if (mine !== newest) return;
  if (answer.redirected || !answer.ok) {
    location.assign(address);
    return;
  }
  list.innerHTML = await answer.text();
  choose(list, 0);
}

function options(list: HTMLElement): HTMLAnchorElement[] {
  return [...list.querySelectorAll<HTMLAnchorElement>('a[role="option"]')];
}

function choose(list: HTMLElement, wanted: number): void {
  const all = options(list);
  const at = all.length ? (wanted + all.length) % all.length : -1;
  all.forEach((option, n) => {
    option.id = `found-${n}`;
    option.setAttribute("aria-selected", String(n === at));
    if (n === at) option.scrollIntoView({ block: "nearest" });
  });
  const input = list.parentElement?.querySelector("input");
  if (at >= 0) input?.setAttribute("aria-activedescendant", `found-${at}`);
  else input?.removeAttribute("aria-activedescendant");
}

function steer(event: KeyboardEvent, address: string, input: HTMLInputElement, list: HTMLElement): void {
  const all = options(list);
  const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(list, now + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    const to = all[now]?.href ?? `${address}?${new URLSearchParams({ q: input.value })}`;
    if (event.ctrlKey || event.metaKey) window.open(to, "_blank", "noopener");
    else location.assign(to);
  }
}

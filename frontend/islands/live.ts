/** A register that changes in place: views, filters and order by htmx's boosting, owner and due in their cells, keys to walk the rows. */

import htmx from "htmx.org";
import { islands } from "./begin.ts";

htmx.config.defaultSettleDelay = 0; // its settling writes style attributes, which our policy refuses

const EDITABLE = "td.f-owner, td.k-due";
let listening = false;

export function start(register: HTMLElement): void {
  dress(register);
  if (listening) return;
  listening = true;
  document.addEventListener("htmx:after:settle", (event) => settled(event.target));
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
}

function settled(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement)) return;
  islands(target);
  const row = target.closest("tr");
  if (row && !target.matches("td")) dress(row);
}

/** A pencil in each cell that may be changed in place; it shows on hover and on focus. */
function dress(root: HTMLElement): void {
  const rows = root.matches("tr[data-edit]") ? [root] : [...root.querySelectorAll<HTMLElement>("tr[data-edit]")];
  for (const row of rows) {
    for (const cell of row.querySelectorAll<HTMLElement>(EDITABLE)) {
      if (!cell.querySelector(".pencil, form")) cell.append(pencil(row, cell));
    }
  }
}

function pencil(row: HTMLElement, cell: HTMLElement): HTMLButtonElement {
  const table = row.closest("table");
  const name = cell.classList.contains("k-due") ? "due" : "owner";
  const label = table?.querySelector<HTMLElement>(`.h-${name}`)?.dataset.label ?? name;
  const number = row.querySelector(".k-number")?.textContent ?? "";
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "pencil", ariaLabel: `${table?.dataset.change} ${label}: ${number}` });
  button.dataset.cell = `${row.dataset.edit}${name}/`;
  button.innerHTML = `<svg class="icon icon-sm" aria-hidden="true"><use href="${table?.dataset.pencil}"/></svg>`;
  return button;
}

const stood = new WeakMap<Element, string>();

function onClick(event: MouseEvent): void {
  const pressed = event.target instanceof Element ? event.target : null;
  const button = pressed?.closest<HTMLElement>(".pencil");
  const open = document.querySelector<HTMLElement>("td:has(> .cell-form)");
  if (open && (pressed?.closest("[data-leave]") || !open.contains(pressed))) leave(open);
  const cell = button?.closest("td");
  if (!button || !cell) return;
  stood.set(cell, cell.innerHTML);
  htmx.ajax("GET", button.dataset.cell ?? "", { target: cell, swap: "innerHTML" });
}

function leave(cell: HTMLElement): void {
  cell.innerHTML = stood.get(cell) ?? "";
  cell.querySelector<HTMLElement>(".pencil")?.focus();
}

/** Escape leaves a cell; j and k walk the rows, x chooses one. */
function onKey(event: KeyboardEvent): void {
  const open = document.querySelector<HTMLElement>("td:has(> .cell-form)");
  if (event.key === "Escape" && open) leave(open);
  const typing = event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const titles = [...document.querySelectorAll<HTMLElement>("#register tbody .t a")];
  const now = titles.findIndex((title) => title.closest("tr")?.contains(document.activeElement));
  if (event.key === "j") titles[Math.min(now + 1, titles.length - 1)]?.focus();
  if (event.key === "k") titles[Math.max(now - 1, 0)]?.focus();
  if (event.key === "x") titles[now]?.closest("tr")?.querySelector<HTMLInputElement>('input[name="number"]')?.click();
}

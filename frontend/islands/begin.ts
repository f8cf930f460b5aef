/** Finds the islands of a page and loads each one's code only then. */

type Island = { start(element: HTMLElement): void };

const ISLANDS: Record<string, () => Promise<Island>> = {
  arriving: () => import("./arriving.ts"),
  bulk: () => import("./bulk.ts"),
  checklist: () => import("./checklist.ts"),
  folder: () => import("./folder.ts"),
  draft: () => import("./draft.ts"),
  dropzone: () => import("./dropzone.ts"),
  importing: () => import("./importing.ts"),
  kiosk: () => import("./kiosk.ts"),
  live: () => import("./live.ts"),
  passkey: () => import("./passkey.ts"),
  report: () => import("./report.ts"),
  ticking: () => import("./ticking.ts"),
  tree: () => import("./tree.ts"),
  writing: () => import("./writing.ts"),
};

const begun = new WeakSet<Element>();

/** Starts the islands in (and at) an element; those that run already are left alone. */
export function islands(root: ParentNode): void {
  const found = [...root.querySelectorAll<HTMLElement>("[data-island]")];
  if (root instanceof HTMLElement && root.dataset.island) found.push(root);
  for (const element of found) {
    const load = ISLANDS[element.dataset.island ?? ""];
    if (!load || begun.has(element)) continue;
    begun.add(element);
    load().then((island) => island.start(element));
  }
}

export function begin(): void {
  islands(document);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("formdata", onSending);
  document.getElementById("summary")?.focus();
  if (sessionStorage.getItem("linchpin-sent")) import("./draft.ts").then((island) => island.settle());
  lookAfterWhatIsKept();
}

/** Pages kept for somebody else go, and on a kiosk all of them; what waits of whoever is here is sent. The form that strangers see knows nobody. */
function lookAfterWhatIsKept(): void {
  const [person, keptFor] = [document.body.dataset.person ?? "", localStorage.getItem("linchpin-kept-for")];
  const kiosk = document.querySelector('[data-island="kiosk"]') !== null;
  if (keptFor && (keptFor !== person || kiosk) && !document.querySelector("[data-offline]"))
    void import("./kept.ts").then((kept) => kept.forget());
  const sends = localStorage.getItem("linchpin-waits") && person && !kiosk && !document.querySelector('[data-island="checklist"]');
  if (sends) void import("./sending.ts").then((sending) => sending.watch());
}

/** Menus close when one presses elsewhere; the theme, the printer and the palette wait for a press. */
function onClick(event: MouseEvent): void {
  const pressed = event.target instanceof Element ? event.target : null;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!menu.contains(pressed)) menu.open = false;
  }
  const theme = pressed?.closest<HTMLElement>("[data-choose]");
  if (theme) import("./theme.ts").then((island) => island.choose(theme.dataset.choose ?? ""));
  if (pressed?.closest('[data-island="print"]')) window.print();
  const find = pressed?.closest<HTMLAnchorElement>('[data-island="palette"]');
  if (find && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openPalette(find);
  }
}

/** Filters that were not chosen stay out of the address. */
function onSending(event: FormDataEvent): void {
  if (!(event.target as HTMLElement).matches(".filter-form")) return;
  for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
}

function onKey(event: KeyboardEvent): void {
  const find = document.querySelector<HTMLAnchorElement>('[data-island="palette"]');
  const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
  const wanted = ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") || (event.key === "/" && !typing);
  if (find && wanted) {
    event.preventDefault();
    openPalette(find);
  }
  if (event.key === "Escape") closeMenu();
}

function closeMenu(): void {
  const open = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
}

function openPalette(find: HTMLAnchorElement): void {
  import("./palette.ts").then((island) => island.open(find.href, find.dataset));
}

/** Pages that this device keeps for one person, to open them without a connection; they go when anybody else is here. */

const PAGES = "linchpin-kept";
const OWNER = "linchpin-kept-for";
const WHOSE = "/whose";

/** The worker that answers when the network does not, and the built files that this page needed. */
export async function openWithoutSignal(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/report-worker.js");
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage(performance.getEntriesByType("resource").map((entry) => entry.name));
}

/** This page as the house gives it now, kept for whoever is signed in. */
export async function fresh(): Promise<Document | undefined> {
  const answer = await fetch(location.pathname, { cache: "no-store", headers: { Accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return undefined;
  const copy = answer.clone();
  const text = await answer.text();
  if (answer.headers.get("Linchpin-Keeps") === document.body.dataset.person) await keep(copy);
  else if ("caches" in window) await (await caches.open(PAGES)).delete(location.pathname);
  return new DOMParser().parseFromString(text, "text/html");
}

async function keep(answer: Response): Promise<void> {
  if (!("caches" in window)) return;
  await own();
  await (await caches.open(PAGES)).put(location.pathname, answer);
}

/** Kept from the first visit on: the worker keeps it from the second. */
export async function keepThisPage(): Promise<void> {
  if (!("caches" in window)) return;
  await own();
  if (!(await (await caches.open(PAGES)).match(location.pathname))) await fresh();
}

async function own(): Promise<void> {
  const person = document.body.dataset.person ?? "";
  if (localStorage.getItem(OWNER) === person) return;
  await forget();
  localStorage.setItem(OWNER, person);
  await (await caches.open(PAGES)).put(WHOSE, new Response(person));
}

export async function forget(): Promise<void> {
  localStorage.removeItem(OWNER);
  if ("caches" in window) await caches.delete(PAGES);
}

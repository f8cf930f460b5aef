/** Report and what somebody keeps here open without a signal: when the network does not answer, the kept page is shown.
 *
 * The form of Report is the one that strangers see. Private pages are kept only where the house says so, for whoever it names. */

type Waiting = { waitUntil(work: Promise<unknown>): void };
type Asked = Waiting & { request: Request; respondWith(answer: Promise<Response>): void };
type Keeper = {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, heard: (event: never) => void): void;
};

const worker = self as unknown as Keeper;
const KEPT = "linchpin-report";
const PAGES = "linchpin-kept";
const WHOSE = "/whose";
const FORM = "/report/offline/";
const BUILT = "/static/build/";
const MAY_BE_KEPT = /^\/audit\/[^/]+\/$/;
const ENDS = ["/account/logout/", "/kiosk/done/"];
const PATIENCE = 8000;

worker.addEventListener("install", (event: Waiting) => event.waitUntil(keepForm().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event: Waiting) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event: Waiting & { data: string[] }) => event.waitUntil(keepBuilt(event.data)));
worker.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method === "POST" && ENDS.includes(path)) event.waitUntil(caches.delete(PAGES));
  if (request.method !== "GET") return;
  if (path.startsWith(BUILT)) event.respondWith(kept(request));
  else if (request.mode !== "navigate") return;
  else if (path === "/report/" || path.startsWith("/at/")) event.respondWith(form(request));
  else if (MAY_BE_KEPT.test(path)) event.respondWith(page(event, path));
});

async function keepForm(): Promise<void> {
  const answer = await fetch(FORM, { credentials: "omit", cache: "no-store" });
  if (!answer.ok) return;
  const cache = await caches.open(KEPT);
  const named = [...(await answer.clone().text()).matchAll(/(?:href|src)="(\/static\/build\/[^"#]+)/g)].map(([, url]) => url ?? "");
  await cache.put(FORM, answer);
  await keepBuilt(named);
}

/** What the page loaded before the worker was there; built files carry their hash in their name and never change. */
async function keepBuilt(urls: string[]): Promise<void> {
  const cache = await caches.open(KEPT);
  await Promise.all(
    urls.map(async (url) => {
      const path = new URL(url, location.origin).pathname;
      if (path.startsWith(BUILT) && !(await cache.match(path))) await cache.add(path).catch(() => undefined);
    }),
  );
}

async function kept(request: Request): Promise<Response> {
  const found = await caches.match(request);
  return found ?? fetch(request);
}

async function form(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    void keepForm().catch(() => undefined);
    return answer;
  } catch {
    return (await caches.match(FORM)) ?? Response.error();
  }
}

/** The house's answer decides: marked for whoever keeps pages here it is kept anew, unmarked it is kept no longer. */
async function page(event: Asked, path: string): Promise<Response> {
  try {
    const answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE) });
    event.waitUntil(remember(answer.clone(), path).catch(() => undefined));
    return answer;
  } catch {
    return (await (await pages())?.match(path)) ?? Response.error();
  }
}

async function remember(answer: Response, path: string): Promise<void> {
  const cache = await pages();
  if (!cache || answer.status >= 500) return;
  const whose = await (await cache.match(WHOSE))?.text();
  if (answer.ok && whose && answer.headers.get("Linchpin-Keeps") === whose) await cache.put(path, answer);
  else await cache.delete(path);
}

async function pages(): Promise<Cache | undefined> {
  return (await caches.has(PAGES)) ? caches.open(PAGES) : undefined;
}

export {};

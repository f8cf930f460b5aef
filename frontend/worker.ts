/** Report opens without a signal: when the network does not answer, the kept form is shown. Nothing of anybody is kept here. */

type Waiting = { waitUntil(work: Promise<unknown>): void };
type Asked = Waiting & { request: Request; respondWith(answer: Promise<Response>): void };
type Keeper = {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, heard: (event: never) => void): void;
};

const worker = self as unknown as Keeper;
const KEPT = "linchpin-report";
const FORM = "/report/offline/";
const BUILT = "/static/build/";
const PATIENCE = 8000;

worker.addEventListener("install", (event: Waiting) => event.waitUntil(keepForm().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event: Waiting) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event: Waiting & { data: string[] }) => event.waitUntil(keepBuilt(event.data)));
worker.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (path.startsWith(BUILT)) event.respondWith(kept(request));
  else if (request.mode === "navigate" && (path === "/report/" || path.startsWith("/at/"))) event.respondWith(form(request));
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

export {};

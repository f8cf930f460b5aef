/** Reports that wait on this device for a signal. Each is sent under its own key, so that the house takes it once. */

export type Waiting = { once: string; fields: [string, string][]; photos: File[]; said?: string };
export type Answer = { number: string; slip: string };

const HOUSE = "linchpin-reports";
const PATIENCE = 5000;

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function store(name: string, mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(HOUSE, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("waiting", { keyPath: "once" });
    opening.result.createObjectStore("places", { keyPath: "path" });
  };
  return (await asked(opening)).transaction(name, mode).objectStore(name);
}

export async function keep(one: Waiting): Promise<void> {
  await asked((await store("waiting", "readwrite")).put(one));
}

export async function drop(once: string): Promise<void> {
  await asked((await store("waiting", "readwrite")).delete(once));
}

export async function all(): Promise<Waiting[]> {
  return asked((await store("waiting", "readonly")).getAll());
}

/** Which place the code behind this address names, for the day on which there is no signal at it. */
export async function keepPlace(place: string, unit: string): Promise<void> {
  await asked((await store("places", "readwrite")).put({ path: location.pathname, place, unit }));
}

export async function placeHere(): Promise<{ place: string; unit: string } | undefined> {
  const query = new URLSearchParams(location.search);
  if (query.get("place")) return { place: query.get("place") ?? "", unit: query.get("unit") ?? "" };
  return asked((await store("places", "readonly")).get(location.pathname));
}

/** Whether the house answers: a device can believe itself online in front of a wall. */
export async function alive(): Promise<boolean> {
  if (!navigator.onLine) return false;
  try {
    return (await fetch("/report/alive/", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}

/** Sends one; gives the slip, or the sentence that says why it was not taken, or nothing when the signal went again. */
export async function send(one: Waiting): Promise<Answer | string | undefined> {
  const body = new FormData();
  for (const [name, value] of [...one.fields, ["once", one.once] as [string, string]]) body.append(name, value);
  for (const photo of one.photos) body.append("photo", photo, photo.name);
  const stamp = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  try {
    const answer = await fetch("/report/", { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": stamp } });
    if (answer.ok) return (await answer.json()) as Answer;
    if (answer.headers.get("Content-Type")?.includes("json")) return ((await answer.json()) as { says: string[] }).says.join(" ");
    return undefined;
  } catch {
    return undefined;
  }
}

/** What waits on this device for a connection: reports and answers. Each is sent under its own key, so that the house takes it once. */

import { house } from "./house.ts";

export type Waiting = {
  once: string;
  fields: [string, string][];
  photos: File[];
  said?: string;
  /** Where it goes; a report, where nothing is said. */
  to?: string;
  /** Whose it is: nobody else sends or sees it. */
  by?: string;
  /** When it was written, by this device's clock. */
  at?: number;
};
export type Outcome =
  | { taken: true; body: Record<string, unknown> }
  | { taken: false; status: number; says: string; body: Record<string, unknown> };

export const REPORTS = "/report/";
const PATIENCE = 5000;
const LONGEST = 120_000;

export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function keep(one: Waiting): Promise<void> {
  await house("waiting", "readwrite", (store) => store.put(one));
}

export async function drop(once: string): Promise<void> {
  await house("waiting", "readwrite", (store) => store.delete(once));
}

/** Everything that waits, in the order in which it was written. */
export async function all<One extends Waiting = Waiting>(): Promise<One[]> {
  const found = (await house("waiting", "readonly", (store) => store.getAll())) as One[];
  return found.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

export async function reports(): Promise<Waiting[]> {
  return (await all()).filter((one) => (one.to ?? REPORTS) === REPORTS);
}

/** Which place the code behind this address names, for the day on which there is no signal at it. */
export async function keepPlace(place: string, unit: string): Promise<void> {
  await house("places", "readwrite", (store) => store.put({ path: location.pathname, place, unit }));
}

export async function placeHere(): Promise<{ place: string; unit: string } | undefined> {
  const query = new URLSearchParams(location.search);
  if (query.get("place")) return { place: query.get("place") ?? "", unit: query.get("unit") ?? "" };
  return (await house("places", "readonly", (store) => store.get(location.pathname))) as { place: string; unit: string } | undefined;
}

/** Whether the house answers: a device can believe itself online in front of a wall. It stamps what is sent next. */
export async function alive(): Promise<boolean> {
  if (!navigator.onLine) return false;
  try {
    return (await fetch("/report/alive/", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}

/** Sends one; gives what the house says of it, or nothing when the signal went again or the house is in trouble. */
export async function send(one: Waiting): Promise<Outcome | undefined> {
  const body = new FormData();
  for (const [name, value] of [...one.fields, ["once", one.once] as [string, string]]) body.append(name, value);
  for (const photo of one.photos) body.append("photo", photo, photo.name);
  const name = `${document.body.dataset.cookies ?? ""}csrftoken=`;
  const stamp =
    document.cookie
      .split("; ")
      .find((one) => one.startsWith(name))
      ?.slice(name.length) ?? "";
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": stamp };
    const answer = await fetch(one.to ?? REPORTS, { method: "POST", body, headers, signal: AbortSignal.timeout(LONGEST) });
    if (!answer.headers.get("Content-Type")?.includes("json")) return undefined;
    const told = (await answer.json()) as Record<string, unknown>;
    if (answer.ok) return { taken: true, body: told };
    return { taken: false, status: answer.status, says: ((told.says as string[]) ?? []).join(" "), body: told };
  } catch {
    return undefined;
  }
}

/** Sends the answers of whoever is signed in, in their order, as soon as the house answers; on every page, not only where they were given. */

import * as queue from "./queue.ts";

const WAITS = "linchpin-waits";
const AGAIN = 20_000;

export interface Answer extends queue.Waiting {
  to: string;
  by: string;
  at: number;
  check: string;
  /** The answer's own words, and each field as label and text. */
  shown: [string, string][];
  /** Taken back to be changed: not sent until it is answered again. */
  held?: boolean;
  theirs?: Theirs;
}
export interface Theirs {
  by: string;
  when: string;
  theirs: [string, string][];
  stands: Record<string, string>;
  answered: boolean;
  movable: boolean;
}
export interface Told {
  taken: Answer[];
  expired: boolean;
}

let busy = false;
let asked = false;
let began = false;
const heard: ((news: Told) => void)[] = [];

export async function answers(): Promise<Answer[]> {
  const found = (await queue.all<Answer>()).filter((one) => one.check !== undefined);
  if (found.length) localStorage.setItem(WAITS, "1");
  else localStorage.removeItem(WAITS);
  return found;
}

export async function mine(): Promise<Answer[]> {
  return (await answers()).filter((one) => one.by === document.body.dataset.person);
}

export async function putAside(one: Answer): Promise<void> {
  for (const before of await mine()) if (before.to === one.to) await queue.drop(before.once);
  await queue.keep(one);
  localStorage.setItem(WAITS, "1");
}

/** Sends now, when the connection returns, and now and then; `told` hears what became of it. */
export function watch(told?: (news: Told) => void): void {
  if (told) heard.push(told);
  if (!began) {
    window.setInterval(go, AGAIN);
    window.addEventListener("online", go);
  }
  began = true;
  void go();
}

/** One at a time; what is put aside while sending is under way goes right after it. */
export async function go(): Promise<void> {
  asked = true;
  if (busy) return;
  busy = true;
  try {
    while (asked) {
      asked = false;
      const news = await flush();
      if (news) for (const told of heard) told(news);
    }
  } finally {
    busy = false;
  }
}

/** Nothing is given when there is nothing to send or no connection. */
async function flush(): Promise<Told | undefined> {
  const ready = (await mine().catch(() => [])).filter((one) => !one.said && !one.held);
  if (ready.length === 0 || !(await queue.alive())) return undefined;
  const news: Told = { taken: [], expired: false };
  for (const one of ready) {
    const outcome = await queue.send(one);
    if (!outcome) break;
    if (outcome.taken) {
      await queue.drop(one.once);
      news.taken.push(one);
    } else if (outcome.status === 401) {
      news.expired = true;
      break;
    } else {
      const theirs = outcome.status === 409 ? (outcome.body as unknown as Theirs) : undefined;
      await queue.keep({ ...one, said: outcome.says, theirs } as Answer);
    }
  }
  await answers();
  return news;
}

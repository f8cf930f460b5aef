/** Says in the report page what waits on this device, and sends it as soon as the house answers. */

import * as queue from "./queue.ts";

type Slip = { number: string; slip: string };

const AGAIN = 20_000;
let busy = false;

export function watch(form: HTMLFormElement): void {
  const box = document.querySelector<HTMLElement>("[data-queue]");
  if (!box) return;
  const go = () => flush(form, box);
  window.addEventListener("online", go);
  window.setInterval(go, AGAIN);
  void go();
}

/** Puts the typed report aside; a PIN is never kept, the number then stands as a name. */
export async function putAside(form: HTMLFormElement): Promise<void> {
  const given = new FormData(form);
  const fields: [string, string][] = [];
  for (const [name, value] of given.entries()) {
    if (typeof value === "string" && value && !["csrfmiddlewaretoken", "once", "pin", "number"].includes(name)) fields.push([name, value]);
  }
  const number = String(given.get("number") ?? "").trim();
  const name = form.dataset.name ?? "";
  if (number) fields.push(["reporter_name", number]);
  else if (name && given.get("who") !== "nobody") fields.push(["reporter_name", name], ["by", document.body.dataset.person ?? ""]);
  else if (given.get("who") === "nobody") fields.push(["by", "nobody"]);
  const photos = given.getAll("photo").filter((file): file is File => file instanceof File && file.size > 0);
  const once = String(given.get("once") || queue.newKey());
  await queue.keep({ once, fields, photos, at: Date.now() });
}

export async function show(box: HTMLElement): Promise<queue.Waiting[]> {
  const waiting = await queue.reports().catch(() => []);
  const line = box.querySelector<HTMLElement>("[data-waits]");
  if (line) {
    line.hidden = waiting.length === 0;
    const said = waiting.length === 1 ? line.dataset.one : line.dataset.many;
    line.textContent = (said ?? "").replace("%s", String(waiting.length));
  }
  return waiting;
}

async function flush(form: HTMLFormElement, box: HTMLElement): Promise<void> {
  const waiting = await show(box);
  if (busy || waiting.length === 0 || !(await queue.alive())) return;
  busy = true;
  for (const one of waiting) {
    const answer = await queue.send(one);
    if (answer?.taken) {
      await queue.drop(one.once);
      tell(box, box.dataset.sent ?? "", form.dataset.kiosk === undefined ? (answer.body as unknown as Slip) : undefined);
    } else if (answer?.says && answer.says !== one.said) {
      await queue.keep({ ...one, said: answer.says });
      refuse(box, one, answer.says);
    }
  }
  busy = false;
  await show(box);
}

function tell(box: HTMLElement, text: string, answer?: Slip): HTMLElement {
  const line = document.createElement("p");
  line.append(text);
  if (answer) line.append(" ", Object.assign(document.createElement("a"), { href: answer.slip, textContent: answer.number }));
  box.append(line);
  return line;
}

function refuse(box: HTMLElement, one: queue.Waiting, said: string): void {
  const line = tell(box, said);
  line.className = "wrong";
  const away = Object.assign(document.createElement("button"), {
    type: "button",
    className: "btn btn-ghost",
    textContent: box.dataset.drop ?? "",
  });
  away.addEventListener("click", async () => {
    await queue.drop(one.once);
    line.remove();
    await show(box);
  });
  line.append(" ", away);
}

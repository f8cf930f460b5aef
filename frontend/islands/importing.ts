/** Bringing in data: a file that is too large is told before it is sent, and long work shows how far it is. */

import { start as takeDrops } from "./dropzone.ts";

export function start(element: HTMLElement): void {
  if (element.dataset.job) watch(element, element.dataset.job);
  else if (element instanceof HTMLFormElement) receive(element);
}

function receive(form: HTMLFormElement): void {
  takeDrops(form);
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const wrong = form.querySelector<HTMLElement>("[data-wrong]");
  if (!input || !wrong) return;
  const tooLarge = () => (input.files?.[0]?.size ?? 0) > Number(form.dataset.largest);
  input.addEventListener("change", () => {
    wrong.hidden = !tooLarge();
    wrong.textContent = tooLarge() ? (form.dataset.tooLarge ?? "") : "";
  });
  form.addEventListener("submit", (event) => {
    if (tooLarge()) event.preventDefault();
  });
}

interface Standing {
  percent: number;
  saying: string;
  ended: boolean;
  next?: string;
}

function watch(page: HTMLElement, address: string): void {
  const bar = page.querySelector("progress");
  const saying = page.querySelector("[data-saying]");
  const percent = page.querySelector("[data-percent]");
  const ask = async () => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => undefined);
    const standing: Standing | undefined = answer?.ok ? await answer.json() : undefined;
    if (standing?.ended) return standing.next ? location.replace(standing.next) : location.reload();
    if (standing) {
      if (bar) bar.value = standing.percent;
      if (percent) percent.textContent = String(standing.percent);
      if (saying && standing.saying && saying.textContent !== standing.saying) saying.textContent = standing.saying;
    }
    setTimeout(ask, 700);
  };
  setTimeout(ask, 400);
}

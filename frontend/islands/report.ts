/** The report: photos are shown, and made small enough for a weak signal; without a signal it waits and is sent when one returns. */

import { openWithoutSignal } from "./kept.ts";
import * as photos from "./photos.ts";
import * as queue from "./queue.ts";
import { putAside, show as showWaiting, watch } from "./waiting.ts";

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const previews = form.querySelector<HTMLElement>("[data-previews]");
  form.noValidate = false; // an empty report is not sent, so that its photos need not be chosen again
  sayWhatIsMissing(form);
  if (input && previews) photos.watch(input, previews);
  waitForSignal(form);
  watch(form);
  void fromSecondVisit(form);
}

/** In our words and the page's language instead of the browser's. */
function sayWhatIsMissing(form: HTMLFormElement): void {
  const saw = form.querySelector<HTMLTextAreaElement>("[data-empty]");
  saw?.addEventListener("invalid", () => saw.setCustomValidity(saw.dataset.empty ?? ""));
  saw?.addEventListener("input", () => saw.setCustomValidity(""));
}

/** Sent at once where the house answers; else it waits on this device, and the page says so. */
function waitForSignal(form: HTMLFormElement): void {
  const mark = document.querySelector<HTMLElement>("[data-signal]");
  const show = () => {
    if (mark) mark.hidden = navigator.onLine && form.dataset.offline === undefined;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.offline === undefined && (await queue.alive())) {
      form.submit();
      return;
    }
    await putAside(form);
    form.reset();
    if (form.dataset.offline !== undefined) void fillPlace(form);
    form.querySelector("[data-previews]")?.replaceChildren();
    const once = form.querySelector<HTMLInputElement>('input[name="once"]');
    if (once) once.value = queue.newKey();
    const box = document.querySelector<HTMLElement>("[data-queue]");
    if (box) await tellWaiting(box);
  });
  window.addEventListener("offline", show);
  window.addEventListener("online", show);
  show();
}

async function tellWaiting(box: HTMLElement): Promise<void> {
  await showWaiting(box);
  box.scrollIntoView({ block: "center" });
  box.focus();
}

/** From the second visit on the page opens without a signal, with the place that its code names. Not on a kiosk: that forgets. */
async function fromSecondVisit(form: HTMLFormElement): Promise<void> {
  if (form.dataset.offline !== undefined) return fillPlace(form);
  if (form.dataset.place) void queue.keepPlace(form.dataset.place, form.querySelector<HTMLSelectElement>('[name="unit"]')?.value ?? "");
  if (form.dataset.kiosk === undefined) await openWithoutSignal();
}

async function fillPlace(form: HTMLFormElement): Promise<void> {
  const here = await queue.placeHere().catch(() => undefined);
  if (!here) return;
  const place = form.querySelector<HTMLInputElement>('[name="place"]');
  const unit = form.querySelector<HTMLSelectElement>('[name="unit"]');
  if (place) place.value = here.place;
  if (unit && here.unit) unit.value = here.unit;
}

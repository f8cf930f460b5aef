/** The report: photos are shown, and made small enough for a weak signal; without a signal it waits and is sent when one returns. */

import * as queue from "./queue.ts";
import { putAside, show as showWaiting, watch } from "./waiting.ts";

const LONGEST_EDGE = 2000;
const QUALITY = 0.85;

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const previews = form.querySelector<HTMLElement>("[data-previews]");
  form.noValidate = false; // an empty report is not sent, so that its photos need not be chosen again
  sayWhatIsMissing(form);
  if (input && previews) input.addEventListener("change", () => take(input, previews));
  waitForSignal(form);
  watch(form);
  void openWithoutSignal(form);
}

/** In our words and the page's language instead of the browser's. */
function sayWhatIsMissing(form: HTMLFormElement): void {
  const saw = form.querySelector<HTMLTextAreaElement>("[data-empty]");
  saw?.addEventListener("invalid", () => saw.setCustomValidity(saw.dataset.empty ?? ""));
  saw?.addEventListener("input", () => saw.setCustomValidity(""));
}

/** A photo drawn anew is small, stands upright, and no longer tells where and with what it was taken. */
async function take(input: HTMLInputElement, previews: HTMLElement): Promise<void> {
  for (const old of previews.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  const chosen = await Promise.all([...(input.files ?? [])].map(smaller));
  const given = new DataTransfer();
  for (const file of chosen) given.items.add(file);
  input.files = given.files;
  previews.replaceChildren(
    ...chosen.map((file) => Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name })),
  );
}

async function smaller(file: File): Promise<File> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
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
    if (once) once.value = crypto.randomUUID().replaceAll("-", "");
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
async function openWithoutSignal(form: HTMLFormElement): Promise<void> {
  if (form.dataset.offline !== undefined) return fillPlace(form);
  if (form.dataset.place) void queue.keepPlace(form.dataset.place, form.querySelector<HTMLSelectElement>('[name="unit"]')?.value ?? "");
  if (form.dataset.kiosk !== undefined || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/report-worker.js");
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage(performance.getEntriesByType("resource").map((entry) => entry.name));
}

async function fillPlace(form: HTMLFormElement): Promise<void> {
  const here = await queue.placeHere().catch(() => undefined);
  if (!here) return;
  const place = form.querySelector<HTMLInputElement>('[name="place"]');
  const unit = form.querySelector<HTMLSelectElement>('[name="unit"]');
  if (place) place.value = here.place;
  if (unit && here.unit) unit.value = here.unit;
}

/** The report: photos are shown, and made small enough for a weak signal; without a signal it waits and is sent when one returns. */

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

function waitForSignal(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>("[data-said]");
  const mark = document.querySelector<HTMLElement>("[data-signal]");
  let waiting = false;
  const show = () => {
    if (mark) mark.hidden = navigator.onLine;
    if (said) said.hidden = !waiting;
  };
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    waiting = true;
    if (said) said.textContent = form.dataset.waiting ?? "";
    show();
  });
  window.addEventListener("offline", show);
  window.addEventListener("online", () => {
    show();
    if (waiting) form.requestSubmit();
  });
  show();
}

/** Several files or a whole folder, dropped or chosen: their paths go along, and what is too much is told before it is sent. */

const MOST = 100;

interface Landed {
  file: File;
  path: string;
}

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const inputs = [...form.querySelectorAll<HTMLInputElement>('input[type="file"]')];
  const wrong = form.querySelector<HTMLElement>("[data-wrong]");
  const complaint = (files: Landed[]) => {
    const size = files.reduce((sum, one) => sum + one.file.size, 0);
    if (files.length > MOST) return form.dataset.tooMany ?? "";
    return size > Number(form.dataset.largest) ? (form.dataset.tooLarge ?? "") : "";
  };
  const told = (files: Landed[]) => {
    const said = complaint(files);
    if (wrong) {
      wrong.hidden = !said;
      wrong.textContent = said;
    }
    return said;
  };
  const chosen = () =>
    inputs.flatMap((input) => [...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
  for (const input of inputs) input.addEventListener("change", () => told(chosen()));
  form.addEventListener("submit", (event) => {
    if (told(chosen())) event.preventDefault();
    else sending(form, true);
  });
  form.addEventListener("formdata", (event) => {
    event.formData.delete("file");
    for (const { file, path } of chosen()) {
      event.formData.append("file", file);
      event.formData.append("path", path);
    }
  });
  addEventListener("pageshow", (event) => event.persisted && sending(form, false));
  takeDrops(form, async (files) => {
    const refused = told(files) || (await send(form, files));
    if (wrong && refused) {
      wrong.hidden = false;
      wrong.textContent = refused;
    }
  });
}

function takeDrops(form: HTMLFormElement, landed: (files: Landed[]) => void): void {
  const over = (on: boolean) => form.classList.toggle("is-over", on);
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  form.addEventListener("dragleave", () => over(false));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    over(false);
    const plain = [...(event.dataTransfer?.files ?? [])].map((file) => ({ file, path: file.name }));
    const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    const files = entries.length ? (await Promise.all(entries.map((entry) => within(entry)))).flat() : plain;
    if (files.length) landed(files);
  });
}

/** Many files take their seconds to be looked into: the button says so until the page is another. */
function sending(form: HTMLFormElement, on: boolean): void {
  form.classList.toggle("is-sending", on);
  const button = form.querySelector<HTMLButtonElement>('button[type="submit"]');
  if (!button) return;
  if (on) form.dataset.otherwise ??= button.textContent ?? "";
  button.textContent = on ? (form.dataset.sending ?? "") : (form.dataset.otherwise ?? "");
  button.setAttribute("aria-disabled", String(on));
}

/** What was dropped is sent at once, as if it had been chosen. Gives the sentence of a refusal. */
async function send(form: HTMLFormElement, files: Landed[]): Promise<string> {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.querySelector<HTMLInputElement>('[name="csrfmiddlewaretoken"]')?.value ?? "");
  for (const { file, path } of files) {
    body.append("file", file);
    body.append("path", path);
  }
  sending(form, true);
  const answer = await fetch(form.action, { method: "POST", body });
  if (answer.redirected) {
    location.assign(answer.url);
    return "";
  }
  sending(form, false);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".refusal")?.textContent ?? page.querySelector("h1")?.textContent ?? "";
}

async function within(entry: FileSystemEntry): Promise<Landed[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Landed[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...(await Promise.all(some.map((one) => within(one)))).flat());
  }
}

/** A text that is kept as Markdown is written as it will be read, or as its source with how it will look beside it. */

import type { TextEditor } from "./editor/editor.ts";

const PAUSE = 350;
type Mode = "text" | "source";

export function start(element: HTMLElement): void {
  const field = element.querySelector("textarea");
  const form = field?.form;
  if (!field || !form) return;
  const preview = previewing(element, field);
  const template = element.querySelector("template") as HTMLTemplateElement;
  element.prepend(template.content.cloneNode(true));
  const part = (name: string) => element.querySelector<HTMLElement>(`[data-part="${name}"]`) as HTMLElement;
  const [place, tools, link, status] = [part("text"), part("tools"), part("link"), part("status")];
  let editor: TextEditor | undefined;

  const show = (mode: Mode, sentence = ""): void => {
    element.dataset.mode = mode;
    for (const button of element.querySelectorAll<HTMLElement>("[data-mode-of]"))
      button.ariaPressed = String(button.dataset.modeOf === mode);
    for (const one of [place, tools]) one.hidden = mode !== "text";
    link.hidden = true;
    field.hidden = mode === "text";
    status.textContent = sentence;
    if (mode === "source") preview();
  };
  const asText = async (): Promise<void> => {
    editor ??= new (await import("./editor/editor.ts")).TextEditor({ field, place, tools, link, status });
    const reason = editor.open();
    show(reason ? "source" : "text", reason ? (status.dataset[reason] ?? "") : "");
  };
  element.addEventListener("click", async (event) => {
    const mode = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-mode-of]")?.dataset.modeOf : undefined;
    if (!mode || mode === element.dataset.mode) return;
    if (mode === "text") return asText();
    editor?.save();
    show("source");
  });
  form.addEventListener("submit", () => element.dataset.mode === "text" && editor?.save(), { capture: true });
  form.addEventListener("restored", () => (element.dataset.mode === "text" ? void asText() : preview()));
  document.addEventListener("click", (event) => {
    const to = event.target instanceof Element ? event.target.closest(`label[for="${field.id}"], a[href="#${field.id}"]`) : null;
    if (!to || element.dataset.mode !== "text") return;
    event.preventDefault();
    editor?.editor.commands.focus();
  });
  void asText();
}

/** How the source will look, a moment after the last key; gives what shows it at once. */
function previewing(element: HTMLElement, field: HTMLTextAreaElement): () => void {
  const preview = element.querySelector<HTMLElement>(".preview");
  const prose = preview?.querySelector<HTMLElement>(".prose");
  const token = field.form?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  let waiting = 0;
  let asked = 0;
  const show = async (): Promise<void> => {
    const turn = ++asked;
    if (!preview || !prose || !token || element.dataset.mode === "text") return;
    preview.hidden = !field.value.trim();
    const answer = await fetch(element.dataset.preview ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ text: field.value }),
    });
    if (answer.ok && turn === asked) prose.innerHTML = await answer.text();
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void show(), PAUSE);
  });
  return () => void show();
}

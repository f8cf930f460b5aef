/** Beside a text that is written as Markdown stands how it will look, a moment after the last key. */

const PAUSE = 350;

export function start(element: HTMLElement): void {
  const text = element.querySelector("textarea");
  const preview = element.querySelector<HTMLElement>(".preview");
  const prose = preview?.querySelector<HTMLElement>(".prose");
  const token = element.closest("form")?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  if (!text || !preview || !prose || !token) return;
  let waiting = 0;
  let asked = 0;
  const show = async (): Promise<void> => {
    const turn = ++asked;
    preview.hidden = !text.value.trim();
    const answer = await fetch(element.dataset.preview ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ text: text.value }),
    });
    if (answer.ok && turn === asked) prose.innerHTML = await answer.text();
  };
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void show(), PAUSE);
  });
  void show();
}

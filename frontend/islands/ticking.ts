/** A clock that runs; and a form that opens a record beside this page, which then looks again and finds its clock running. */

const SECOND = 1_000;

export function start(element: HTMLElement): void {
  if (element instanceof HTMLFormElement) {
    element.addEventListener("submit", () => window.setTimeout(() => window.location.reload(), SECOND));
    return;
  }
  const begun = Date.now() - Number(element.dataset.soFar ?? 0) * SECOND;
  const show = (): void => {
    const seconds = Math.max(0, Math.round((Date.now() - begun) / SECOND));
    element.textContent = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  };
  show();
  window.setInterval(show, SECOND);
}

/** A kiosk counts down where everybody sees it, and forgets: who was here, what was typed, and the way back. */

const TELL_EVERY = 10_000;

export function start(bar: HTMLElement): void {
  const after = Number(bar.dataset.after) * 1000;
  const left = bar.querySelector<HTMLElement>("[data-left]");
  let touched = Date.now();
  let told = Date.now();
  const touch = () => {
    touched = Date.now();
    if (bar.dataset.somebody === undefined || touched - told < TELL_EVERY) return;
    told = touched;
    void tell(bar);
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll"])
    document.addEventListener(kind, touch, { capture: true, passive: true });
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((touched + after - Date.now()) / 1000));
    if (left) left.textContent = (left.dataset.left ?? "").replace("%s", String(seconds));
    if (seconds > 0) return;
    window.clearInterval(counting);
    forget(bar);
  };
  const counting = window.setInterval(tick, 250);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) forget(bar);
  });
  tick();
}

async function tell(bar: HTMLElement): Promise<void> {
  const stamp = bar.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "";
  try {
    const answer = await fetch(bar.dataset.touch ?? "", { method: "POST", headers: { "X-CSRFToken": stamp }, redirect: "manual" });
    if (answer.status !== 204) forget(bar);
  } catch {
    // without a signal the page still forgets by itself
  }
}

function forget(bar: HTMLElement): void {
  for (const form of document.querySelectorAll("form")) form.reset();
  sessionStorage.clear();
  if (bar.dataset.somebody === undefined) location.replace(bar.dataset.start ?? "/");
  else bar.querySelector("form")?.submit();
}

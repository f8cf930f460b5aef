/** The bar for chosen rows: how many there are, and only the fields that the chosen act needs. */

export function start(form: HTMLElement): void {
  const bar = form.querySelector<HTMLElement>("[data-bulk]");
  const all = form.querySelector<HTMLInputElement>("[data-all]");
  const act = form.querySelector<HTMLSelectElement>('select[name="do"]');
  if (!bar || !all || !act) return;
  const boxes = () => [...form.querySelectorAll<HTMLInputElement>('input[name="number"]')];
  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    for (const box of boxes()) box.closest("tr")?.classList.toggle("on", box.checked);
    bar.hidden = chosen === 0;
    const count = bar.querySelector("[data-count]");
    if (count) count.textContent = String(chosen);
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && chosen < boxes().length;
  };
  const fit = () => {
    for (const field of bar.querySelectorAll<HTMLElement>("[data-for]")) {
      field.hidden = !field.dataset.for?.split(" ").includes(act.value);
    }
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    if (event.target === act) fit();
    show();
  });
  form.addEventListener("reset", () => setTimeout(show));
  chooseRanges(form, boxes);
  fit();
  show();
}

/** Shift chooses everything between the last two pressed boxes. */
function chooseRanges(form: HTMLElement, boxes: () => HTMLInputElement[]): void {
  let last: HTMLInputElement | undefined;
  form.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.name !== "number") return;
    if (event.shiftKey && last) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, (to ?? 0) + 1)) between.checked = box.checked;
    }
    last = box;
  });
}

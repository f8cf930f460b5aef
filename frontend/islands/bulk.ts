/** The bar for chosen rows: how many there are, and only the fields that the chosen act needs. */

export function start(rows: HTMLElement): void {
  const bar = rows.querySelector<HTMLElement>("[data-bulk]");
  const all = rows.querySelector<HTMLInputElement>("[data-all]");
  const act = rows.querySelector<HTMLSelectElement>('select[name="do"]');
  if (!bar || !all || !act) return;
  const boxes = () => [...rows.querySelectorAll<HTMLInputElement>('input[name="number"]')];
  const show = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    for (const box of boxes()) box.closest("tr")?.classList.toggle("on", box.checked);
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
  rows.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    if (event.target === act) fit();
    if (event.target === act && act.value === "give") offerPeople(bar);
    show();
  });
  rows.addEventListener("reset", () => setTimeout(show));
  chooseRanges(rows, boxes);
  fit();
  show();
}

/** Shift chooses everything between the last two pressed boxes. */
function chooseRanges(rows: HTMLElement, boxes: () => HTMLInputElement[]): void {
  let last: HTMLInputElement | undefined;
  rows.addEventListener("click", (event) => {
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

/** The box for an e-mail becomes a list of people, fetched when it is first wanted. */
async function offerPeople(bar: HTMLElement): Promise<void> {
  const box = bar.querySelector<HTMLInputElement>('input[name="owner"]');
  const answer = box && (await fetch(bar.dataset.people ?? ""));
  if (!box || !answer?.ok) return;
  const list = document.createElement("select");
  Object.assign(list, { id: box.id, name: box.name, className: "form-select" });
  list.dataset.for = box.dataset.for;
  list.innerHTML = await answer.text();
  box.replaceWith(list);
  list.focus();
}

/** A folder or several files: their paths go along, so that two files of one name stay apart. */

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const inputs = [...form.querySelectorAll<HTMLInputElement>('input[type="file"]')];
  const count = form.querySelector<HTMLElement>("[data-count]");
  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (count) count.textContent = String(inputs.reduce((sum, one) => sum + (one.files?.length ?? 0), 0));
    });
  }
  form.addEventListener("formdata", (event) => {
    for (const input of inputs) {
      for (const file of input.files ?? []) event.formData.append("path", file.webkitRelativePath || file.name);
    }
  });
}

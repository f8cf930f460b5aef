/** Shows the chosen photos before they are sent. */

export function start(form: HTMLElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const previews = form.querySelector<HTMLElement>("[data-previews]");
  if (!input || !previews) return;
  input.addEventListener("change", () => {
    for (const old of previews.querySelectorAll("img")) URL.revokeObjectURL(old.src);
    previews.replaceChildren(
      ...[...(input.files ?? [])].map((file) =>
        Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name }),
      ),
    );
  });
}

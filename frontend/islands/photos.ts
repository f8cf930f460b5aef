/** Photos are shown as they are chosen, and drawn anew: small enough for a weak signal, upright, without the place where they were taken. */

const LONGEST_EDGE = 2000;
const QUALITY = 0.85;

export function watch(input: HTMLInputElement, previews: HTMLElement): void {
  input.addEventListener("change", () => take(input, previews));
}

async function take(input: HTMLInputElement, previews: HTMLElement): Promise<void> {
  put(await Promise.all([...(input.files ?? [])].map(smaller)), input);
  show([...(input.files ?? [])], previews);
}

export function put(files: File[], input: HTMLInputElement): void {
  const given = new DataTransfer();
  for (const file of files) given.items.add(file);
  input.files = given.files;
}

export function show(files: File[], previews: HTMLElement): void {
  for (const old of previews.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  previews.replaceChildren(
    ...files.map((file) => Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name })),
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

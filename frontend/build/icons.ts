/** One sprite of the Tabler outline icons that the pages name, and nothing else. Made at each build, never committed. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const IN_TEMPLATE = /\{%\s*icon\s+"([a-z0-9-]+)"/g;
const IN_PYTHON = /"([a-z0-9-]+)"/g;

/** Names in `{% icon "…" %}`, and quoted words of the pages' and record types' Python that are names of icons. */
export function icons(repository: string): Plugin {
  const drawn = join(repository, "node_modules/@tabler/icons/icons/outline");
  const marks = join(repository, "frontend/marks");
  return {
    name: "linchpin-icons",
    generateBundle() {
      const names = [...wanted(join(repository, "linchpin"), drawn)].sort();
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${names.map((name) => symbol(drawn, name)).join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "icons.svg", source });
      for (const mark of readdirSync(marks)) {
        this.emitFile({ type: "asset", name: mark, originalFileName: mark, source: readFileSync(join(marks, mark)) });
      }
    },
  };
}

function wanted(product: string, drawn: string): Set<string> {
  const found = new Set<string>();
  for (const path of readdirSync(product, { recursive: true, encoding: "utf8" })) {
    const python = path.endsWith("record_type.py") || (path.startsWith("surfaces/web") && path.endsWith(".py"));
    if (!python && !path.endsWith(".html")) continue;
    for (const [, name] of readFileSync(join(product, path), "utf8").matchAll(python ? IN_PYTHON : IN_TEMPLATE)) {
      if (name && existsSync(join(drawn, `${name}.svg`))) found.add(name);
      else if (name && !python) throw new Error(`${path} asks for the icon “${name}”, which Tabler does not draw.`);
    }
  }
  return found;
}

function symbol(drawn: string, name: string): string {
  const file = readFileSync(join(drawn, `${name}.svg`), "utf8");
  const inner = file.slice(file.indexOf(">", file.indexOf("<svg")) + 1, file.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
}

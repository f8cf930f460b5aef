/** Hanken Grotesk, cut to the letters that each slice serves and to the weights 400–700. Kept under node_modules between builds. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import subsetFont from "subset-font";
import type { Plugin } from "vite";

const PACKAGE = "node_modules/@fontsource-variable/hanken-grotesk/files";
/** The same ranges stand in styles/fonts.css as `unicode-range`. */
const SLICES: Record<string, string> = {
  latin: "20-7E, A0-FF, 131, 152-153, 2010-2026, 202F, 2030-203A, 20AC, 2122, 2190-2193, 2212, 2248, 2260-2265",
  "latin-ext": "100-130, 132-151, 154-17F, 1CD-1DC, 218-21B, 1E80-1E85, 1E9E, 1EF2-1EF3",
  vietnamese: "1A0-1A1, 1AF-1B0, 300-301, 303, 309, 323, 1EA0-1EF1, 1EF4-1EF9, 20AB",
};

/** The slices answer to `@fonts/hanken-<slice>.woff2` in style sheets. */
export function fonts(repository: string): Plugin {
  const kept = join(repository, "node_modules/.cache/linchpin-fonts");
  return {
    name: "linchpin-fonts",
    config: async () => {
      mkdirSync(kept, { recursive: true });
      for (const [slice, ranges] of Object.entries(SLICES)) await cut(repository, kept, slice, ranges);
      return { resolve: { alias: { "@fonts": kept } } };
    },
  };
}

async function cut(repository: string, kept: string, slice: string, ranges: string): Promise<void> {
  const source = join(repository, PACKAGE, `hanken-grotesk-${slice}-wght-normal.woff2`);
  const file = join(kept, `hanken-${slice}.woff2`);
  const label = `${file}.of`;
  const recipe = `${source}\n${ranges}\n${readFileSync(join(repository, "package-lock.json"), "utf8").length}`;
  if (existsSync(file) && existsSync(label) && readFileSync(label, "utf8") === recipe) return;
  const letters = letters_of(ranges);
  const weights = { wght: { min: 400, max: 700, default: 400 } };
  writeFileSync(file, await subsetFont(readFileSync(source), letters, { targetFormat: "woff2", variationAxes: weights }));
  writeFileSync(label, recipe);
}

function letters_of(ranges: string): string {
  return ranges
    .split(", ")
    .map((range) => {
      const [first = 0, last = first] = range.split("-").map((code) => Number.parseInt(code, 16));
      return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, n) => first + n));
    })
    .join("");
}

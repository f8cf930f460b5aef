/** Leaves out of Tabler's styles every rule whose classes no page names: two thirds of them, which each page would read and match in vain.
 *
 * A class is named when the word stands anywhere in a template, in Python that draws, or in an island. Our own styles are left whole. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rule } from "postcss";

const WORDS = /[a-z][\w-]*/gi;
const CLASSES = /\.([a-z][\w-]*)/gi;
const CONDITIONS = /:(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)/g;

export function unused(repository: string): Plugin {
  return {
    postcssPlugin: "linchpin-unused",
    OnceExit(root) {
      if (!root.source?.input.file?.endsWith("tabler.scss")) return;
      const named = words([join(repository, "linchpin"), join(repository, "frontend/islands")]);
      root.walkRules((rule) => narrow(rule, named));
      root.walkAtRules((rule) => {
        if (rule.nodes?.length === 0) rule.remove();
      });
    },
  };
}

function words(folders: string[]): Set<string> {
  const found = new Set<string>();
  for (const folder of folders) {
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!/\.(html|py|ts)$/.test(path)) continue;
      for (const [word] of readFileSync(join(folder, path), "utf8").matchAll(WORDS)) found.add(word);
    }
  }
  return found;
}

/** Keeps the selectors that some page can match; what stands in a condition (`:not(.x)`) does not count. */
function narrow(rule: Rule, named: Set<string>): void {
  if (rule.parent?.type === "atrule" && "name" in rule.parent && String(rule.parent.name).endsWith("keyframes")) return;
  const kept = rule.selectors.filter((selector) =>
    [...selector.replace(CONDITIONS, "").matchAll(CLASSES)].every(([, name]) => named.has(name ?? "")),
  );
  if (kept.length === 0) rule.remove();
  else rule.selectors = kept;
}

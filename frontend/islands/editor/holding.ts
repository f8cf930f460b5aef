/** Whether the editor can hold a text exactly. What it cannot is written as Markdown, and nothing of it is lost. */

import type { Schema } from "@tiptap/pm/model";
import { whole } from "./composing.ts";
import { plain, remarked, withoutRemarks } from "./dialect.ts";
import { type Reading, read } from "./reading.ts";

export type Reason = "front" | "references" | "remarks" | "other";

const [markdown, withRemarks] = [plain(), remarked()];

/** What was read, or the reason why it is better left to the source. */
export function hold(text: string, schema: Schema): Reading | Reason {
  if (/^---\s*\n[\s\S]*?\n---\s*(\n|$)/.test(text)) return "front";
  try {
    const reading = read(text, schema);
    if (reading.references) return "references";
    if (text.includes("<!--") && even(withRemarks.render(text)) !== even(markdown.render(withoutRemarks(text)))) return "remarks";
    if (reading.sources.length !== reading.doc.childCount && text.trim()) return "other";
    const anew = whole(reading.doc);
    const same = read(anew, schema).doc.eq(reading.doc) && tags(withRemarks.render(anew)) === tags(withRemarks.render(text));
    return same ? reading : "other";
  } catch {
    return "other"; // a mark that the parser has no node for
  }
}

/** What is there, in whatever order bold and links lie in each other: a link without words is no part of what is edited. */
function tags(html: string): string {
  return [...html.matchAll(/<\w+/g)].sort().join();
}

/** White space counts in code alone. */
function even(html: string): string {
  return html
    .split(/(<pre>[\s\S]*?<\/pre>)/)
    .map((part, place) => (place % 2 ? part : part.replace(/\s+/g, " ").replace(/> </g, "><")))
    .join("")
    .trim();
}

/** From what was edited back to Markdown: untouched blocks as they were, the others with no more escapes than they need. */

import type { Mark, Node } from "@tiptap/pm/model";
import type { Reading } from "./reading.ts";
import { read } from "./reading.ts";
import { serializers } from "./serializing.ts";

const { light, strict } = serializers();
const written = new WeakMap<Node, string>();

/** What was read, by its blocks: the editor holds the very same ones until somebody changes them. */
export class Kept {
  private readonly places: Map<Node, number>;

  constructor(private readonly reading: Reading) {
    this.places = new Map(reading.doc.children.map((block, place) => [block, place]));
  }

  /** The whole text. Where an untouched block would be read differently beside its new neighbours, everything is written anew. */
  compose(doc: Node): string {
    const anew = whole(doc);
    const sparing = this.sparing(doc);
    if (sparing === undefined) return anew;
    return read(sparing, doc.type.schema).doc.eq(read(anew, doc.type.schema).doc) ? sparing : anew;
  }

  private sparing(doc: Node): string | undefined {
    const { sources, between } = this.reading;
    let text = "";
    let last: number | undefined = -1;
    let kept = 0;
    blocks(doc).forEach((block, index, all) => {
      const place = this.place(block, last);
      kept += place === undefined ? 0 : 1;
      const follows = place !== undefined && last !== undefined && place === last + 1;
      text += follows ? (between[place] ?? "") : text ? "\n\n" : "";
      text += place === undefined ? one(block, all[index - 1]) : (sources[place] ?? "");
      last = place;
    });
    if (last === sources.length - 1) text += between[sources.length] ?? "";
    return kept || !doc.textContent ? text : undefined;
  }

  /** Where the block stood, also one that was changed and changed back; best where it stands now, after the one before. */
  private place(block: Node, last: number | undefined): number | undefined {
    const own = this.places.get(block);
    if (own !== undefined) return own;
    const next = (last ?? -2) + 1;
    if (this.reading.doc.maybeChild(next)?.eq(block)) return next;
    const found = this.reading.doc.children.findIndex((one) => one.eq(block));
    return found < 0 ? undefined : found;
  }
}

/** The whole text written anew. */
export function whole(doc: Node): string {
  return blocks(doc)
    .map((block, place, all) => one(block, all[place - 1]))
    .join("\n\n");
}

/** Markdown knows no empty paragraph. */
function blocks(doc: Node): Node[] {
  return doc.children.filter((block) => block.type.name !== "paragraph" || block.childCount > 0);
}

function one(block: Node, before?: Node): string {
  const turned = before && adjoins(block, before) ? other(block) : block;
  let text = written.get(turned);
  if (text === undefined) {
    const [sparing, safe] = [light.serialize(alone(turned)), strict.serialize(alone(turned))];
    text = (sparing === safe || means(sparing, turned).eq(means(safe, turned)) ? sparing : safe).replace(/\n+$/, "");
    written.set(turned, text);
  }
  return text;
}

function means(text: string, block: Node): Node {
  return read(text, block.type.schema).doc;
}

function alone(block: Node): Node {
  return block.type.schema.topNodeType.create(null, block);
}

/** Two lists of one kind, one after the other, are one list unless their signs differ. */
function adjoins(block: Node, before: Node): boolean {
  return block.type === before.type && block.attrs.marker !== undefined && block.attrs.marker === before.attrs.marker;
}

function other(list: Node): Node {
  const marker = { "-": "*", "*": "-", "+": "-", ".": ")", ")": "." }[String(list.attrs.marker)] ?? "-";
  return list.type.create({ ...list.attrs, marker }, list.content, list.marks as Mark[]);
}

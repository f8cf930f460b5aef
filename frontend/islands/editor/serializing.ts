/** One block as Markdown. `light` escapes what begins a line; `strict` everything that could mean something. */

import type { Mark, Node } from "@tiptap/pm/model";
import { MarkdownSerializer, type MarkdownSerializerState } from "prosemirror-markdown";

/** What the state knows of itself beside what its types say. */
type State = MarkdownSerializerState & { out: string; atBlockStart: boolean; atBlank(): boolean; inAutolink?: boolean };
type Writes = (state: State, node: Node, parent: Node, index: number) => void;

const BEGINS = /^(?=(?:[-+*]|#{1,6})(?:\s|$)|>|(?:=+|-+|_{3,}|\*{3,})\s*$|```|~~~)/;
const NUMBERED = /^(\d{1,9})([.)])(?=\s|$)/;
const MEANS = /[`*\\~[\]_|<>&]/g;

export function serializers(): { light: MarkdownSerializer; strict: MarkdownSerializer } {
  return { light: serializer(false), strict: serializer(true) };
}

function serializer(strict: boolean): MarkdownSerializer {
  const text: Writes = (state, node) => {
    const begins = state.atBlockStart || state.atBlank();
    if (state.inAutolink) state.text(node.text ?? "", false);
    else state.text(escaped(node.text ?? "", begins, strict), false);
  };
  return new MarkdownSerializer({ ...BLOCKS, text } as unknown as MarkdownSerializer["nodes"], MARKS, { hardBreakNodeName: "hardBreak" });
}

function escaped(text: string, begins: boolean, strict: boolean): string {
  const safe = strict ? text.replace(MEANS, "\\$&") : text;
  if (!begins) return safe;
  const own = safe.trimStart();
  return own.startsWith("\\") ? own : own.replace(NUMBERED, "$1\\$2").replace(BEGINS, "\\");
}

function fence(text: string, sign: string): string {
  const longest = Math.max(2, ...[...text.matchAll(new RegExp(`${sign}+`, "g"))].map(([run]) => run.length));
  return sign.repeat(longest + 1);
}

const BLOCKS: Record<string, Writes> = {
  paragraph(state, node) {
    state.renderInline(node);
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write(`${"#".repeat(node.attrs.level)} `);
    const before = state.out.length;
    state.renderInline(node, false);
    state.out = state.out.slice(0, before) + state.out.slice(before).replace(/(^|\s)(#+\s*)$/, "$1\\$2");
    state.closeBlock(node);
  },
  blockquote(state, node) {
    state.wrapBlock("> ", null, node, () => state.renderContent(node));
  },
  codeBlock(state, node) {
    const marks = fence(node.textContent, String(node.attrs.language ?? "").includes("`") ? "~" : "`");
    state.write(`${marks}${node.attrs.language ?? ""}\n`);
    if (node.textContent) {
      state.text(node.textContent, false);
      state.write("\n");
    }
    state.write(marks);
    state.closeBlock(node);
  },
  horizontalRule(state, node, parent) {
    state.write(parent.type.name === "doc" ? "---" : "***");
    state.closeBlock(node);
  },
  bulletList(state, node) {
    state.renderList(node, "  ", () => `${node.attrs.marker} `);
  },
  orderedList(state, node) {
    const last = String(node.attrs.start + node.childCount - 1);
    state.renderList(node, " ".repeat(last.length + 2), (place) => `${node.attrs.start + place}${node.attrs.marker} `);
  },
  listItem(state, node) {
    if (node.attrs.checked !== null) state.write(node.attrs.checked ? "[x] " : "[ ] ");
    state.renderContent(node);
  },
  table: writeTable,
  remark(state, node) {
    state.write(node.attrs.text);
    state.closeBlock(node);
  },
  remarkInline(state, node) {
    state.text(node.attrs.text, false);
  },
  softBreak(state) {
    state.ensureNewLine();
  },
  hardBreak(state, node, parent, index) {
    const rest = parent.children.slice(index + 1);
    if (rest.some((next) => next.type !== node.type)) state.write("\\\n");
  },
};

function writeTable(state: State, table: Node): void {
  table.forEach((row, _at, place) => {
    state.ensureNewLine();
    row.forEach((cell, _cellAt, column) => {
      state.write(column ? " | " : "| ");
      const before = state.out.length;
      state.renderInline(cell, false);
      state.out =
        state.out.slice(0, before) +
        state.out
          .slice(before)
          .replace(/(^|[^\\])\|/g, "$1\\|")
          .replace(/(^|[^\\])\|/g, "$1\\|")
          .trim();
    });
    state.write(" |\n");
    if (!place) state.write(`| ${row.children.map((cell) => RULES[String(cell.attrs.align)] ?? "---").join(" | ")} |\n`);
  });
  state.closeBlock(table);
}

const RULES: Record<string, string> = { left: ":---", center: ":---:", right: "---:" };

const MARKS: MarkdownSerializer["marks"] = {
  bold: { open: "**", close: "**", mixable: true, expelEnclosingWhitespace: true },
  italic: { open: "*", close: "*", mixable: true, expelEnclosingWhitespace: true },
  strike: { open: "~~", close: "~~", mixable: true, expelEnclosingWhitespace: true },
  link: {
    open: (state, mark) => {
      (state as State).inAutolink = mark.attrs.auto;
      return mark.attrs.auto ? "<" : "[";
    },
    close: (state, mark) => {
      (state as State).inAutolink = undefined;
      return mark.attrs.auto ? ">" : `](${target(mark)})`;
    },
    mixable: true,
  },
  code: {
    open: (_state, _mark, parent, at) => ticks(parent.child(at), -1),
    close: (_state, _mark, parent, at) => ticks(parent.child(at - 1), 1),
    escape: false,
  },
};

function target({ attrs }: Mark): string {
  const href = String(attrs.href).replace(/[()"\\]/g, "\\$&");
  return attrs.title ? `${href} "${String(attrs.title).replace(/["\\]/g, "\\$&")}"` : href;
}

/** As many backticks as the code does not hold, and a space where it begins or ends with one. */
function ticks(node: Node, side: number): string {
  const text = node.text ?? "";
  const runs = new Set([...text.matchAll(/`+/g)].map(([run]) => run.length));
  let count = 1;
  while (runs.has(count)) count++;
  const gap = /^`|`$|^ .*[^ ].* $/.test(text) ? " " : "";
  return side < 0 ? "`".repeat(count) + gap : gap + "`".repeat(count);
}

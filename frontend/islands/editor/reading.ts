/** From Markdown to what is edited, with the source of every block: what nobody touches is written back as it was. */

import type { Node, Schema } from "@tiptap/pm/model";
import type MarkdownIt from "markdown-it";
import type { Token } from "markdown-it/index.mjs";
import { MarkdownParser, type ParseSpec } from "prosemirror-markdown";
import { remarked, tasks } from "./dialect.ts";

export type Reading = {
  doc: Node;
  /** The source of each block of the document, by its place. */
  sources: string[];
  /** What stands before each block, and after the last: one more than there are blocks. */
  between: string[];
  /** Whether links are defined apart from where they stand. */
  references: boolean;
};

const markdown = remarked();
markdown.core.ruler.push("tasks", tasks);

export function read(text: string, schema: Schema): Reading {
  const known: { references?: Record<string, unknown> } = {};
  const tokens = markdown.parse(text, known);
  const doc = new MarkdownParser(schema, { parse: () => tokens } as unknown as MarkdownIt, SPECS).parse("");
  return { doc, ...cut(text, tokens), references: Object.keys(known.references ?? {}).length > 0 };
}

function cut(text: string, tokens: Token[]): Pick<Reading, "sources" | "between"> {
  const lines = text.split("\n");
  const sources: string[] = [];
  const between: string[] = [];
  let at = 0;
  for (const { level, nesting, map } of tokens) {
    if (level !== 0 || nesting < 0 || !map) continue;
    let end = map[1];
    while (end > map[0] + 1 && !lines[end - 1]?.trim()) end--;
    between.push(
      lines
        .slice(at, map[0])
        .map((line) => `${line}\n`)
        .join(""),
    );
    sources.push(lines.slice(map[0], end).join("\n"));
    at = end;
  }
  between.push((sources.length && at < lines.length ? "\n" : "") + lines.slice(at).join("\n"));
  return { sources, between: between.map((gap, place) => (place && place < sources.length ? `\n${gap}` : gap)) };
}

const align = (token: Token) => ({ align: /text-align:(\w+)/.exec(String(token.attrGet("style") ?? ""))?.[1] ?? null });

/** A list is tight when its paragraphs are hidden, as markdown-it says it. */
function tight(tokens: Token[], at: number): boolean {
  const item = tokens.slice(at + 1).find((token) => token.type !== "list_item_open");
  const level = (tokens[at]?.level ?? 0) + 2;
  for (let place = at + 1; tokens[place] && (tokens[place]?.level ?? 0) > (tokens[at]?.level ?? 0); place++) {
    const token = tokens[place];
    if (token?.type === "paragraph_open" && token.level === level) return token.hidden;
  }
  return item !== undefined;
}

const SPECS: Record<string, ParseSpec> = {
  paragraph: { block: "paragraph" },
  heading: { block: "heading", getAttrs: (token) => ({ level: Number(token.tag.slice(1)) }) },
  blockquote: { block: "blockquote" },
  bullet_list: { block: "bulletList", getAttrs: (token, tokens, at) => ({ tight: tight(tokens, at), marker: token.markup }) },
  ordered_list: {
    block: "orderedList",
    getAttrs: (token, tokens, at) => ({ start: Number(token.attrGet("start") ?? 1), tight: tight(tokens, at), marker: token.markup }),
  },
  list_item: { block: "listItem", getAttrs: (token) => ({ checked: token.meta?.checked ?? null }) },
  code_block: { block: "codeBlock", noCloseToken: true },
  fence: { block: "codeBlock", getAttrs: (token) => ({ language: token.info || null }), noCloseToken: true },
  hr: { node: "horizontalRule" },
  table: { block: "table" },
  thead: { ignore: true },
  tbody: { ignore: true },
  tr: { block: "tableRow" },
  th: { block: "tableHeader", getAttrs: align },
  td: { block: "tableCell", getAttrs: align },
  remark: { node: "remark", getAttrs: (token) => ({ text: token.content }) },
  remark_inline: { node: "remarkInline", getAttrs: (token) => ({ text: token.content }) },
  hardbreak: { node: "hardBreak" },
  softbreak: { node: "softBreak" },
  strong: { mark: "bold" },
  em: { mark: "italic" },
  s: { mark: "strike" },
  code_inline: { mark: "code", noCloseToken: true },
  link: {
    mark: "link",
    getAttrs: (token) => ({ href: token.attrGet("href"), title: token.attrGet("title") || null, auto: token.markup === "autolink" }),
  },
};

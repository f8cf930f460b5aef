/** What a text may hold: exactly what the Markdown of the house can say. */

import { type Extensions, Mark, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Text } from "@tiptap/extension-text";
import { lists } from "./lists.ts";
import { tables } from "./tables.ts";

/** Addresses that a page of ours gives to a browser: the web, mail, and places in this house. */
export const ADDRESS = /^(?:https?:\/\/|mailto:|\/(?!\/)|#|\.{0,2}\/|[\w-]+(?:[./#]|$))/i;

/** The page has its own first heading, so those of a text begin one below. */
const Headings = Heading.extend({
  renderHTML({ node, HTMLAttributes }) {
    return [`h${Math.min(6, node.attrs.level + 1)}`, HTMLAttributes, 0];
  },
});

/** Where a line of the source ends within a paragraph: readers see a space, and the source keeps its lines. */
const SoftBreak = Node.create({
  name: "softBreak",
  group: "inline",
  inline: true,
  selectable: false,
  renderText: () => " ",
  renderHTML: () => ["span", { "data-soft": "" }, " "],
});

const remark = (name: string, inline: boolean, tag: string) =>
  Node.create({
    name,
    group: inline ? "inline" : "block",
    inline,
    atom: true,
    addAttributes: () => ({ text: { default: "", rendered: false } }),
    renderHTML: ({ node }) => [tag, { class: "remark" }, String(node.attrs.text).slice(4, -3).trim()],
  });

const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  addAttributes: () => ({
    href: { default: "" },
    title: { default: null },
    auto: { default: false, rendered: false },
  }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (element) => ADDRESS.test(element.getAttribute("href") ?? "") && null }],
  renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
});

/** Inside bold or a link, too. */
const Codes = Code.extend({ excludes: "", priority: 1 });

export const NODES: Extensions = [
  Document,
  Paragraph,
  Text,
  Headings,
  Blockquote,
  CodeBlock.configure({ exitOnTripleEnter: true }),
  HorizontalRule,
  HardBreak,
  SoftBreak,
  remark("remark", false, "div"),
  remark("remarkInline", true, "span"),
  ...lists,
  ...tables,
  Link,
  Bold,
  Italic,
  Strike,
  Codes,
];

/** What is pasted becomes what Markdown can say: Word's lists are lists, a table has one row of headings and one line per cell. */

import { Fragment, Slice } from "@tiptap/pm/model";
import type { EditorView } from "@tiptap/pm/view";
import { read } from "./reading.ts";

const NEVER = "style, script, meta, link, title, xml, img, object, iframe";
/** A style of its own is refused by our policy already while it is parsed, so it is read under another name, and sheets of styles not at all. */
const SHEET = /<style\b[\s\S]*?<\/style>/gi;
const STYLE = /(<[a-z][^>]*?)\sstyle\s*=/gi;
const BLOCKS = "p, div, li, br, h1, h2, h3, h4, h5, h6";

/** HTML of another program, cleaned; our own comes back as it went. */
export function cleaned(html: string): string {
  if (html.includes("data-pm-slice")) return html;
  const { body } = new DOMParser().parseFromString(html.replace(SHEET, "").replace(STYLE, "$1 data-style="), "text/html");
  for (const one of body.querySelectorAll(NEVER)) one.remove();
  for (const blank of body.querySelectorAll("o\\:p")) if (!blank.textContent?.trim()) blank.remove();
  for (const title of body.querySelectorAll(".MsoTitle")) title.replaceWith(renamed(title, "h1"));
  for (const line of body.querySelectorAll('p[data-style*="mso-list"], .MsoListParagraph, [class^="MsoListParagraphCx"]')) listed(line);
  for (const table of body.querySelectorAll("table")) evened(table);
  for (const styled of body.querySelectorAll("[data-style]")) looks(styled);
  return body.innerHTML;
}

/** Plain text is read as Markdown, unless it is pasted as mere text. */
export function asMarkdown(text: string, view: EditorView): Slice {
  const { doc } = read(text, view.state.schema);
  return Slice.maxOpen(doc.content);
}

/** One line per cell: what is pasted into one comes in as a line. */
export function intoPlace(slice: Slice, view: EditorView): Slice {
  const { schema, selection } = view.state;
  const inCell = selection.$from.parent.type.name.startsWith("table");
  if (!inCell || slice.content.firstChild?.type.name.startsWith("table")) return slice;
  const text = slice.content.textBetween(0, slice.content.size, " ", " ").replace(/\s+/g, " ");
  return new Slice(text ? Fragment.from(schema.text(text)) : Fragment.empty, 0, 0);
}

/** What a style says in bold, italic or struck out is said by a tag; a bold that its style takes back (as Google's) is none. */
function looks(element: Element): void {
  const style = element.getAttribute("data-style") ?? "";
  element.removeAttribute("data-style");
  const weight = /font-weight:\s*(\w+)/.exec(style)?.[1] ?? "";
  if (element.matches("b, strong") && /^(normal|400)$/.test(weight)) element.replaceWith(...element.childNodes);
  if (!element.matches("span, a, b, strong, i, em, font")) return;
  if (/^(bold|[6-9]00)$/.test(weight)) within(element, "strong");
  if (/font-style:\s*italic/.test(style)) within(element, "em");
  if (/line-through/.test(style)) within(element, "s");
}

function within(element: Element, tag: string): void {
  element.append(renamed(element, tag));
}

/** Word writes an item as a paragraph with a sign and a level. */
function listed(line: Element): void {
  const level = Number(/level(\d)/.exec(line.getAttribute("data-style") ?? "")?.[1] ?? 1);
  const sign = line.querySelector('[data-style*="mso-list:Ignore" i], [data-style*="mso-list: Ignore" i]');
  const tag = /\w[.)]/.test(sign?.textContent ?? "") ? "ol" : "ul";
  sign?.remove();
  const before = line.previousElementSibling;
  let list = before?.matches(level > 1 ? "ul, ol" : tag) ? before : document.createElement(tag);
  if (list !== before) line.before(list);
  for (let depth = 1; depth < level; depth++) {
    const item = list.lastElementChild ?? list.appendChild(document.createElement("li"));
    const inner = item.lastElementChild;
    list = inner?.matches("ul, ol") ? inner : item.appendChild(document.createElement(tag));
  }
  const item = list.appendChild(document.createElement("li"));
  item.append(renamed(line, "p"));
  line.remove();
}

function evened(table: HTMLTableElement): void {
  [...table.rows].forEach((row, place) => {
    for (const cell of [...row.cells]) {
      for (const block of cell.querySelectorAll(BLOCKS)) block.before(" ");
      for (let more = Math.min(cell.colSpan, 50); more > 1; more--) cell.after(document.createElement(place ? "td" : "th"));
      const made = document.createElement(place ? "td" : "th");
      made.append(...inline(cell));
      for (let below = 1; below < Math.min(cell.rowSpan, 500); below++) {
        const other = table.rows[place + below];
        other?.insertBefore(document.createElement("td"), other.cells[[...row.cells].indexOf(cell)] ?? null);
      }
      cell.replaceWith(made);
    }
  });
}

/** The words of a cell with their bold and links, without the blocks around them. */
function inline(cell: Element): Node[] {
  for (const block of [...cell.querySelectorAll(`${BLOCKS}, ul, ol, table, tbody, tr, td, th`)].reverse())
    block.replaceWith(...block.childNodes);
  return [...cell.childNodes];
}

function renamed(element: Element, tag: string): HTMLElement {
  const made = document.createElement(tag);
  made.append(...element.childNodes);
  return made;
}

/** The Markdown of the house, as the server reads it (`kernel/records/markdown.py`): CommonMark with tables, strikethrough and tasks, no HTML. */

import MarkdownIt from "markdown-it";
import type StateBlock from "markdown-it/lib/rules_block/state_block.mjs";
import type StateCore from "markdown-it/lib/rules_core/state_core.mjs";
import type StateInline from "markdown-it/lib/rules_inline/state_inline.mjs";

const TASK = /^\[([ xX])\](?: |$)/;
const OPENED = "<!--";
const CLOSED = "-->";

/** As the server reads it, once remarks are taken out. */
export function plain(): MarkdownIt {
  return new MarkdownIt("commonmark", { html: false }).enable(["table", "strikethrough"]).disable("image");
}

/** As the editor reads it: remarks of authors to authors are kept as tokens. */
export function remarked(): MarkdownIt {
  const made = plain();
  made.block.ruler.before("fence", "remark", blockRemark, { alt: ["paragraph", "reference", "blockquote", "list"] });
  made.inline.ruler.before("autolink", "remark", inlineRemark);
  made.renderer.rules.remark = made.renderer.rules.remark_inline = () => "";
  return made;
}

/** The text without its remarks; one that never ends is no remark. */
export function withoutRemarks(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, "");
}

/** A remark that fills its lines. */
function blockRemark(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const from = (state.bMarks[start] ?? 0) + (state.tShift[start] ?? 0);
  if ((state.sCount[start] ?? 0) - state.blkIndent >= 4 || !state.src.startsWith(OPENED, from)) return false;
  const close = state.src.indexOf(CLOSED, from + OPENED.length);
  let last = start;
  while (last < end && (state.eMarks[last] ?? 0) < close + CLOSED.length) last++;
  if (close < 0 || last >= end || state.src.slice(close + CLOSED.length, state.eMarks[last]).trim()) return false;
  if (silent) return true;
  state.line = last + 1;
  const token = state.push("remark", "", 0);
  token.content = state.src.slice(from, close + CLOSED.length);
  token.map = [start, state.line];
  return true;
}

function inlineRemark(state: StateInline, silent: boolean): boolean {
  const close = state.src.startsWith(OPENED, state.pos) ? state.src.indexOf(CLOSED, state.pos + OPENED.length) : -1;
  if (close < 0) return false;
  if (!silent) state.push("remark_inline", "", 0).content = state.src.slice(state.pos, close + CLOSED.length);
  state.pos = close + CLOSED.length;
  return true;
}

/** A rule of the core: of `- [ ] to do` and `- [x] done` the box goes from the text to the item. */
export function tasks(state: StateCore): void {
  state.tokens.forEach((token, place) => {
    const item = state.tokens[place - 2];
    const found = token.type === "inline" && item?.type === "list_item_open" ? TASK.exec(token.content) : null;
    const first = token.children?.[0];
    if (!found || !item || first?.type !== "text" || !first.content.startsWith(found[0])) return;
    first.content = first.content.slice(found[0].length);
    item.meta = { checked: found[1] !== " " };
  });
}

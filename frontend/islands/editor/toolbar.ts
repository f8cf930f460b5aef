/** The tools above a text: one stop of the Tab key, arrows within, and each says whether it is on. */

import type { Editor } from "@tiptap/core";

type Tool = { run(editor: Editor): void; on?(editor: Editor): boolean; can?(editor: Editor): boolean };

const heading = (level: 1 | 2 | 3): Tool => ({
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
  on: (editor) => editor.isActive("heading", { level }),
});
const row = (tool: (editor: Editor) => boolean): Tool => ({ run: tool });

const TOOLS: Record<string, Tool> = {
  heading1: heading(1),
  heading2: heading(2),
  heading3: heading(3),
  bold: { run: (editor) => editor.chain().focus().toggleBold().run(), on: (editor) => editor.isActive("bold") },
  italic: { run: (editor) => editor.chain().focus().toggleItalic().run(), on: (editor) => editor.isActive("italic") },
  strike: { run: (editor) => editor.chain().focus().toggleStrike().run(), on: (editor) => editor.isActive("strike") },
  code: { run: (editor) => editor.chain().focus().toggleCode().run(), on: (editor) => editor.isActive("code") },
  bullets: {
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
    on: (editor) => list(editor) === "bulletList" && !task(editor),
  },
  numbers: { run: (editor) => editor.chain().focus().toggleOrderedList().run(), on: (editor) => list(editor) === "orderedList" },
  tasks: { run: toggleTask, on: task },
  deeper: {
    run: (editor) => editor.chain().focus().sinkListItem("listItem").run(),
    can: (editor) => editor.can().sinkListItem("listItem"),
  },
  higher: {
    run: (editor) => editor.chain().focus().liftListItem("listItem").run(),
    can: (editor) => editor.isActive("listItem"),
  },
  quote: { run: (editor) => editor.chain().focus().toggleBlockquote().run(), on: (editor) => editor.isActive("blockquote") },
  block: { run: (editor) => editor.chain().focus().toggleCodeBlock().run(), on: (editor) => editor.isActive("codeBlock") },
  rule: { run: (editor) => editor.chain().focus().setHorizontalRule().run() },
  table: {
    run: (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    can: (editor) => !editor.isActive("table") && !editor.isActive("listItem") && !editor.isActive("blockquote"),
  },
  row: row((editor) => editor.chain().focus().addRowAfter().run()),
  noRow: row((editor) => editor.chain().focus().deleteRow().run()),
  column: row((editor) => editor.chain().focus().addColumnAfter().run()),
  noColumn: row((editor) => editor.chain().focus().deleteColumn().run()),
  noTable: row((editor) => editor.chain().focus().deleteTable().run()),
  undo: { run: (editor) => editor.chain().focus().undo().run(), can: (editor) => editor.can().undo() },
  redo: { run: (editor) => editor.chain().focus().redo().run(), can: (editor) => editor.can().redo() },
};

/** `link` is asked for elsewhere: a button that names it opens the question. */
export function toolbar(bar: HTMLElement, editor: Editor, link: () => void): void {
  const buttons = [...bar.querySelectorAll<HTMLButtonElement>("button[data-tool]")];
  const show = () => {
    for (const group of bar.querySelectorAll<HTMLElement>("[data-within]")) group.hidden = !editor.isActive(group.dataset.within ?? "");
    for (const button of buttons) state(button, editor);
    rove(
      buttons,
      buttons.find((button) => button.tabIndex === 0),
    );
  };
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays where it is
  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-tool]") : null;
    if (!button || button.ariaDisabled === "true") return;
    rove(buttons, button);
    if (button.dataset.tool === "link") link();
    else TOOLS[button.dataset.tool ?? ""]?.run(editor);
  });
  bar.addEventListener("keydown", (event) => walk(event, buttons));
  editor.on("transaction", show);
  show();
}

function state(button: HTMLButtonElement, editor: Editor): void {
  const tool = TOOLS[button.dataset.tool ?? ""];
  if (button.hasAttribute("aria-pressed"))
    button.ariaPressed = String(tool?.on ? tool.on(editor) : editor.isActive(button.dataset.tool ?? ""));
  if (tool?.can) button.ariaDisabled = String(!tool.can(editor));
}

function shown(buttons: HTMLButtonElement[]): HTMLButtonElement[] {
  return buttons.filter((button) => !button.closest("[hidden]"));
}

/** Exactly one button is a stop of the Tab key. */
function rove(buttons: HTMLButtonElement[], now: HTMLButtonElement | undefined): void {
  const stop = now && !now.closest("[hidden]") ? now : shown(buttons)[0];
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
}

function walk(event: KeyboardEvent, buttons: HTMLButtonElement[]): void {
  const all = shown(buttons);
  const at = all.indexOf(event.target as HTMLButtonElement);
  const to = { ArrowRight: (at + 1) % all.length, ArrowLeft: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined || at < 0 ? undefined : all[to];
  if (!next) return;
  event.preventDefault();
  rove(buttons, next);
  next.focus();
}

/** The list that the cursor is in, not those around it. */
function list(editor: Editor): string | undefined {
  const { $from } = editor.state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type.name.endsWith("List")) return $from.node(depth).type.name;
  return undefined;
}

function task(editor: Editor): boolean {
  return editor.isActive("listItem") && editor.getAttributes("listItem").checked != null;
}

function toggleTask(editor: Editor): void {
  const checked = task(editor) ? null : false;
  const chain = editor.chain().focus();
  (editor.isActive("listItem") ? chain : chain.toggleBulletList()).updateAttributes("listItem", { checked }).run();
}

/** A text is written as it will be read. Its Markdown stays in the field of the form, and is changed only by what a person changes. */

import "../../styles/editor.css";
import { Editor } from "@tiptap/core";
import { Gapcursor, Placeholder, TrailingNode, UndoRedo } from "@tiptap/extensions";
import type { Schema } from "@tiptap/pm/model";
import { EditorState } from "@tiptap/pm/state";
import { Kept } from "./composing.ts";
import { hold, type Reason } from "./holding.ts";
import { linking } from "./linking.ts";
import { NODES } from "./nodes.ts";
import { asMarkdown, cleaned, intoPlace } from "./pasting.ts";
import { toolbar } from "./toolbar.ts";

const PAUSE = 200;

/** The parts of the field, cloned from its template. */
export type Parts = { field: HTMLTextAreaElement; place: HTMLElement; tools: HTMLElement; link: HTMLElement; status: HTMLElement };

export class TextEditor {
  readonly editor: Editor;
  private kept: Kept | undefined;
  private waiting = 0;

  constructor(private readonly parts: Parts) {
    this.editor = new Editor({
      element: parts.place,
      injectCSS: false,
      extensions: [
        ...NODES,
        UndoRedo,
        Gapcursor,
        TrailingNode,
        Placeholder.configure({ placeholder: parts.field.dataset.placeholder ?? "" }),
      ],
      editorProps: {
        attributes: described(parts.field),
        transformPastedHTML: cleaned,
        transformPasted: intoPlace,
        clipboardTextParser: (text, _at, mere, view) => (mere ? asText(text, view.state.schema) : asMarkdown(text, view)),
        handleDOMEvents: { keydown: leaving() },
      },
      onUpdate: () => {
        clearTimeout(this.waiting);
        this.waiting = window.setTimeout(() => this.save(), PAUSE);
      },
      onBlur: () => this.save(),
    });
    const asking = linking(parts.link, this.editor, (sentence) => {
      parts.status.textContent = sentence;
    });
    toolbar(parts.tools, this.editor, () => asking.open());
  }

  /** Shows the field's text, or gives the reason why it is better left to its source. */
  open(): Reason | undefined {
    const held = hold(this.parts.field.value, this.editor.schema);
    if (typeof held === "string") {
      this.kept = undefined;
      return held;
    }
    clearTimeout(this.waiting);
    this.kept = new Kept(held);
    const { view, state } = this.editor;
    view.updateState(EditorState.create({ doc: held.doc, plugins: state.plugins })); // with nothing to undo yet
    view.dispatch(this.editor.state.tr);
    return undefined;
  }

  /** What was changed goes to the field, as if it had been typed there. */
  save(): void {
    clearTimeout(this.waiting);
    const { field } = this.parts;
    const text = this.kept?.compose(this.editor.state.doc);
    if (text === undefined || text === field.value) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function described(field: HTMLTextAreaElement): Record<string, string> {
  const label = field.labels[0];
  if (label) label.id ||= `l-${field.id}`;
  return {
    class: "prose",
    role: "textbox",
    "aria-multiline": "true",
    "aria-labelledby": label?.id ?? "",
    spellcheck: "true",
    ...Object.fromEntries(
      ["aria-describedby", "aria-invalid"].flatMap((name) => (field.hasAttribute(name) ? [[name, field.getAttribute(name) ?? ""]] : [])),
    ),
  };
}

/** After Escape the next Tab leaves the text, also out of lists and tables. */
function leaving(): (view: unknown, event: KeyboardEvent) => boolean {
  let leaves = false;
  return (_view, event) => {
    const now = leaves && event.key === "Tab";
    if (event.key !== "Shift") leaves = event.key === "Escape";
    return now;
  };
}

function asText(text: string, schema: Schema) {
  const lines = text
    .split(/\n{2,}/)
    .map((line) => ({ type: "paragraph", content: line.trim() ? [{ type: "text", text: line.replace(/\s+/g, " ").trim() }] : [] }));
  const doc = schema.nodeFromJSON({ type: "doc", content: lines });
  return doc.slice(0, doc.content.size);
}

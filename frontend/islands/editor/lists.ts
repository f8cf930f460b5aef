/** Lists whose items may be tasks, and that remember how they were written. */

import { InputRule } from "@tiptap/core";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import type { Node as Part } from "@tiptap/pm/model";
import type { EditorView, NodeView } from "@tiptap/pm/view";

const silent = (value: unknown) => ({ default: value, rendered: false });
const tight = {
  default: true,
  parseHTML: (list: HTMLElement) => !list.querySelector(":scope > li > p + p"),
  renderHTML: (attributes: Record<string, unknown>) => (attributes.tight ? { class: "tight" } : {}),
};

const Bullets = BulletList.extend({
  addAttributes: () => ({ tight, marker: silent("-") }),
});

const Numbers = OrderedList.extend({
  addAttributes() {
    return { ...this.parent?.(), tight, marker: silent(".") };
  },
});

/** `checked` is null in an item that is no task. */
const Item = ListItem.extend({
  content: "block+",
  addAttributes: () => ({ checked: { default: null, rendered: false, parseHTML: ticked } }),
  addNodeView() {
    return ({ node, view, getPos }) => new ItemView(node, view, getPos);
  },
  addInputRules() {
    return [
      new InputRule({
        find: /^\[([ xX])\]\s$/,
        handler: ({ range, match, commands }) => {
          if (!this.editor.isActive("listItem")) return null;
          commands.deleteRange(range);
          commands.updateAttributes("listItem", { checked: match[1] !== " " });
        },
      }),
    ];
  },
  addKeyboardShortcuts() {
    return {
      ...this.parent?.(),
      Enter: () =>
        this.editor.commands.splitListItem("listItem", this.editor.getAttributes("listItem").checked == null ? {} : { checked: false }),
    };
  },
});

function ticked(item: HTMLElement): boolean | null {
  const box = item.querySelector<HTMLInputElement>(':scope > input[type="checkbox"], :scope > label input, :scope > p > input');
  return box ? box.checked : null;
}

/** An item, with a box to tick where it is a task. */
class ItemView implements NodeView {
  dom = document.createElement("li");
  contentDOM = document.createElement("div");
  private readonly box = Object.assign(document.createElement("input"), { type: "checkbox" });

  constructor(
    private node: Part,
    view: EditorView,
    getPos: () => number | undefined,
  ) {
    this.box.contentEditable = "false";
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
    this.box.addEventListener("change", () => {
      const place = getPos();
      if (place !== undefined) view.dispatch(view.state.tr.setNodeAttribute(place, "checked", this.box.checked));
    });
    this.dom.append(this.contentDOM);
    this.show();
  }

  update(node: Part): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  ignoreMutation(change: { target: globalThis.Node }): boolean {
    return change.target === this.box || change.target === this.dom;
  }

  stopEvent(event: Event): boolean {
    return event.target === this.box;
  }

  private show(): void {
    const { checked } = this.node.attrs;
    this.dom.classList.toggle("task", checked !== null);
    this.box.checked = checked === true;
    this.box.ariaLabel = this.node.firstChild?.textContent ?? "";
    if (checked === null) this.box.remove();
    else if (!this.box.isConnected) this.dom.prepend(this.box);
  }
}

export const lists = [Bullets, Numbers, Item, ListKeymap];

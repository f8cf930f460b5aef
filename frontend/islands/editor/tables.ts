/** Tables as Markdown has them: one row of headings, one line per cell, nothing merged. */

import { Extension } from "@tiptap/core";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import type { Node as Part } from "@tiptap/pm/model";
import { Plugin, type Transaction } from "@tiptap/pm/state";

const INSIDE = "(text | remarkInline)*";
const align = {
  default: null,
  parseHTML: () => null,
  renderHTML: (attributes: Record<string, unknown>) => (attributes.align ? { class: `is-${attributes.align}` } : {}),
};

/** The first row is the heading and no other is: whatever was put in or taken out above. */
const OneHeading = Extension.create({
  name: "oneHeading",
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction(changes, _before, state) {
        if (!changes.some((change) => change.docChanged)) return null;
        const change = state.tr;
        state.doc.descendants((part, place) => {
          if (part.type.name === "table") headed(part, place, change);
          return part.type.name !== "table";
        });
        return change.docChanged ? change : null;
      },
    }),
  ],
});

function headed(table: Part, place: number, change: Transaction): void {
  table.forEach((row, rowAt, index) => {
    const wanted = change.doc.type.schema.nodes[index ? "tableCell" : "tableHeader"];
    row.forEach((cell, cellAt) => {
      if (cell.type !== wanted) change.setNodeMarkup(place + rowAt + cellAt + 2, wanted);
    });
  });
}

const Whole = Table.extend({
  priority: 200, // before what would part a row at Enter
  renderHTML: () => ["table", ["tbody", 0]],
  addNodeView: () => null,
  addKeyboardShortcuts() {
    const inside = () => this.editor.isActive("table");
    return {
      Tab: () => this.editor.commands.goToNextCell(),
      "Shift-Tab": () => this.editor.commands.goToPreviousCell(),
      Enter: inside,
      "Shift-Enter": inside,
      "Mod-Enter": inside,
    };
  },
});

const only = { colspan: { default: 1, rendered: false, parseHTML: () => 1 }, rowspan: { default: 1, rendered: false, parseHTML: () => 1 } };
const attributes = () => ({ ...only, colwidth: { default: null, rendered: false, parseHTML: () => null }, align });

export const tables = [
  Whole.configure({ resizable: false }),
  TableRow,
  TableHeader.extend({ content: INSIDE, addAttributes: attributes, parseHTML: () => [{ tag: "th" }] }),
  TableCell.extend({ content: INSIDE, addAttributes: attributes, parseHTML: () => [{ tag: "td" }] }),
  OneHeading,
];

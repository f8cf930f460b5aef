/** Where a link goes is asked for below the tools. */

import type { Editor } from "@tiptap/core";
import { ADDRESS } from "./nodes.ts";

export type Asking = { open(): void };

/** `say` tells what is wrong with an address. */
export function linking(row: HTMLElement, editor: Editor, say: (sentence: string) => void): Asking {
  const input = row.querySelector("input") as HTMLInputElement;
  const close = () => {
    row.hidden = true;
    say("");
    editor.commands.focus();
  };
  const set = () => {
    const given = input.value.trim().replace(/^www\./i, "https://www.");
    if (!given) return drop();
    if (!ADDRESS.test(given)) return say(row.dataset.wrong ?? "");
    const chain = editor.chain().focus().extendMarkRange("link");
    const bare = editor.state.selection.empty && !editor.isActive("link");
    const link = { type: "link", attrs: { href: given } };
    (bare ? chain.insertContent({ type: "text", text: given, marks: [link] }) : chain.setMark("link", link.attrs)).run();
    close();
  };
  const drop = () => {
    editor.chain().focus().extendMarkRange("link").unsetMark("link").run();
    close();
  };
  row.querySelector("[data-link=set]")?.addEventListener("click", set);
  row.querySelector("[data-link=drop]")?.addEventListener("click", drop);
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target !== input) return;
    event.preventDefault();
    event.key === "Enter" ? set() : close();
  });
  return {
    open() {
      input.value = String(editor.getAttributes("link").href ?? "");
      row.hidden = false;
      input.select();
    },
  };
}

/** What becomes of a text that is opened and saved, for a test: JSON texts come in, JSON answers go out. */

import { getSchema } from "@tiptap/core";
import { Kept, whole } from "./composing.ts";
import { hold } from "./holding.ts";
import { NODES } from "./nodes.ts";

const schema = getSchema(NODES);
let given = "";
for await (const part of process.stdin) given += part;
const texts: string[] = JSON.parse(given);
process.stdout.write(
  JSON.stringify(
    texts.map((text) => {
      const held = hold(text, schema);
      if (typeof held === "string") return { reason: held };
      const kept = new Kept(held);
      return { saved: kept.compose(held.doc), anew: whole(held.doc) };
    }),
  ),
);

/** After a build: a Brotli and a gzip copy beside each file for whitenoise, and files of earlier builds taken away after an hour:
 * a server that still runs names them until it is started again. */

import { readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const AN_HOUR = 60 * 60 * 1000;
const WORTH = /\.(js|css|svg)$/;

export function settle(): Plugin {
  return {
    name: "linchpin-settle",
    apply: "build",
    writeBundle(options, bundle) {
      const out = options.dir ?? "";
      const fresh = new Set(Object.keys(bundle));
      for (const name of [...fresh].filter((file) => WORTH.test(file))) {
        const plain = readFileSync(join(out, name));
        const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } };
        writeFileSync(join(out, `${name}.br`), brotliCompressSync(plain, brotli));
        writeFileSync(join(out, `${name}.gz`), gzipSync(plain, { level: 9 }));
      }
      for (const name of readdirSync(out)) {
        const old = Date.now() - statSync(join(out, name)).mtimeMs > AN_HOUR;
        if (old && !fresh.has(name.replace(/\.(br|gz)$/, ""))) unlinkSync(join(out, name));
      }
    },
  };
}

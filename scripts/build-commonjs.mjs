/**
 * The library for CommonJS: `dist/node.cjs`, which hands on the ES module that Node 20.19 and later
 * can require, so that a process has one mixlaw however it is asked for; and `dist/node.d.cts`,
 * without which TypeScript refuses the import in CommonJS files under `module: node16`.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeChanged } from "./write-changed.mjs";

const PROGRAM = '"use strict";\nmodule.exports = require("./node.js");\n';

/** Types alone may come from an ES module, and say so. */
const MODE = 'with { "resolution-mode": "import" }';

/**
 * @param {string} root the repository, with dist/node.js in it
 * @param {boolean} types whether the declarations too, for which dist/node.js is loaded
 */
export async function buildCommonjs(root, types) {
  writeChanged(join(root, "dist/node.cjs"), PROGRAM);
  if (!types) return;
  const library = await import(pathToFileURL(join(root, "dist/node.js")).href);
  writeChanged(join(root, "dist/node.d.cts"), declarationsOf(library));
}

/**
 * All types of the ES module, and each of its values as what it is there. A class is both.
 * @param {Record<string, unknown>} library
 */
function declarationsOf(library) {
  const values = Object.entries(library).flatMap(([name, value]) => [
    `export declare const ${name}: typeof mixlaw.${name};`,
    ...(isClass(value) ? [`export type ${name} = mixlaw.${name};`] : []),
  ]);
  return [
    `import type * as mixlaw from "./types/node.js" ${MODE};`,
    `export type * from "./types/node.js" ${MODE};`,
    ...values,
    "",
  ].join("\n");
}

/** @param {unknown} value */
const isClass = (value) => typeof value === "function" && /^class\b/.test(String(value));

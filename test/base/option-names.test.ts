/** Messages of the library name options; flags are the command line's. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
/** Kinds of constraints describe their flags themselves; words has those of terminals. */
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (file) =>
    file.endsWith(".ts") &&
    !/^(cli|page|views|report|words|mixture\/constraints\/kinds)\//.test(file),
);

test("no text of the library holds a flag", () => {
  const flags = files.flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8");
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    return (code.match(/["'`( ]--[a-z$][\w-]*/g) ?? []).map((flag) => `${file}: ${flag}`);
  });
  expect(flags.filter((flag) => !flag.endsWith("--depth"))).toEqual([]);
});

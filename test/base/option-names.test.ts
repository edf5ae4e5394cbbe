/** Messages of the library name options; flags are the command line's. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !/^(cli|page)\//.test(file),
);

test("no text of the library holds a flag, but for the names that kinds of constraints give theirs", () => {
  const flags = files.flatMap((file) => {
    const code = readFileSync(join(src, file), "utf8")
      .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
      .replaceAll(/\bname: ["`]--/g, "");
    return (code.match(/["'`( ]--[a-z$][\w-]*/g) ?? []).map((flag) => `${file}: ${flag}`);
  });
  expect(flags.filter((flag) => !flag.endsWith("--depth"))).toEqual([]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LIMITS } from "../../src/options/limits.ts";

test("docs/limits.md has every limit, in the numbers of the code, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/limits.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, name, most]) => [name, Number(most)] as const); // prettier-ignore
  const limits = Object.entries(LIMITS).map(([name, { most }]) => [name, most] as const);
  expect(new Map(rows)).toEqual(new Map(limits));
  expect(rows).toHaveLength(limits.length);
});

/** docs/claims.md has a row for every claim, with a test that guards it. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLAIMS } from "../../src/base/claims.ts";

const page = readFileSync("docs/claims.md", "utf8");
const rows = [...page.matchAll(/^\| `(?<code>[a-z-]+)` \|.*\| `(?<file>test\/[^`]+)` \|$/gm)].map(
  ({ groups }) => ({ code: groups?.["code"] ?? "", file: groups?.["file"] ?? "" }),
);

describe("docs/claims.md", () => {
  test("has a row for every claim, and no other", () => {
    expect(rows.map(({ code }) => code).toSorted()).toEqual(Object.keys(CLAIMS).toSorted());
  });

  test.each(rows)("$code is guarded by $file", ({ code, file }) => {
    expect(existsSync(file), file).toBe(true);
    expect(readFileSync(file, "utf8")).toContain(`"${code}"`);
  });
});

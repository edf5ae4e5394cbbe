/** Mixtures as flags give them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { mixtureOf } from "../../../src/cli/flags/shares.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-shares-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fromTokens = (web: string, code: string) => {
  const path = join(folder, "tokens.csv");
  writeFileSync(path, `domain,tokens\nweb,${web}\ncode,${code}\n`);
  return mixtureOf(path, ["web", "code"]);
};

test("tokens of domains are shares of their sum", async () => {
  expect(await fromTokens("3B", "1000000000")).toEqual({ web: 0.75, code: 0.25 });
});

test.each([
  ["0", "0"],
  ["-3", "5"],
])("tokens %s and %s are no mixture", async (web, code) => {
  await expect(fromTokens(web, code)).rejects.toThrow(
    /tokens\.csv: the tokens of each domain must be at least 0, and not all of them 0/,
  );
});

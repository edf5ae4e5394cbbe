/** Compressed tables, by the ending of their names and by their first bytes. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { FORMATS, formatOf } from "../../../src/data/table/formats.ts";
import { parseTable, parseUnnamed } from "../../../src/data/table/parse-table.ts";
import { Sha256 } from "../../../src/base/sha256.ts";

const CSV = new TextEncoder().encode("a,b\n1,2\n3,4\n");
/** The same, by zstd 1.5. */
const ZSTD = Uint8Array.from(Buffer.from("KLUv/SAMYQAAYSxiCjEsMgozLDQK", "base64"));

test.each([
  ["runs.csv.gz", gzipSync(CSV)],
  ["RUNS.CSV.ZST", ZSTD],
])("%s", async (name, bytes) => {
  const table = await parseTable(bytes, formatOf(name), name);
  expect(table.columns.get("b")?.cells).toEqual(["2", "4"]);
});

test("what comes without a name is known by how it begins", async () => {
  const parse = (...chunks: Uint8Array[]) =>
    parseUnnamed(
      (async function* () {
        yield* chunks;
      })(),
      "standard input",
      new Sha256(),
    );
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const tables = await Promise.all([
    parse(CSV.subarray(0, 2), CSV.subarray(2)),
    parse(gzipSync(CSV)),
    parse(ZSTD),
    parse(gzipSync('{"b": "2"}\n{"b": "4"}\n')),
    parse(text('[{"b": "2"}, {"b": "4"}]')),
    parse(text('{"b": "2"}\n{"b": "4"}\n')),
  ]);
  for (const table of tables) expect(table.columns.get("b")?.cells).toEqual(["2", "4"]);
});

test.each([
  ["cut.csv.gz", gzipSync(CSV).subarray(0, 15)],
  ["text.csv.gz", CSV],
  ["text.csv.zst", CSV],
])("%s is refused", async (name, bytes) => {
  await expect(parseTable(bytes, "csv", name)).rejects.toThrow(
    /cannot be unpacked .*damaged, or no/,
  );
});

test("the page lets people choose files of every format", () => {
  const step = readFileSync("src/page/steps/data-step.tsx", "utf8");
  const accepted = /accept="([^"]*)"/.exec(step)?.[1]?.split(",");
  const endings = Object.values(FORMATS).flatMap((format) => [...format.endings]);
  expect(accepted?.toSorted()).toEqual(
    [...endings, "gz", "zst"].map((end) => `.${end}`).toSorted(),
  );
});

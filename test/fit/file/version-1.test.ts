/**
 * Fit files as mixlaw 0.1.0 wrote them, by its first release (commit 86f5b32) and the last that
 * wrote version 1 (before 34b3fc9): read with what they have, and their predictions come out.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../../../src/base/version.ts";
import { tableOf } from "../../../src/data/table/rows.ts";
import { parseFitFile } from "../../../src/fit/file/parse-fit-file.ts";
import { type FitFile, openEngine, optimize, predict, toRuns } from "../../../src/node.ts";
import { parseOptimum } from "../../../src/mixture/request/optimum-schema.ts";
import { reportOf } from "../../../src/report/report.ts";
import { verify } from "../../../src/verify/verify.ts";

const textOf = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");
const first = textOf("fit-of-0.1.0.json");
const last = textOf("fit-with-bootstrap-of-0.1.0.json");

/** Two points, and what 0.1.0 printed for them. */
const shares = [
  { h_web: 0.25, h_code: 0.25, h_papers: 0.25, h_books: 0.25 },
  { h_web: 0.4797, h_code: 0.1045, h_papers: 0.0591, h_books: 0.3567 },
];
const points = toRuns(
  tableOf(shares.map((each) => ({ n_params: 7e8, n_tokens: 1.05e10, ...each }))),
  { targets: "" },
);
const PRINTED = {
  first: {
    loss_web: [2.4270889076603632, 2.418099912709892],
    loss_code: [2.0653261725311927, 2.136326543081338],
  },
  last: { loss_web: [2.4436846772245135, 2.4322370351831197] },
};

function expectPredictions(
  file: FitFile,
  printed: Readonly<Record<string, readonly number[]>>,
): void {
  const predictions = predict(file, points).filter(({ law }) => law === "simple");
  expect(predictions.map(({ target }) => target)).toEqual(Object.keys(printed));
  for (const { target, values } of predictions)
    [...values].forEach((value, i) => expect(value / (printed[target]?.[i] ?? NaN)).toBeCloseTo(1, 13)); // prettier-ignore
}

const scale = { params: 1e9, tokens: 2e10, law: "simple", samples: 8 } as const;

describe.each([
  { name: "the first release", text: first, printed: PRINTED.first },
  { name: "the last that wrote version 1", text: last, printed: PRINTED.last },
])("a file of $name", ({ text, printed }) => {
  test("predicts what it predicted", () => {
    expectPredictions(parseFitFile(text, "old.json"), printed);
    expectPredictions(JSON.parse(text) as FitFile, printed); // as users of the library read it
  });

  test("is optimized and reported", async () => {
    for (const file of [parseFitFile(text, "old.json"), JSON.parse(text) as FitFile]) {
      const optimum = await optimize(file, scale);
      expect(Object.values(optimum.weights).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      const { title } = await reportOf(file, [{ name: "best.json", optimum }]);
      expect(title).toBe("runs.csv");
    }
  });
});

describe("verify, of a file of version 1", () => {
  let rows: Record<string, string>[] = [];
  beforeAll(() => {
    const text = readFileSync(join(import.meta.dirname, "../../simulated/runs.csv"), "utf8");
    const [header = "", ...lines] = text.trimEnd().split("\n");
    rows = lines
      .map((line) => line.split(","))
      .filter(([mixture]) => Number(mixture) < 8)
      .map((cells) =>
        Object.fromEntries(header.split(",").map((name, i) => [name, cells[i] ?? ""])),
      );
  });

  test("says that what it does not record cannot be repeated", async () => {
    const engine = await openEngine({ backend: "cpu", threads: 1 });
    try {
      await expect(verify(parseFitFile(first, "old.json"), rows, engine)).rejects.toThrow(
        "version 1, which does not record ‘where’ and ‘test’, and it has 32 rows held out: fit the table again",
      );
      const file = parseFitFile(last, "old.json");
      const { differences, recorded } = await verify({ ...file, fits: file.fits.map((fit) => ({ ...fit, bootstrap: null })), settings: { ...file.settings, bootstrap: 0 } }, rows, engine); // prettier-ignore
      expect(recorded.version).toBe("0.1.0");
      expect(differences.filter(({ counts }) => counts)).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});

test.each(["fit", "optimum"])("%s files of later versions are refused by name", (kind) => {
  const text = JSON.stringify({ schema: `mixlaw/${kind}@9`, version: "3.1.4" });
  const read = kind === "fit" ? parseFitFile : parseOptimum;
  expect(() => read(text, "new.json")).toThrow(
    `new.json is ${kind === "fit" ? "a" : "an"} ${kind} file of another version (mixlaw/${kind}@9, written by mixlaw 3.1.4; this is mixlaw ${VERSION}, which reads mixlaw/${kind}@1`,
  );
});

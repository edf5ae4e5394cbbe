/** Fit files and optimum files from strangers, read and used. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc } from "../../support/property.ts";
import { readOptimum } from "../../../src/cli/io/read-text.ts";
import { summary } from "../../../src/cli/print/fit/summary.ts";
import { readable } from "../../../src/cli/print/optimum/format-optimum.ts";
import { PLAIN } from "../../../src/cli/text/style.ts";
import { tableOf } from "../../../src/data/table/rows.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { parseFitFile } from "../../../src/fit/file/parse-fit-file.ts";
import type { FitFile, OptimizeOptions, Optimum } from "../../../src/node.ts";
import { optimize, predict, predictionFindings } from "../../../src/node.ts";
import { reportOf } from "../../../src/report/report.ts";
import { reportHtml } from "../../../src/report/write-report.ts";
import { type Harness, harness } from "../harness.ts";
import { noLeak } from "../judge.ts";
import { mutatedJson, mutatedText } from "../mutate.ts";
import { CELLS, NAMES, SIGNS } from "../hostile.ts";
import { AT, FIT_FILES, OPTIMUM } from "./fitted.ts";

const points = toRuns(
  tableOf([{ n_params: 1e7, n_tokens: 1e9, h_web: 0.5, h_code: 0.5, x: 2 }, { n_params: 1e8, n_tokens: 1e11, h_web: 1, h_code: 0, x: -1 }], "points.csv"), // prettier-ignore
  { targets: "", inputs: { x: "x" } },
);

const LAWS = ["simple", "chinchilla", "line"] as const;
const PRINTING = { width: 100, style: PLAIN, charts: true, parameters: true, source: "fit.json" };

/** What is done with a fit file that can be read. */
export const USES = {
  predict: (file: FitFile) => [
    predict(file, points).map(({ values }) => values),
    predictionFindings(file, points),
  ],
  optimize: (file: FitFile, at: OptimizeOptions = AT) => optimize(file, at),
  print: async (file: FitFile) => noLeak(summary(file, PRINTING), file),
  report: async (file: FitFile) => noLeak(reportHtml(await reportOf(file, []), ""), file),
} as const;

const used = fc.constantFrom(...(Object.keys(USES) as (keyof typeof USES)[]));
const tokens = [...SIGNS, ...CELLS, ...NAMES, ...LAWS];
const fitTexts = fc.oneof(
  { weight: 8, arbitrary: mutatedJson(FIT_FILES) },
  { weight: 1, arbitrary: mutatedText(FIT_FILES.map((file) => JSON.stringify(file)), tokens) }, // prettier-ignore
);
const fitFiles = harness("fit-files", fc.record({ text: fitTexts, use: used }), ({ text, use }) =>
  USES[use](parseFitFile(text, "fit.json")),
);

const folder = mkdtempSync(join(tmpdir(), "mixlaw-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const file = FIT_FILES[0];

async function optimumOf(text: string): Promise<Optimum> {
  const path = join(folder, "optimum.json");
  writeFileSync(path, text);
  return readOptimum(path);
}

const optimumTexts = fc.oneof(
  { weight: 8, arbitrary: mutatedJson([OPTIMUM]) },
  { weight: 1, arbitrary: mutatedText([JSON.stringify(OPTIMUM)], tokens) },
);
/** Reads an optimum of a fit, prints it, and reports on both. */
export async function useOptimum(text: string, of: FitFile): Promise<void> {
  const optimum = await optimumOf(text);
  noLeak(readable({ kind: "one", optimum }, PRINTING), optimum);
  noLeak(reportHtml(await reportOf(of, [{ name: "optimum.json", optimum }]), ""), optimum);
}
const optimumFiles = harness("optimum-files", optimumTexts, (text) => useOptimum(text, file));

export const HARNESSES: readonly Harness[] = [fitFiles, optimumFiles];

/** Readers of tables and of NIST's files, filters, globs. */
import { fc } from "../../support/property.ts";
import { formulaOf, parseNist } from "../../../src/formula-tables/nist-file.ts";
import { formulaProblem } from "../../../src/formula-tables/formula-problem.ts";
import type { Cell } from "../../../src/data/table/cells.ts";
import type { Format } from "../../../src/data/table/formats.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { type Row, tableOf } from "../../../src/data/table/rows.ts";
import { csvText } from "../../../src/data/write/csv-text.ts";
import type { Runs, RunSet } from "../../../src/data/runs/run-set.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { type Harness, harness } from "../harness.ts";
import { mutatedBytes, mutatedText } from "../mutate.ts";
import { COMPRESSED, NIST, ROWS, sharedCases, TABLES } from "../seeds.ts";
import { CELLS, NAMES, SIGNS } from "../hostile.ts";

/** The numbers of runs: those of missing losses are NaN on purpose. */
const numbersOf = ({ train, test }: Runs): unknown =>
  [train, test].map(
    (set: RunSet | undefined) =>
    set === undefined
      ? []
      : [set.inputs, set.weights, set.rowWeights, ...set.losses.map((y) => y.filter((x) => !Number.isNaN(x)))], // prettier-ignore
  );

/** Reads a table and the runs in it. */
async function readAll(
  bytes: Uint8Array,
  format: Format,
  source = `runs.${format}`,
): Promise<unknown> {
  const table = await parseTable(bytes, format, source);
  for (const { name, cells } of table.columns.values())
    if (cells.length !== table.rows) throw new Error(`column ${name} has ${cells.length} cells`);
  return numbersOf(toRuns(table));
}

const readers = (Object.keys(TABLES) as Format[]).map((format): Harness => {
  const seeds = [...TABLES[format], ...sharedCases("tables", `.${format}`), ...sharedCases("hostile", `.${format}`)]; // prettier-ignore
  return harness(format, mutatedBytes(seeds, [...SIGNS, ...CELLS, ...NAMES]), (bytes) =>
    readAll(bytes, format),
  );
});

/** Compressed files, whose decoders must end. */
const packed = (Object.keys(COMPRESSED) as (keyof typeof COMPRESSED)[]).map((ending): Harness =>
  harness(ending, mutatedBytes(COMPRESSED[ending], ["\0\0\0\0", "\u00ff\u00ff"]), (bytes) =>
    readAll(bytes, "csv", `runs.${ending}`),
  ),
);

const nist = harness("nist", mutatedBytes([NIST], [...SIGNS, ...CELLS]), (bytes) => {
  const reference = parseNist(bytes, "Small.dat");
  const { parameters, residualSumOfSquares, residualSd, degreesOfFreedom } = reference;
  const { runs } = formulaProblem(reference.table, formulaOf(reference.model));
  return [parameters, residualSumOfSquares, residualSd, degreesOfFreedom, numbersOf(runs)];
});

/** Tables of any cells under any names, as plain objects. */
const cell = fc.oneof(
  fc.constantFrom(...CELLS),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.string(),
);
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: "binary" }));
const rows = fc.array(fc.dictionary(name, cell), { maxLength: 6 });

const objects = harness("rows", rows, (some: readonly Row[]) => numbersOf(toRuns(tableOf(some))));

/**
 * CSV that mixlaw writes is read as it was: names and cells, whatever signs they hold. Names are
 * not blank (a line with one name above others of text is a title) and begin with no "#" (a
 * header's is left out).
 */
const written = fc.record({
  names: fc.uniqueArray(fc.string({ minLength: 1 }).filter((text) => /^[^#]/.test(text.trim())), { minLength: 2, maxLength: 4, selector: (text) => text.trim() }), // prettier-ignore
  rows: fc.array(fc.array(fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 4 }), // prettier-ignore
});
const roundTrip = harness("csv-round-trip", written, async ({ names, rows: all }) => {
  const kept = all.map((row) => row.slice(0, names.length));
  const text = csvText(names, kept);
  const table = await parseTable(new TextEncoder().encode(text), "csv", "t.csv");
  const flat = (value: Cell): string => String(value ?? "").replaceAll(/\r\n?/g, "\n").trim(); // prettier-ignore
  const read = [...table.columns.values()].map(({ cells }) => cells.map(flat));
  const missing = new Set(["NA", "NaN", "nan", "null", "NULL"]);
  const meant = names.map((_, c) => kept.map((row) => flat(row[c] ?? ""))); // prettier-ignore
  const same = JSON.stringify(read) === JSON.stringify(meant.map((column) => column.map((text_) => (missing.has(text_) ? "" : text_)))); // prettier-ignore
  if (!same) throw new Error(`written ${JSON.stringify(meant)}, read ${JSON.stringify(read)}`);
});

const small = tableOf(ROWS, "runs.csv");

/** Filters, on rows that have text, numbers and a missing cell. */
const FILTERS = [
  "split == 'train' and n_tokens/n_params >= 20",
  "not (loss_b is missing) or run in ('r1', 'r2')",
  "n_params < 100M and (h_web <= 50% or loss_a > 2.5) and split != 'test'",
];
const filters = harness(
  "filters",
  fc.record({
    where: mutatedText(FILTERS, [...SIGNS, ...CELLS, "n_params", "split", " and ", " or ", " not ", " in (", " is missing", "is not missing", "`", "'", '"', "((((((((", "- - - -"]), // prettier-ignore
    test: fc.option(mutatedText(FILTERS, [...SIGNS, ...CELLS]), { nil: undefined, freq: 1 }),
  }),
  (given) => numbersOf(toRuns(small, given as object)),
);

/** Lists of columns with globs. */
const LISTS = ["h_*", "loss_*,!loss_b", "h_web,h_code", "*_?,!n_*", '"h_web","h_code"'];
const list = mutatedText(LISTS, [...SIGNS, "*", "?", "!", ",", '"', "h_", "loss_", "*".repeat(30), "*a".repeat(20), "\\", "[a", "(?", "$1", "u{1"]); // prettier-ignore
const option = fc.option(list, { nil: undefined });
const globs = harness(
  "globs",
  fc.record({ weights: option, targets: option, params: option, tokens: option, group: option, sigma: option, rowWeights: option }), // prettier-ignore
  (given) => numbersOf(toRuns(small, given as object)),
);

export const HARNESSES: readonly Harness[] = [
  ...readers,
  ...packed,
  nist,
  objects,
  roundTrip,
  filters,
  globs,
];

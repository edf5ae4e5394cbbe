/**
 * Repeats the fits of a file from what it records (the table's hash, the columns and rows that were
 * asked for, laws, settings, seed) and says what comes out otherwise.
 */
import * as v from "valibot";
import { DeadlineError, InputError, partialOf, withPartial } from "../base/errors.ts";
import { given, pick } from "../base/objects.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { Table } from "../data/table/cells.ts";
import type { Row } from "../data/table/rows.ts";
import { lawIn } from "../fit/file/law-of-fit.ts";
import { dataSection } from "../fit/result/data-section.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { rowsOf } from "../fit/result/rows-of-file.ts";
import type { Law } from "../laws/law.ts";
import { DEFAULTS, FIT_ENTRIES, type FitOptions, type FitSettings } from "../options/fit-options.ts"; // prettier-ignore
import { anObject, readOptions } from "../options/option-schema.ts";
import type { RecordStore } from "../records/record-store.ts";
import { compareFits } from "./compare-fits.ts";
import { compareRows, isUnchanged } from "./compare-rows.ts";
import { verifyFindings } from "./findings.ts";
import { differingLeaves } from "./leaves.ts";
import { readAgain } from "./read-again.ts";
import type { Circumstances, ValueDifference, RowChanges, Verification, VerifyStatus } from "./verification.ts"; // prettier-ignore

/** How a fit is repeated. */
export type VerifyOptions = Pick<FitOptions, "signal" | "onProgress" | "records" | "deadline">;

const VERIFY = anObject(
  v.pick(v.object(FIT_ENTRIES), ["signal", "onProgress", "records", "deadline"]).entries,
);

/** Of an engine: what fits. */
export interface Fitting {
  /** Fits laws to runs, as an engine does. */
  fit(laws: readonly Law[], runs: Runs, options: FitOptions): Promise<FitFile>;
}

/** Differences that are listed. */
const MOST_LISTED = 1000;
/** Longer texts are cut where they are listed. */
const LONGEST = 120;

/**
 * Repeats the fits of a file, and compares everything that the file says with what comes out.
 *
 * Where the file keeps its rows and the table has others, the fits are repeated on those that the
 * file keeps: a changed table is then told from a changed number. Fits of searches that were
 * interrupted are left out. Records are of the verification alone: a folder with those of the fit
 * is refused, since what is looked up there is not repeated.
 *
 * @param runs the table, read as the file records; rows as plain objects; or runs as they are
 * @param engine to repeat it on: of the backend that the file records, or another
 * @throws InputError where the table cannot be read so, or no fit can be repeated; AbortedError
 *   when the signal fires; DeadlineError where the deadline comes before all fits are repeated.
 * @example
 * const engine = await openEngine({ backend: file.backend.kind });
 * (await verify(file, await readTable("runs.csv"), engine)).verdict.status // "identical"
 */
export async function verify(
  file: FitFile,
  runs: Table | Runs | readonly Row[],
  engine: Fitting,
  options: VerifyOptions = {},
): Promise<Verification> {
  const began = performance.now();
  readOptions("verify", VERIFY, options);
  const { fits, laws } = repeatable(file);
  const found = readAgain(file, runs);
  const { rows, used } = comparedRows(file, found);
  const { records } = options;
  const asked = { ...options, ...given({ records: records && ofVerification(records) }) };
  const again = await repeat(engine, laws, used, { ...optionsOf(file), ...asked });
  const isSamePlace = samePlace(file, again);
  const isOther = rows !== null && !isUnchanged(rows);
  const all = [
    ...(isOther ? [] : dataDifferences(file, used)),
    ...fits.flatMap((fit): ValueDifference[] => {
      const { law, target } = fit;
      const other = again.fits.find((each) => each.law === law && each.target === target);
      return other === undefined
        ? [{ law, target, key: "fits", recorded: "a fit", repeated: "none", tolerance: null, counts: true }] // prettier-ignore
        : compareFits({ file, fit }, { file: again, fit: other }, used, isSamePlace);
    }),
    ...failedDifferences(file, again),
    ...chosenDifferences(file, again, isSamePlace),
  ];
  const status = statusOf(all, isOther);
  const answer = {
    recorded: placeOf(file, file.data.sha256),
    repeated: placeOf(again, found.sha256),
    fits: fits.length,
    rows,
  };
  return {
    schema: "mixlaw/verification@1",
    verdict: { status, findings: verifyFindings({ ...answer, differences: all }) },
    ...answer,
    differences: all
      .toSorted((a, b) => Number(b.counts) - Number(a.counts))
      .slice(0, MOST_LISTED)
      .map(shortened),
    seconds: (performance.now() - began) / 1000,
  };
}

/** The fits that can be repeated, and their laws with those that failed. */
function repeatable(file: FitFile): Pick<FitFile, "fits"> & { readonly laws: readonly Law[] } {
  const fits = file.fits.filter(({ search }) => search.status !== "interrupted");
  if (fits.length === 0)
    throw new InputError(
      "the fit file has no fit that can be repeated: its searches were interrupted",
    );
  const names = [...fits, ...(file.failed ?? [])].map(({ law }) => law);
  return { fits, laws: [...new Set(names)].map((name) => lawIn(file, name)) };
}

/** How the rows differ, and the runs to repeat the fits on. */
function comparedRows(
  file: FitFile,
  found: Runs,
): { readonly rows: RowChanges | null; readonly used: Runs } {
  const kept = rowsOf(file);
  if (kept === undefined) return { rows: null, used: found };
  const rows = compareRows(kept, found);
  const { dropped, notes } = found;
  // A table with the recorded hash is the one that was fitted, whatever rows the file says it has.
  const isItself = found.sha256 === file.data.sha256;
  return { rows, used: isItself ? found : { ...kept, dropped, notes } };
}

/** Records of a verification, which is another job than the fit. */
const ofVerification = (records: RecordStore): RecordStore => ({
  computedBy: records.computedBy,
  begin: (job) => records.begin({ ...job, verb: "verify" }),
  find: (keys) => records.find(keys),
  keep: (some, isResult) => records.keep(some, isResult),
});

async function repeat(
  engine: Fitting,
  laws: readonly Law[],
  runs: Runs,
  options: FitOptions,
): Promise<FitFile> {
  try {
    const again = await engine.fit(laws, runs, options);
    if (again.unfinished === undefined) return again;
  } catch (error) {
    // A part of the fits is no verification.
    throw partialOf(error) === undefined ? error : withPartial(error, undefined);
  }
  throw new DeadlineError();
}

/** The settings, profiles and intervals that the file was made with. */
function optionsOf({ settings, fits }: FitFile): FitOptions {
  const keys = Object.keys(DEFAULTS) as (keyof FitSettings)[];
  const profile = [...new Set(fits.flatMap((fit) => Object.keys(fit.profile ?? {})))];
  const { backtest = false } = settings as Partial<FitSettings>; // earlier files have none
  return {
    ...pick(settings, keys),
    backtest,
    ...(profile.length === 0 ? {} : { profile }),
    rows: false,
  };
}

/** Whether version, adapter and float64 are those of the file; threads change nothing. */
function samePlace(file: FitFile, { schema, version, backend }: FitFile): boolean {
  const { kind, adapter, float64 = "javascript" } = file.backend;
  const sameAdapter = kind === backend.kind && (kind === "cpu" || adapter === backend.adapter);
  const sameFloat64 = float64 === backend.float64;
  return file.schema === schema && file.version === version && sameAdapter && sameFloat64;
}

const placeOf = ({ version, backend }: FitFile, sha256: string): Circumstances => ({
  version,
  backend,
  sha256,
});

/** What the file says of its table, but for names, hashes and sentences. */
function dataDifferences({ data }: FitFile, runs: Runs): ValueDifference[] {
  const facts = pick(data, ["domains", "rows", "testRows", "units", "dropped", "range", "coverage", "mixtures", "distinctMixtures"]); // prettier-ignore
  return differingLeaves(facts, dataSection(runs), ["data"]).map(({ path, ...values }) => ({
    key: path.join("."),
    ...values,
    tolerance: null,
    counts: true,
  }));
}

/** Another choice of the law to use, where the back-tests of the fit made it. */
function chosenDifferences(
  { chosen }: FitFile,
  again: FitFile,
  isSamePlace: boolean,
): ValueDifference[] {
  if (chosen?.by !== "back-tests") return [];
  return differingLeaves(chosen, again.chosen, ["chosen"]).map(({ path, ...values }) => ({
    key: path.join("."),
    ...values,
    tolerance: null,
    counts: isSamePlace,
    ...(isSamePlace ? {} : { why: "the way of the search" as const }),
  }));
}

/** Laws and targets that failed then or now, and not both. */
function failedDifferences(file: FitFile, again: FitFile): ValueDifference[] {
  const [then, now] = [file, again].map(({ failed = [] }) =>
    failed.map(({ law, target }) => ({ law, target })),
  ) as [{ law: string; target: string }[], { law: string; target: string }[]];
  const isIn = (list: typeof then, one: (typeof then)[number]): boolean =>
    list.some(({ law, target }) => law === one.law && target === one.target);
  return [...then, ...now.filter((one) => !isIn(then, one))].flatMap((one) => {
    const [recorded, repeated] = [isIn(then, one), isIn(now, one)].map((is) => (is ? "failed" : "no failure")); // prettier-ignore
    return recorded === repeated
      ? []
      : [{ ...one, key: "failed", recorded, repeated, tolerance: null, counts: true }];
  });
}

function statusOf(differences: readonly ValueDifference[], isOtherTable: boolean): VerifyStatus {
  if (isOtherTable || differences.some(({ counts }) => counts)) return "differs";
  return differences.length === 0 ? "identical" : "same";
}

/** Long texts, such as replicates in base64, cut. */
const shortened = (difference: ValueDifference): ValueDifference => ({
  ...difference,
  recorded: cut(difference.recorded),
  repeated: cut(difference.repeated),
});

function cut(value: unknown): unknown {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : value;
}

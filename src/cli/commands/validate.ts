/** `mixlaw validate`: how well laws predict runs that they were not fitted to. */
import { pick } from "../../base/objects.ts";
import { isRunBySpreadsheets } from "../../data/write/csv-text.ts";
import { type RowTable, rowsFor } from "../../data/write/row-table.ts";
import { type Command, Option } from "commander";
import { type By, type ChosenLaw, type FitFile, InputError, type Validation } from "../../node.ts";
import { DEFAULTS, fitSettings } from "../../options/fit-options.ts";
import { BY, needsColumn } from "../../validate/folds.ts";
import {
  backendFlags,
  progressFlag,
  jobFlags,
  threadsFlag,
  traceFlag,
} from "../flags/common-flags.ts";
import { dataFlags, type ObjectiveFlags, objectiveFlags, objectiveOf } from "../flags/fit-flags.ts";
import type { TargetScale } from "../../validate/backtests.ts";
import { toCount } from "../flags/counts.ts";
import { pairs } from "../flags/shares.ts";
import { type DataFlags, prepare } from "../flags/laws-and-runs.ts";
import { confidence, repeated, seedNumber, whole } from "../flags/values.ts";
import { endHelp } from "../io/help.ts";
import { json } from "../../base/json.ts";
import { medium, print, style, tell } from "../io/output.ts";
import { readFit, readJson } from "../io/read-text.ts";
import { besideOf, type Destination, destination } from "../io/save.ts";
import type { Content } from "../../node/replace-file.ts";
import {
  type EngineFlags,
  exitCodeAfter,
  isComplete,
  whatEnded,
  withEngine,
} from "../io/with-engine.ts";
import { curveTable, scoresTable } from "../print/validation-csv.ts";
import { validationTables } from "../print/validation-tables.ts";

interface Flags extends DataFlags, ObjectiveFlags, EngineFlags {
  readonly by?: string;
  readonly folds: number;
  readonly curve?: string;
  readonly at?: TargetScale;
  readonly backtest?: boolean;
  readonly choose?: string;
  readonly seed: number;
  readonly level: number;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
--by says what is held out: COL, folds of the values of a column, which are never split; largest:COL, the rows with
the largest value of a column; mixture, folds of the distinct mixtures; row, folds of rows; test, the rows of
--test. The default is test where --test is given, else mixture, else row. Laws are ranked by the mean relative
error on the rows held out. --out writes JSON, "mixlaw/validation@1", or, to a name in .csv or .parquet, the scores by
law and target, and the learning curve beside it: scores.csv, scores-curve.csv.

The flags on data, objective and parameters are those of fit. What is held out is predicted by refits from random
starts of their own (64 a fold, 16 a point of the curve, never more than --restarts) and from those of --start.

Examples:
  mixlaw validate runs.csv --law simple,additive,joint
  mixlaw validate runs.csv --law simple,additive,joint --by largest:n_params
  mixlaw validate runs.csv --law additive --by run_id --folds 10 --curve mixtures --out validation.json
  mixlaw validate runs.csv --law additive,joint --at params=7B,tokens=150B --choose fit.json
  mixlaw validate runs.csv --law linear,mixture --where "split == 'train'" --test "split == 'test'"

Ctrl-C (or SIGTERM, SIGHUP) stops: the laws that were done are printed and go to validation.json.partial.json, not
to the file of --out; a second one leaves at once, and so does the first one while there is nothing to keep.
Exit codes: 0 done, 1 bad input, 2 a law failed, its fit to all rows did not converge, or the deadline came, 130
interrupted (143 by SIGTERM and 129 by SIGHUP where they left at once).`;

export function addValidate(program: Command): void {
  const command = program
    .command("validate")
    .summary("rank laws by how well they predict runs they were not fitted to")
    .description(
      "Fits laws to parts of a table of runs, predicts the rest, and ranks the laws by their errors there, with intervals.",
    )
    .argument("<RUNS...>", "table of runs, or several");
  holdingOutFlags(command);
  dataFlags(command);
  objectiveFlags(command).option(
    "--seed <S>",
    "seed of folds and starts",
    seedNumber,
    DEFAULTS.seed,
  );
  backendFlags(command);
  threadsFlag(command);
  jobFlags(command)
    .optionsGroup("Certainty:")
    .option("--level <X>", "confidence level of the intervals", confidence, DEFAULTS.level)
    .optionsGroup("Output:")
    .option("-o, --out <FILE>", "write the result to a file: .json, .csv or .parquet")
    .option("--json", "print JSON instead of tables");
  progressFlag(command);
  traceFlag(command);
  endHelp(command, EXAMPLES).action(validate);
}

const holdingOutFlags = (command: Command): Command =>
  command
    .optionsGroup("Held out:")
    .option("--by <WHAT>", "what is held out: COL, largest:COL, mixture, row or test; see below")
    .option("--folds <K>", "parts that are held out in turn", whole("--folds", 2), 5)
    .option(
      "--at <SCALE>",
      "a run to plan, params=7B,tokens=150B: the error to expect there, from back-tests (default: as far out as the rows of --test)",
      targetScale,
    )
    .option(
      "--backtest",
      "fit the laws to the smaller runs too and test them on the larger ones (default: as for fit)",
    ) // prettier-ignore
    .option("--no-backtest", "make no such tests")
    .option(
      "--choose <FIT>",
      "record the law to use in a fit file of several laws: optimize uses it without --law; columns are found as that fit found them",
    )
    .addOption(
      new Option(
        "--curve <OVER>",
        "also the error on unseen mixtures against the number of mixtures fitted",
      ).choices(["mixtures"]),
    );

/** `--at params=7B,tokens=150B`. */
const targetScale = repeated<TargetScale>((text, before = {}) => {
  const example = "params=7B,tokens=150B";
  const given = pairs("--at", [text], ["params", "tokens"], example);
  const counts = Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const count = toCount(value);
      if (count === undefined)
        throw new InputError(`--at: ${name}=${value} is no count; write it like ${example}`);
      return [name, count];
    }),
  );
  return { ...before, ...counts };
});

const LARGEST = "largest:";

/** --by as what is held out and the column that says so. */
function heldOut(text: string | undefined): { readonly by?: By; readonly group?: string } {
  const what = text?.trim();
  if (what === undefined) return {};
  const by = BY.find((kind) => kind === what && !needsColumn(kind));
  if (by !== undefined) return { by };
  if (!what.startsWith(LARGEST)) return { by: "group", group: what };
  const group = what.slice(LARGEST.length).trim();
  if (group === "")
    throw new InputError("--by largest: names no column; write it like largest:n_params");
  return { by: "largest", group };
}

const asJson = (validation: Validation): string => `${json(validation)}\n`;

interface Output {
  readonly to: Destination;
  readonly content: (validation: Validation) => Content | Promise<Content>;
}

/**
 * What is written where, found to be writable: JSON, or the tables as CSV or Parquet, each to a
 * file of its own.
 */
async function outputsOf({ out, curve }: Flags): Promise<Output[]> {
  if (out === undefined) return [];
  const scores = await destination(out);
  const curveFile = besideOf(out, "curve");
  if (curveFile === undefined) return [{ to: scores, content: asJson }];
  const output = (to: Destination, table: (validation: Validation) => RowTable): Output => ({
    to,
    content: (validation) => rowsFor(out, table(validation)),
  });
  const tables = [output(scores, scoresTable)];
  if (curve === undefined) return tables;
  return [...tables, output(await destination(curveFile), curveTable)];
}

async function validate(paths: readonly string[], flags: Flags): Promise<void> {
  const fitting = { ...(await objectiveOf(flags)), ...pick(flags, ["seed", "level"]) };
  fitSettings(fitting); // what is wrong with them is said before the table is read
  const { by, ...group } = heldOut(flags.by);
  const outputs = await outputsOf(flags);
  const fit = flags.choose === undefined ? undefined : await readFit(flags.choose);
  const choosing = fit && (await chooser(flags.choose ?? "", fit));
  const { laws, runs } = await prepare(paths, { ...flags, ...group }, true, fit);
  if (/\.csv$/i.test(flags.out ?? ""))
    checkCsvNames([...runs.targets, ...laws.map(({ name }) => name)]);
  const options = {
    ...fitting,
    ...(by === undefined ? {} : { by }),
    folds: flags.folds,
    curve: flags.curve !== undefined,
    ...pick(flags, ["at", "backtest"]),
  };
  const outcome = await withEngine(flags, ({ engine, ...watch }) =>
    engine.validate(laws, runs, { ...options, ...watch }),
  );
  const { answer: validation, interrupted, failure } = outcome;
  if (validation === undefined) tell(`${whatEnded(outcome)} before any law was validated`);
  else {
    await show(validation, flags, { outputs, complete: isComplete(outcome) });
    if (failure !== undefined) throw failure.error;
    if (validation.unfinished !== undefined) tell(validation.unfinished.sentence);
    const done = new Set([...validation.laws, ...validation.failed].map(({ law }) => law));
    const missing = laws.filter(({ name }) => !done.has(name));
    if (interrupted && missing.length > 0)
      tell(`interrupted before ${missing.map(({ name }) => name).join(", ")} was validated`);
    if (isComplete(outcome)) await choosing?.(validation);
  }
  process.exitCode = exitCodeAfter(outcome, isWhole(validation) ? 0 : 2);
}

/** Throws the InputError for a name that spreadsheets would run, which read such tables. */
function checkCsvNames(names: readonly string[]): void {
  const name = names.find(isRunBySpreadsheets);
  if (name !== undefined)
    throw new InputError(
      `--out: the name ${JSON.stringify(name)} would be run as a formula by spreadsheets: name a file in .json, or rename the column`,
      { option: "out" },
    );
}

/** What records a validation's choice in a fit file, which is found to be writable. */
async function chooser(
  path: string,
  { fits }: FitFile,
): Promise<(validation: Validation) => Promise<void>> {
  const there = new Set(fits.map(({ law }) => law));
  const to = await destination(path, "--choose");
  return async ({ conclusion, laws }) => {
    const { law, rivals } = conclusion;
    if (law === null || !there.has(law)) {
      const why = law === null ? "no law predicts the rows held out better than none" : `it has no fit of ${law}`; // prettier-ignore
      tell(`--choose: ${path} stays as it is: ${why}`);
      return;
    }
    const errors = laws.flatMap(({ law: name, mean: { mrePercent } }) =>
      mrePercent === null || !there.has(name) ? [] : [[name, mrePercent / 100] as const],
    );
    const chosen: ChosenLaw = {
      law,
      by: "validation",
      alike: [law, ...rivals].filter((name) => there.has(name)),
      errors: Object.fromEntries(errors),
    };
    await to.save(
      `${json({ ...((await readJson(path, "name a fit file")) as FitFile), chosen })}\n`,
    );
    tell(`${path} uses ${law} where no law is asked for`);
  };
}

/** Whether every law was validated, and its fit to all rows converged. */
const isWhole = (validation: Validation | undefined): boolean =>
  validation?.failed.length === 0 &&
  validation.laws.every(({ unfinished }) => unfinished.length === 0);

/** Prints the scores, and writes them to the files of --out. */
async function show(
  validation: Validation,
  flags: Flags,
  { outputs, complete }: { readonly outputs: readonly Output[]; readonly complete: boolean },
): Promise<void> {
  if (flags.json === true) process.stdout.write(asJson(validation));
  else print(validationTables(validation, medium()));
  for (const { to, content } of outputs)
    await (complete ? to.save(await content(validation)) : to.savePartial(await content(validation))); // prettier-ignore
  if (complete && outputs.length > 0 && flags.json !== true)
    print(`\n${style().dim(`Wrote ${outputs.map(({ to }) => to.path).join(" and ")}.`)}`);
}

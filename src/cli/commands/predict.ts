/** `mixlaw predict`: losses at points, from a fit file. */
import { given, pick } from "../../base/objects.ts";
import type { Command } from "commander";
import { type RunsOptions, USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import { count, suggest } from "../../base/wording.ts";
import { toRuns } from "../../data/runs/runs.ts";
import type { Table } from "../../data/table/cells.ts";
import { type FitFile, InputError, lawIn, readTable, type Runs } from "../../node.ts";
import { unitsFor } from "../../fit/result/asked-counts.ts";
import type { CountUnits } from "../../options/count-units.ts";
import {
  AVERAGE,
  averagePredictions,
  averageWords,
  isAverage,
  neededWeights,
} from "../../fit/backtest/average-laws.ts";
import type { BandOptions } from "../../fit/inference/bands.ts";
import { predictBy, type Prediction } from "../../fit/predict.ts";
import { failureOf, holdingFits } from "../../fit/result/failed-fits.ts";
import { endHelp } from "../io/help.ts";
import { pour, tell } from "../io/output.ts";
import { destination } from "../io/save.ts";
import { availableTokens, mappedInputs, needOf } from "../flags/laws-and-runs.ts";
import { addIntervals } from "../flags/interval-flags.ts";
import type { PhaseParts } from "../flags/shares.ts";
import {
  columnFlags,
  phasesAt,
  rolesOfFit,
  supplyBeside,
  tableAt,
  unitsOfFit,
} from "../flags/points.ts";
import { added, checkInputs, joined, several, words } from "../flags/values.ts";
import { readFit } from "../io/read-text.ts";
import { writtenFormatOf } from "../../data/write/write-table.ts";
import { addedColumns, type Predicted, predictedPieces } from "../print/predicted-columns.ts";
import { tellErrors, tellRemarks } from "../print/prediction-remarks.ts";

interface Flags extends BandOptions {
  readonly law?: readonly string[];
  readonly at?: readonly string[];
  readonly params?: string;
  readonly tokens?: string;
  readonly units?: CountUnits;
  readonly input?: Readonly<Record<string, string>>;
  readonly weights?: string;
  readonly supply?: string;
  readonly phases?: PhaseParts;
  readonly available?: string;
  readonly out?: string;
}

const EXAMPLES = `
Each row gets a column pred_<target> for each target of the fit ("pred_loss_web"). With fits of several laws in
the file and no --law, it gets a column pred_<law>_<target> for each. Two more columns, …_low and …_high, are
the ends of the interval of a new run's loss there: what the runs leave open of the law (by the bootstrap where
the fit has one), the noise of a run and, beyond the runs, the law's error in back-tests; they are empty where
there is no interval. See docs/predictions.md. --interval-of law gives the interval of the law's own value. All
columns of POINTS are kept. Domains are matched by name: POINTS needs the column of every domain of the fit.
Where POINTS has a target's own column, the error of the predictions is told on stderr.

Examples:
  mixlaw predict fit.json points.csv
  mixlaw predict fit.json --at params=7B,tokens=150B,web=0.5,code=0.5
  mixlaw predict fit.json points.csv --law joint --out predicted.csv      or .parquet, or .json
  mixlaw predict fit.json points.csv --interval-of law --level 0.9
  mixlaw predict fit.json points.csv --params size --tokens seen --weights 'share_*'`;

export function addPredict(program: Command): void {
  const command = program
    .command("predict")
    .summary("predict losses at points from a fit file")
    .description(
      "Predicts every target's loss at each row of a table and prints the table, as CSV, with the predictions added.",
    )
    .argument("<FIT>", 'fit file, from "mixlaw fit --out"')
    .argument(
      "[POINTS]",
      'table of points, as for "mixlaw fit"; it needs no losses. None with --at',
    )
    .optionsGroup("Points:")
    .option(
      "--at <POINT>",
      "a point instead of a table: params=7B,tokens=150B,web=0.5,code=0.5, other inputs by name or by their column in the fit; may be repeated",
      several,
    )
    .option(
      "--law <NAMES>",
      "the laws to predict with, comma-separated, where the fit file has several, or average, of all by their back-tests; here and in all lists, repeated flags add up",
      added(words),
    );
  supplyFlags(columnFlags(command));
  addIntervals(command.optionsGroup("Certainty:"), "the fit's")
    .optionsGroup("Output:")
    .option("-o, --out <FILE>", "write the table to a file: .csv, .parquet or .json");
  endHelp(command, EXAMPLES).action(predict);
}

const supplyFlags = (command: Command): Command =>
  command
    .option(
      "--available <TOKENS>",
      "the unique tokens there are by domain, web=1.2T,code=300B or a table (default: the fit's)",
      joined,
    )
    .option(
      "--supply <COLS>",
      `columns of each domain's unique tokens (default: ${USUAL_COLUMNS.supply})`,
      joined,
    );

async function predict(
  fitPath: string,
  pointsPath: string | undefined,
  flags: Flags,
): Promise<void> {
  const whole = await readFit(fitPath);
  const average = averageFor(whole, flags.law, fitPath);
  const { file, left } = holdingFits(average?.file ?? ofLaws(whole, flags.law, fitPath));
  for (const fit of left) tell(`no prediction of ${fit.target}: ${failureOf(fit)}`);
  const out = flags.out === undefined ? undefined : await destination(flags.out);
  const laws = new Set(file.fits.map(({ law }) => law));
  const uses = [...laws].map((name) => lawIn(file, name).uses);
  const need = needOf(uses);
  checkInputs(Object.keys(flags.input ?? {}), mappedInputs(uses));
  const table = await tableOfPoints(file, need, pointsPath, flags.at);
  const points = pointsOf(table, file, need, flags, await availableTokens(flags, table));
  const options = pick(flags, ["level", "interval", "intervalOf"]);
  const needsBootstrap = flags.interval !== undefined || flags.intervalOf === "law";
  if (needsBootstrap && file.fits.every(({ bootstrap }) => bootstrap === null))
    throw new InputError(
      `${fitPath} has no bootstrap to make intervals from: fit again with --bootstrap 1000`,
      { file: fitPath },
    );
  const predicted: Predicted = {
    table,
    rowOf: [...points.train.rowNumbers].map((number) => number - 1),
    predictions: (average?.of ?? unchanged)(predictBy(whole, laws, points, options)),
  };
  const columns = addedColumns(predicted);
  const format = out === undefined ? "csv" : (writtenFormatOf(out.path) ?? "csv");
  const pieces = await predictedPieces(table, columns, format);
  if (out === undefined) await pour(pieces);
  else await out.save(pieces);
  tellRemarks(file, points, table, flags);
  tellErrors(predicted);
  if (out !== undefined)
    tell(
      `wrote ${out.path}: ${count(table.rows, "row")}, ${count(columns.length, "column")} added`,
    );
}

/** What the laws of a file need of a table. */
type Need = ReturnType<typeof needOf>;

/** The table of POINTS, or of what --at says. */
async function tableOfPoints(
  file: FitFile,
  need: Need,
  path: string | undefined,
  at: readonly string[] | undefined,
): Promise<Table> {
  if (path !== undefined && at !== undefined)
    throw new InputError("POINTS and --at both say where to predict: give one");
  if (at !== undefined) return tableAt(file, at, need);
  if (path !== undefined) return readTable(path);
  throw new InputError(
    "missing required argument 'POINTS', or --at with a point; \"mixlaw predict --help\" shows how it is used",
  );
}

/** The table's rows as points for the fits of a file. */
function pointsOf(
  table: Table,
  file: FitFile,
  need: Need,
  flags: Flags,
  available: RunsOptions["available"],
): Runs {
  const { params, tokens, weights, supply, input, phases } = flags;
  const known = supplyBeside(table, file, supply);
  return toRuns(table, {
    ...(flags.at === undefined ? rolesOfFit(file, table) : given({ phases: phasesAt(file) })),
    ...given({ params, tokens, weights, supply, phases, inputs: input }),
    ...(need.supply === true ? { available: { ...known, ...available } } : {}),
    units: unitsFor(file, flags.at === undefined ? unitsOfFit(file, table, flags) : flags.units),
    targets: "",
    need,
  });
}

/** The file with the fits of some laws; all of them where none is asked for. */
function ofLaws(file: FitFile, names: readonly string[] | undefined, path: string): FitFile {
  if (names === undefined) return file;
  const failed = file.failed ?? [];
  if (names.length === 0) throw new InputError("--law names no law");
  const laws = [...new Set([...file.fits, ...failed].map(({ law }) => law))];
  const odd = names.find((name) => !laws.includes(name));
  if (odd !== undefined)
    throw new InputError(
      `--law: ${path} has no fit of "${odd}"; ${suggest(odd, laws, "laws in it")}`,
      { file: path },
    );
  return {
    ...file,
    fits: file.fits.filter(({ law }) => names.includes(law)),
    failed: failed.filter(({ law }) => names.includes(law)),
  };
}

/**
 * Where the average of laws is asked for, which is no law of the file: the file with the laws that
 * it is of, and how their predictions become it. Undefined where it is not asked for.
 */
function averageFor(
  file: FitFile,
  names: readonly string[] | undefined,
  path: string,
): { file: FitFile; of: (all: readonly Prediction[]) => readonly Prediction[] } | undefined {
  if (names?.some((name) => isAverage(file, name)) !== true) return undefined;
  const weights = neededWeights(file, path, { file: path });
  const others = names.filter((name) => name !== AVERAGE);
  const used = [...weights].filter(([, weight]) => weight > 0).map(([law]) => law);
  tell(`note: ${averageWords(weights)}`);
  return {
    file: ofLaws(file, [...new Set([...used, ...others])], path),
    of: (all) => [
      ...averagePredictions(all, weights),
      ...all.filter(({ law }) => others.includes(law)),
    ],
  };
}

const unchanged = (all: readonly Prediction[]): readonly Prediction[] => all;

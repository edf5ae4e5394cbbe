/** `mixlaw predict`: losses at points, from a fit file. */
import type { Command } from "commander";
import { toNumber } from "../../data/table/cells.ts";
import { count, suggest } from "../../base/wording.ts";
import { toRuns } from "../../data/runs/runs.ts";
import type { Table } from "../../data/table/cells.ts";
import {
  type FitFile,
  InputError,
  lawIn,
  predict as predictFits,
  type Prediction,
  readTable,
} from "../../node.ts";
import { INTERVALS, type IntervalKind } from "../../stats/interval.ts";
import { outside } from "../print/extrapolation.ts";
import { tell } from "../io/output.ts";
import { destination } from "../io/save.ts";
import { choice, mapping, numeric } from "../flags/values.ts";
import { readFit } from "../io/read-fit-file.ts";
import { errorPercent } from "../../base/format-number.ts";
import { csvText } from "../../data/table/write-csv.ts";

interface Flags {
  readonly law?: string;
  readonly params?: string;
  readonly tokens?: string;
  readonly input?: Readonly<Record<string, string>>;
  readonly weights?: string;
  readonly out?: string;
  readonly level?: number;
  readonly interval?: IntervalKind;
}

const EXAMPLES = `
Each row gets a column pred_<target> for each target of the fit ("pred_loss_web"). With fits of several laws in the
file and no --law, it gets a column pred_<law>_<target> for each. Where the fit has a bootstrap ("mixlaw fit
--bootstrap 1000"), two more columns, …_low and …_high, are the ends of the interval of the law's value (a single
run scatters around it by its own noise). All columns of POINTS are kept. Domains are
matched by name: POINTS needs the column of every domain of the fit. Where POINTS has a target's own column, the
error of the predictions is told on stderr.

Examples:
  mixlaw predict fit.json points.csv
  mixlaw predict fit.json points.csv --law joint --out predicted.csv
  mixlaw predict fit.json points.csv --params size --tokens seen --weights 'share_*'`;

export function addPredict(program: Command): void {
  program
    .command("predict")
    .summary("predict losses at points from a fit file")
    .description(
      "Predicts every target's loss at each row of a table and prints the table, as CSV, with the predictions added.",
    )
    .argument("<FIT>", 'fit file, from "mixlaw fit --out"')
    .argument("<POINTS>", 'table of points, as for "mixlaw fit"; it needs no losses')
    .option("--law <NAME>", "the law to predict with, where the fit file has several")
    .option("--params <COL>", "column of the parameter count N (default: n_params)")
    .option("--tokens <COL>", "column of the token count D (default: n_tokens)")
    .option(
      "--input <NAME=COL>",
      "column of another input of the fitted laws; may be repeated",
      mapping,
    )
    .option(
      "--weights <COLS>",
      "columns of the mixture's shares: names and globs, comma-separated (default: h_*)",
    )
    .option(
      "--level <X>",
      "confidence level of the intervals (default: the fit's)",
      numeric("--level"),
    )
    .option(
      "--interval <KIND>",
      "bca or percentile (default: the fit's)",
      choice("--interval", INTERVALS),
    )
    .option("--out <FILE>", "write the CSV to a file")
    .addHelpText("after", EXAMPLES)
    .action(predict);
}

async function predict(fitPath: string, pointsPath: string, flags: Flags): Promise<void> {
  const whole = await readFit(fitPath);
  const file =
    flags.law === undefined ? whole : { ...whole, fits: ofLaw(whole, flags.law, fitPath) };
  const laws = [...new Set(file.fits.map((fit) => fit.law))];
  const out = flags.out === undefined ? undefined : await destination(flags.out, pointsPath);
  const table = await readTable(pointsPath);
  const uses = laws.map((name) => lawIn(file, name).uses);
  const { law: _, out: __, level, interval, input: mapped, ...columns } = flags;
  const points = toRuns(table, {
    ...columns,
    ...(mapped === undefined ? {} : { inputs: mapped }),
    targets: "",
    need: {
      params: uses.some((use) => use.params),
      tokens: uses.some((use) => use.tokens),
      weights: uses.some((use) => use.weights),
      inputs: [...new Set(uses.flatMap((use) => (use.inputs ?? []).map((input) => input.name)))],
    },
  });
  if (
    (level !== undefined || interval !== undefined) &&
    file.fits.every((fit) => fit.bootstrap === null)
  )
    throw new InputError(
      `${fitPath} has no bootstrap to make intervals from: fit again with --bootstrap 1000`,
      { file: fitPath },
    );
  const predictions = predictFits(file, points, { level, interval });
  const rowOf = [...points.train.rowNumbers].map((number) => number - 1);
  const text = withPredictions(table, predictions, rowOf, laws.length > 1);
  if (out === undefined) process.stdout.write(text);
  else await out.save(text);

  for (const note of points.notes.filter((line) => /renormalized|left out/.test(line)))
    tell(`note: ${note}`);
  for (const sentence of outside(file, points)) tell(`warning: ${sentence}`);
  for (const { law, target, search } of file.fits) {
    if (search.status !== "converged")
      tell(
        `warning: the fit of ${law} to ${target} is marked "${search.status}": do not rely on it`,
      );
  }
  for (const prediction of predictions) {
    const met = meanError(table, prediction, rowOf);
    if (met !== undefined)
      tell(
        `${prediction.law}, ${prediction.target}: mean relative error ${errorPercent(met.percent)} % over ${count(met.rows, "row")}`,
      );
  }
  if (out !== undefined)
    tell(
      `wrote ${out.path}: ${count(table.rows, "row")}, ${count(
        predictions.reduce((sum, p) => sum + (p.band === undefined ? 1 : 3), 0),
        "column",
      )} added`,
    );
}

function ofLaw(file: FitFile, name: string, path: string): FitFile["fits"] {
  const fits = file.fits.filter((fit) => fit.law === name);
  if (fits.length > 0) return fits;
  const there = [...new Set(file.fits.map((fit) => fit.law))];
  throw new InputError(
    `--law: ${path} has no fit of "${name}"; ${suggest(name, there, "laws in it")}`,
    { file: path },
  );
}

/**
 * The table as CSV with a column for each prediction; rows that could not be predicted have empty
 * cells there.
 */
function withPredictions(
  table: Table,
  predictions: readonly Prediction[],
  rowOf: readonly number[],
  several: boolean,
): string {
  const added = predictions
    .flatMap(({ law, target, values, band }) => {
      const name = several ? `pred_${law}_${target}` : `pred_${target}`;
      const ends = band === undefined ? [] : ([[`${name}_low`, band.low], [`${name}_high`, band.high]] as const); // prettier-ignore
      return [[name, values] as const, ...ends];
    })
    .map(([name, values]) => {
      if (table.columns.has(name)) {
        const problem = `${table.source} has a column "${name}" already, which the prediction would take the place of: rename or drop it`;
        throw new InputError(problem, { file: table.source, column: name });
      }
      const cells: string[] = Array.from({ length: table.rows }, () => "");
      for (const [i, row] of rowOf.entries()) cells[row] = String(values[i]);
      return { name, cells };
    });
  const columns = [...table.columns.values(), ...added];
  const data = Array.from({ length: table.rows }, (_, row) =>
    columns.map(({ cells }) => cells[row]),
  );
  return csvText(
    columns.map(({ name }) => name),
    data,
  );
}

/** How far predictions are from a target's own column, where POINTS has one. */
function meanError(
  table: Table,
  { target, values }: Prediction,
  rowOf: readonly number[],
): { percent: number; rows: number } | undefined {
  const cells = table.columns.get(target)?.cells;
  if (cells === undefined) return undefined;
  const errors = rowOf.flatMap((row, i) => {
    const observed = toNumber(cells[row]);
    return observed === undefined || observed === 0 ? [] : [Math.abs(values[i] / observed - 1)];
  });
  if (errors.length === 0) return undefined;
  return {
    percent: (100 * errors.reduce((sum, e) => sum + e, 0)) / errors.length,
    rows: errors.length,
  };
}

/** `mixlaw export`: tables of a fit file, and an optimum as trainers read it. */
import type { Command } from "commander";
import { InputError } from "../../base/errors.ts";
import { either } from "../../base/kinds.ts";
import { pick } from "../../base/objects.ts";
import {
  checkForSpreadsheets,
  tablePieces,
  WRITTEN_FORMAT_NAMES,
  type WrittenFormat,
  writtenFormatOf,
} from "../../data/write/write-table.ts";
import { rowsFor } from "../../data/write/row-table.ts";
import type { WrittenTable } from "../../data/write/written-table.ts";
import type { BandOptions } from "../../fit/inference/bands.ts";
import { failureOf, holdingFits } from "../../fit/result/failed-fits.ts";
import { parametersTable, replicatesTable } from "../../fit/tables/parameter-tables.ts";
import { predictionsTable, runsTable } from "../../fit/tables/row-tables.ts";
import {
  formatOptimum,
  notationOf,
  OPTIMUM_FORMAT_NAMES,
  type OptimumFormat,
  optimumFormatOf,
  optimumRows,
} from "../../mixture/formats/optimum-formats.ts";
import { addIntervals } from "../flags/interval-flags.ts";
import { ofPhase } from "../../mixture/formats/of-phase.ts";
import { PHASE_FLAG } from "../flags/optimize/optimize-flags.ts";
import { pathsOf } from "../flags/shares.ts";
import { choice, joined } from "../flags/values.ts";
import { endHelp } from "../io/help.ts";
import { pour, tell } from "../io/output.ts";
import { isFitFile, readFit, readFitWithRows, readOptimum } from "../io/read-text.ts";
import { destination, isParquet, optimumDestination } from "../io/save.ts";

/** What is made of a fit file, by the flag that asks for it. */
const TABLES = {
  parameters: {
    help: "each parameter with its error, its interval, its mark and the verdict on its fit",
    table: (path) => readFit(path).then(parametersTable),
  },
  replicates: {
    help: "the parameters of each replicate of the bootstrap",
    table: (path) => readFit(path).then(replicatesTable),
  },
  predictions: {
    help: "what is predicted at each run, with its interval, beside what was observed",
    table: async (path, options) => {
      const { file, left } = holdingFits(await readFitWithRows(path));
      for (const fit of left) tell(`no prediction of ${fit.target}: ${failureOf(fit)}`);
      return predictionsTable(file, options, path);
    },
  },
  runs: {
    help: "the runs as they were fitted: absolute counts, shares, losses",
    table: async (path) => runsTable(await readFitWithRows(path), path),
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly help: string;
      readonly table: (path: string, options: BandOptions) => Promise<WrittenTable>;
    }
  >
>;

type TableName = keyof typeof TABLES;
const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

const FORMATS = [...new Set<WrittenFormat | OptimumFormat>([...WRITTEN_FORMAT_NAMES, ...OPTIMUM_FORMAT_NAMES])]; // prettier-ignore

/** Flags of intervals, which a fit file does not fix for predictions. */
const INTERVALS = ["level", "interval", "intervalOf"] as const;

interface Flags extends BandOptions, Readonly<Partial<Record<TableName, true>>> {
  readonly format?: (typeof FORMATS)[number];
  readonly paths?: string;
  readonly phase?: string;
  readonly out?: string;
}

const EXAMPLES = `
Tables of a fit file are tidy: a number a row, with law, target, parameter and domain beside it, in full precision.
What is not known, and the infinite end of an interval, is an empty cell. Without --format the name of --out says
it, else tables are CSV.

An optimum is written as by "mixlaw optimize --format": shares whose decimals sum to 1, whole tokens that sum to
all of them. Trainers that ask for data get them from --paths: a pattern with {domain} in it, or a path for each
domain. With --out in .json, YAML formats are JSON, and megatron is the file of --per-split-data-args-path.

docs/export.md has the columns, and how each trainer reads its file.

Examples:
  mixlaw export fit.json --parameters -o parameters.csv
  mixlaw export fit.json --replicates --format parquet -o replicates.parquet
  mixlaw export fit.json --predictions --level 0.9 | head
  mixlaw export optimum.json --format olmo-core --paths 's3://bucket/{domain}/*.npy' -o sources.yaml
  mixlaw export optimum.json --format nemo --paths paths.yaml -o blend.yaml
  mixlaw export optimum.json --format levanter -o data.yaml
  mixlaw export optimum.json --format megatron --paths '/data/{domain}_text_document'`;

export function addExport(program: Command): void {
  const command = program
    .command("export")
    .summary("write tables of a fit file, or an optimum for a trainer")
    .description(
      "Writes what a fit file holds as tidy tables, and an optimum as the file that a trainer reads.",
    )
    .argument(
      "<FILE>",
      'fit file, from "mixlaw fit --out", or optimum, from "mixlaw optimize --out"',
    )
    .optionsGroup("Tables of a fit file, one of:");
  for (const name of TABLE_NAMES) command.option(`--${name}`, TABLES[name].help);
  addIntervals(command.optionsGroup("Intervals of predictions:"), "the fit's")
    .optionsGroup("Output:")
    .option(
      "--format <KIND>",
      `of a table ${either(WRITTEN_FORMAT_NAMES)}; of an optimum ${either(OPTIMUM_FORMAT_NAMES)}`,
      choice("--format", FORMATS),
    )
    .option("--paths <PATHS>", "data paths of domains for trainers, as for optimize", joined)
    .option(PHASE_FLAG.name, PHASE_FLAG.help)
    .option("-o, --out <FILE>", "the file to write (default: print it)");
  endHelp(command, EXAMPLES).action(exportFile);
}

async function exportFile(path: string, flags: Flags): Promise<void> {
  const asked = TABLE_NAMES.filter((name) => flags[name] === true);
  if (asked.length > 1)
    throw new InputError(
      `${asked.map((name) => `--${name}`).join(" and ")} are tables of their own: ask for one at a time`,
    );
  const [table] = asked;
  const [interval] = Object.keys(pick(flags, INTERVALS));
  if (interval !== undefined && table !== "predictions")
    throw new InputError(
      `--${interval === "intervalOf" ? "interval-of" : interval} is for --predictions alone${table === undefined ? "" : `: --${table} has what the fit file says`}`,
    );
  if (table !== undefined) return exportTable(path, table, flags);
  if (await isFitFile(path))
    throw new InputError(
      `${path} is a fit file: say which table of it, ${either(TABLE_NAMES.map((name) => `--${name}`))}; an optimum is made by "mixlaw optimize ${path} --out optimum.json"`,
      { file: path },
    );
  return exportOptimum(path, flags);
}

async function exportTable(path: string, name: TableName, flags: Flags): Promise<void> {
  const format = tableFormat(flags);
  if (flags.paths !== undefined)
    throw new InputError("--paths is for an optimum: a table of a fit file has no data paths");
  if (flags.phase !== undefined)
    throw new InputError("--phase is for an optimum: a table of a fit file has all phases");
  const out = flags.out === undefined ? undefined : await destination(flags.out);
  const table = await TABLES[name].table(path, pick(flags, INTERVALS));
  if (format === "csv") checkForSpreadsheets(table);
  const pieces = await tablePieces(table, format);
  if (out === undefined) await pour(pieces);
  else await out.save(pieces);
}

/** The format of a table: what --format says, or the name of --out. */
function tableFormat({ format, out }: Flags): WrittenFormat {
  const known = WRITTEN_FORMAT_NAMES.find((name) => name === format);
  if (format !== undefined && known === undefined)
    throw new InputError(
      `--format ${format} is for an optimum; a table is written as ${either(WRITTEN_FORMAT_NAMES)}`,
    );
  const named = out === undefined ? undefined : writtenFormatOf(out);
  if (known !== undefined && named !== undefined && named !== known)
    throw new InputError(
      `--format ${known} and --out ${out} say two formats: leave --format out, or give the file another ending`,
    );
  if (out !== undefined && known === undefined && named === undefined)
    throw new InputError(
      `--out ${out}: its ending is none of a table: name a file in ${either(WRITTEN_FORMAT_NAMES.map((name) => `.${name}`))}, or say --format`,
    );
  const chosen = known ?? named ?? "csv";
  if (chosen === "parquet" && out === undefined && process.stdout.isTTY)
    throw new InputError("--format parquet is no text: name a file with --out, or a pipe");
  return chosen;
}

async function exportOptimum(path: string, flags: Flags): Promise<void> {
  const optimum = await readOptimum(path);
  const format = optimumFormat(flags);
  const one = flags.phase === undefined ? optimum : ofPhase(optimum, flags.phase);
  const paths =
    flags.paths === undefined ? {} : await pathsOf(flags.paths, Object.keys(one.weights));
  const out = flags.out === undefined ? undefined : await optimumDestination(flags.out, format);
  const text = formatOptimum(optimum, format, paths, notationOf(out?.path), flags.phase);
  if (out === undefined) await pour([text]);
  else await out.save(isParquet(out.path) ? await rowsFor(out.path, optimumRows(one)) : text);
}

/** The format of an optimum: what --format says, or the name of --out. */
function optimumFormat({ format, out }: Flags): OptimumFormat {
  const known = OPTIMUM_FORMAT_NAMES.find((name) => name === format);
  if (known !== undefined) return known;
  const others = OPTIMUM_FORMAT_NAMES.filter((name) => name !== "json");
  if (format !== undefined)
    throw new InputError(
      `--format ${format} is for tables of a fit file; an optimum is written as ${either(OPTIMUM_FORMAT_NAMES)}`,
    );
  if (out !== undefined && isParquet(out)) return "csv"; // the same table
  const named = out === undefined ? "json" : optimumFormatOf(out);
  if (named === "json")
    throw new InputError(
      `say --format: an optimum, which is JSON already, is written as ${either(others)}`,
    );
  return named;
}

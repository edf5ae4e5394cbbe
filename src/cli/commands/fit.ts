/** `mixlaw fit`: laws to runs. */
import { pick } from "../../base/objects.ts";
import type { Command } from "commander";
import { TABLE_ENDINGS } from "../../data/table/formats.ts";
import { type FitFile, InputError, lawIn, type Runs } from "../../node.ts";
import {
  DEFAULTS,
  fitSettings,
  type Scheme,
  SCHEMES,
  SCHEMES_IN_WORDS,
} from "../../options/fit-options.ts";
import { type IntervalKind, INTERVALS, INTERVALS_IN_WORDS } from "../../stats/interval.ts";
import {
  backendFlags,
  progressFlag,
  jobFlags,
  threadsFlag,
  traceFlag,
} from "../flags/common-flags.ts";
import { dataFlags, type ObjectiveFlags, objectiveFlags, objectiveOf } from "../flags/fit-flags.ts";
import { type DataFlags, prepare } from "../flags/laws-and-runs.ts";
import { labelsOf } from "../flags/parameter-flags.ts";
import { choice, confidence, seedNumber, whole } from "../flags/values.ts";
import { endHelp } from "../io/help.ts";
import { json } from "../../base/json.ts";
import { medium, print, style, tell, width } from "../io/output.ts";
import { type Destination, documentDestination } from "../io/save.ts";
import {
  commandLine,
  exactly,
  fileWord,
  type Flag,
  flagOf,
  shellWord,
} from "../../words/command-line.ts";
import { wrap } from "../text/layout.ts";
import {
  type EngineFlags,
  exitCodeAfter,
  isComplete,
  whatEnded,
  withEngine,
} from "../io/with-engine.ts";
import { summary } from "../print/fit/summary.ts";
import { hasFailed } from "../../fit/result/failed-fits.ts";
import { fitNist } from "./fit-nist.ts";

interface Flags extends DataFlags, ObjectiveFlags, EngineFlags {
  readonly nist?: string;
  readonly bootstrap: number;
  readonly backtest?: boolean;
  readonly resampling: Scheme;
  readonly level: number;
  readonly interval: IntervalKind;
  readonly seed: number;
  readonly rows: boolean;
  readonly out?: string;
  readonly json?: true;
  readonly parameters?: true;
  readonly profile?: readonly string[];
}

const EXAMPLES = `
Columns are found by name: n_params (N), n_tokens (D), h_<domain> (shares that sum to 1), loss_<target>. Other
names are mapped with --params, --tokens, --weights and --targets.
Tables are ${TABLE_ENDINGS} files, also in .gz or .zst; "-" is one on standard input. Cells may be numbers such as
7B, 12% or 1,000. See docs/tables.md.

Examples:
  mixlaw fit runs.csv
  mixlaw fit runs.csv --law simple,additive,joint --test "n_params > 1e9" --out fit.json
  mixlaw fit runs.csv --where "split == 'train' and not (step < 1000)" --targets 'loss_*,!loss_total'
  mixlaw fit runs.csv --law 'L = E + 1/sum(C[i]*h[i]^gamma[i]) + A/params^alpha + B/tokens^beta'
  mixlaw fit chinchilla.csv --law chinchilla --targets loss --residual log --profile alpha,beta
  mixlaw fit runs.csv --law joint --fix alpha=0.34 --tie gammaA=gammaB --bounds 'beta=0.2:0.6'
  mixlaw fit ratios.csv metrics.csv --join run --targets mean --law log-linear
  mixlaw fit runs.parquet --params size --tokens seen --weights 'share_*' --json > fit.json

Ctrl-C (or SIGTERM, SIGHUP) stops: what was found so far is printed and goes to fit.json.partial.json, not to the
file of --out; a second one leaves at once, and so does the first one while there is nothing to keep.
Exit codes: 0 done, 1 bad input, 2 a fit failed or the deadline came, 130 interrupted (143 by SIGTERM and
129 by SIGHUP where they left at once).`;

export function addFit(program: Command): void {
  const command = program
    .command("fit")
    .summary("fit laws to every target of a table of runs")
    .description(
      "Fits laws to every target of a table of training runs, one run or checkpoint a row, and prints how well they do.",
    )
    .argument("[RUNS...]", "table of runs, or several; none with --nist");
  dataFlags(command);
  command
    .option(
      "--group <COL>",
      "column that says which rows stay together when resampled, such as mixture_id or run_id",
    )
    .option(
      "--nist <FILE>",
      "fit a file of NIST's reference problems from all its starts, beside the certified results; see docs/nist.md",
    );
  objectiveFlags(command).option(
    "--seed <S>",
    "seed of the random starts; the same seed gives the same fit",
    seedNumber,
    DEFAULTS.seed,
  );
  backendFlags(command);
  threadsFlag(command);
  jobFlags(command);
  certaintyFlags(command);
  outputFlags(command);
  progressFlag(command);
  traceFlag(command);
  endHelp(command, EXAMPLES).action(fit);
}

const certaintyFlags = (command: Command): Command =>
  command
    .optionsGroup("Certainty:")
    .option(
      "--bootstrap <B>",
      "bootstrap replicates for intervals, such as 1000; 0 for none",
      whole("--bootstrap", 0),
      DEFAULTS.bootstrap,
    )
    .option(
      "--backtest",
      "fit the laws to the smaller runs too and test them on the larger ones, for intervals beyond the runs (default: where there are 3 sizes or more and it costs less than the fit)",
    )
    .option("--no-backtest", "make no such tests")
    .option(
      "--resampling <KIND>",
      SCHEMES_IN_WORDS,
      choice("--resampling", SCHEMES),
      DEFAULTS.resampling,
    )
    .option("--level <X>", "confidence level of the intervals", confidence, DEFAULTS.level)
    .option(
      "--interval <KIND>",
      INTERVALS_IN_WORDS,
      choice("--interval", INTERVALS),
      DEFAULTS.interval,
    )
    .option(
      "--profile <NAMES>",
      "95 % profile-likelihood intervals of parameters, such as alpha,beta,C[web]",
      labelsOf,
    );

const outputFlags = (command: Command): Command =>
  command
    .optionsGroup("Output:")
    .option("-o, --out <FILE>", "write the fit file, which other commands read")
    .option("--no-rows", "leave the rows out of the fit file: smaller, but a report lacks plots")
    .option("--json", "print the fit file instead of tables")
    .option(
      "--parameters",
      "print all parameters, and each law as it was fitted with all digits, enough to compute its predictions",
    );

async function fit(paths: readonly string[], flags: Flags, command: Command): Promise<void> {
  if (flags.nist !== undefined) return fitNist(flags.nist, paths[0], flags, command);
  if (paths.length === 0)
    throw new InputError(
      "missing required argument 'RUNS'; \"mixlaw fit --help\" shows how it is used",
    );
  // Everything that can be wrong is found before the work begins.
  const options = fitSettings({
    ...(await objectiveOf(flags)),
    ...pick(flags, ["seed", "bootstrap", "backtest", "resampling", "level", "interval"]),
  });
  const out = flags.out === undefined ? undefined : await documentDestination(flags.out);
  const { laws, runs } = await prepare(paths, flags);
  const outcome = await withEngine<FitFile>(flags, ({ engine, ...watch }) =>
    engine.fit(laws, runs, { ...options, ...pick(flags, ["profile", "rows"]), ...watch }),
  );
  const { answer: file, interrupted, failure } = outcome;
  if (file === undefined) tell(`${whatEnded(outcome)} before any fit was found`);
  else {
    await show(file, runs, flags, { out, complete: isComplete(outcome) });
    if (failure !== undefined) throw failure.error;
    if (file.unfinished !== undefined) tell(file.unfinished.sentence);
    const done = new Set([...file.fits, ...(file.failed ?? [])].map(({ law }) => law));
    const missing = laws.filter(({ name }) => !done.has(name));
    if (interrupted && missing.length > 0)
      tell(`interrupted before any fit of ${missing.map(({ name }) => name).join(", ")} was found`);
  }
  process.exitCode = exitCodeAfter(outcome, exitCode(file));
}

/** Writes the fits to the file of --out, and prints them. */
async function show(
  file: FitFile,
  runs: Runs,
  flags: Flags,
  { out, complete }: { readonly out: Destination | undefined; readonly complete: boolean },
): Promise<void> {
  const text = json(file);
  const tables = { ...medium(), parameters: flags.parameters === true };
  print(flags.json === true ? text : summary(file, tables, runs));
  if (!complete) return out?.savePartial(`${text}\n`);
  await out?.save(`${text}\n`);
  if (flags.json === true || file.fits.every(hasFailed)) return;
  const path = out?.path ?? "fit.json";
  const word = shellWord(fileWord(path));
  const keep = out === undefined ? `To keep this fit, add "--out ${path}".` : `Wrote ${path}.`;
  const predict = `Predict losses with "mixlaw predict ${word} points.csv".`;
  const lines = [`${keep} ${predict}`, optimizeLine(file, fileWord(path)) ?? []].flat();
  print(`\n${lines.map((line) => style().dim(wrap(line, width()))).join("\n")}`);
}

/** The command that finds the best mixture; none where no law has one. */
function optimizeLine(file: FitFile, path: string): string | undefined {
  const laws = [...new Set(file.fits.filter((each) => !hasFailed(each)).map(({ law }) => law))];
  const able = laws.filter((name) => lawIn(file, name).uses.weights);
  const isChosen = file.chosen !== undefined && able.includes(file.chosen.law);
  const law = isChosen ? file.chosen?.law : able[0];
  if (law === undefined) return undefined;
  const { params, tokens, inputs = [], supply = false } = lawIn(file, law).uses;
  const flags: Flag[] = [
    ...(isChosen || laws.length === 1 ? [] : flagOf("--law", law)),
    ...(params ? flagOf("--params", "7B") : []),
    ...(tokens ? flagOf("--tokens", "150B") : []),
    ...inputs.flatMap(({ name }) =>
      flagOf("--input", `${name}=${exactly(file.data.range.inputs?.[name]?.max ?? 1)}`),
    ),
    ...(supply ? flagOf("--available", "tokens.csv") : []),
  ];
  return `Find the best mixture with "${commandLine(["mixlaw", "optimize", path], flags)}".`;
}

/** 2 where a law has failed at a target. */
const exitCode = (file: FitFile | undefined): number =>
  file?.fits.some(hasFailed) === true || (file?.failed ?? []).length > 0 ? 2 : 0;

/** `mixlaw fit`: laws to runs. */
import type { Command } from "commander";
import { TABLE_ENDINGS } from "../../data/table/formats.ts";
import { type Backend, type FitFile, InputError, openEngine } from "../../node.ts";
import {
  DEFAULTS,
  fitSettings,
  type FitOptions,
  type Scheme,
  SCHEMES,
} from "../../options/fit-options.ts";
import { INTERVALS, type IntervalKind } from "../../stats/interval.ts";
import { dataFlags, type ObjectiveFlags, objectiveFlags, objectiveOf } from "../flags/fit-flags.ts";
import { finished, INTERRUPTED, interruption } from "../io/interrupt.ts";
import { json } from "../io/json.ts";
import { print, style, tell, width } from "../io/output.ts";
import { compareNist, nistProblem } from "./fit-nist.ts";
import { PROGRESS, reporter } from "../io/progress.ts";
import { type DataFlags, prepare } from "../flags/laws-and-runs.ts";
import { quietly } from "../io/quiet-driver.ts";
import { type Destination, destination } from "../io/save.ts";
import { summary } from "../print/fit/summary.ts";
import { choice, numeric, pick, whole, words } from "../flags/values.ts";

interface Flags extends DataFlags, ObjectiveFlags {
  readonly nist?: string;
  readonly bootstrap: number;
  readonly resampling: Scheme;
  readonly level: number;
  readonly interval: IntervalKind;
  readonly seed: number;
  readonly backend: Backend;
  readonly threads?: number;
  readonly out?: string;
  readonly json?: true;
  readonly parameters?: true;
  readonly profile?: readonly string[];
  readonly progress: (typeof PROGRESS)[number];
}

const EXAMPLES = `
Columns are found by name: n_params (N), n_tokens (D), h_<domain> (shares that sum to 1), loss_<target>. Other
names are mapped with --params, --tokens, --weights and --targets.
Tables are ${TABLE_ENDINGS} files; "-" is CSV on standard input.

Examples:
  mixlaw fit runs.csv
  mixlaw fit runs.csv --law simple,additive,joint --test "n_params > 1e9" --out fit.json
  mixlaw fit runs.csv --where "split == 'train' and not (step < 1000)" --targets 'loss_*,!loss_total'
  mixlaw fit runs.csv --law 'L = E + 1/sum(C[i]*h[i]^gamma[i]) + A/params^alpha + B/tokens^beta'
  mixlaw fit chinchilla.csv --law chinchilla --targets loss --residual log --profile alpha,beta
  mixlaw fit runs.csv --law joint --fix alpha=0.34 --tie gammaA=gammaB --bounds 'beta=0.2:0.6'
  mixlaw fit runs.parquet --params size --tokens seen --weights 'share_*' --json > fit.json

Ctrl-C stops and keeps what was found so far; a second one leaves at once.
Exit codes: 0 done, 1 bad input, 2 a fit did not converge, 130 interrupted.`;

export function addFit(program: Command): void {
  const command = program
    .command("fit")
    .summary("fit laws to every target of a table of runs")
    .description(
      "Fits laws to every target of a table of training runs, one run or checkpoint a row, and prints how well they do.",
    )
    .argument("[RUNS]", "table of runs; none with --nist");
  objectiveFlags(dataFlags(command))
    .option(
      "--nist <FILE>",
      "fit a file of NIST's reference problems from all its starts, beside the certified results; see docs/nist.md",
    )
    .option(
      "--group <COL>",
      "column that says which rows stay together when resampled, such as mixture_id or run_id",
    )
    .option(
      "--seed <S>",
      "seed of the random starts; the same seed gives the same fit",
      numeric("--seed"),
      DEFAULTS.seed,
    )
    .option(
      "--bootstrap <B>",
      "bootstrap replicates for intervals, such as 1000; 0 for none",
      whole("--bootstrap", 0),
      DEFAULTS.bootstrap,
    )
    .option(
      "--resampling <KIND>",
      "multinomial (groups drawn with replacement) or bayesian (Dirichlet weights)",
      choice("--resampling", SCHEMES),
      DEFAULTS.resampling,
    )
    .option("--level <X>", "confidence level of the intervals", numeric("--level"), DEFAULTS.level)
    .option(
      "--interval <KIND>",
      "bca (bias-corrected and accelerated) or percentile",
      choice("--interval", INTERVALS),
      DEFAULTS.interval,
    )
    .option(
      "--backend <KIND>",
      "auto, webgpu or cpu",
      choice("--backend", ["auto", "webgpu", "cpu"]),
      "auto",
    )
    .option("--threads <N>", "threads for float64 work (default: all cores)", whole("--threads"))
    .option("--out <FILE>", "write the fit file, which other commands read")
    .option("--json", "print the fit file instead of tables")
    .option("--parameters", "print all parameters")
    .option(
      "--profile <NAMES>",
      "95 % profile-likelihood intervals of parameters, such as alpha,beta,C[web]",
      words,
    )
    .option(
      "--progress <KIND>",
      "on stderr: auto (a bar on a terminal), bar, json (lines) or none",
      choice("--progress", PROGRESS),
      "auto",
    )
    .addHelpText("after", EXAMPLES)
    .action(fit);
}

async function fit(path: string | undefined, flags: Flags, command: Command): Promise<void> {
  if (flags.nist !== undefined) return nist(flags.nist, path, flags, command);
  if (path === undefined)
    throw new InputError(
      "missing required argument 'RUNS'; \"mixlaw fit --help\" shows how it is used",
    );
  // Everything that can be wrong is found before the work begins.
  const options = fitSettings({
    ...(await objectiveOf(flags)),
    ...pick(flags, ["seed", "bootstrap", "resampling", "level", "interval"]),
  });
  const out = flags.out === undefined ? undefined : await destination(flags.out, path);
  const { laws, runs } = await prepare(path, flags);
  const progress = reporter(flags.progress);
  const { signal, release } = interruption((sentence) => {
    progress.stop();
    progress.notice(sentence);
  });
  const engine = await quietly(() =>
    openEngine({ ...pick(flags, ["backend", "threads"]), onNotice: progress.notice }),
  );
  try {
    // looks for the adapter, which the fit would do else
    if (flags.backend === "auto") await quietly(() => engine.describe());
    const file = await finished(
      engine.fit(laws, runs, {
        ...options,
        ...pick(flags, ["profile"]),
        signal,
        onProgress: progress.update,
      } satisfies FitOptions),
    );
    progress.stop();
    if (file === undefined) tell("interrupted before any fit was found");
    else await show(file, flags, out);
    const missing = laws.filter(
      (law) => file !== undefined && !file.fits.some((one) => one.law === law.name),
    );
    if (missing.length > 0)
      tell(`interrupted before any fit of ${missing.map((law) => law.name).join(", ")} was found`);
    process.exitCode = signal.aborted ? INTERRUPTED : exitCode(file);
  } finally {
    progress.stop();
    release();
    await engine.close();
  }
}

/** Flags that have a meaning beside --nist. */
const WITH_NIST: ReadonlySet<string> = new Set([
  "nist",
  "formula",
  "restarts",
  "seed",
  "backend",
  "threads",
  "json",
  "progress",
]);

async function nist(
  file: string,
  path: string | undefined,
  flags: Flags,
  command: Command,
): Promise<void> {
  const strange = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === "cli" &&
      !WITH_NIST.has(option.attributeName()),
  );
  if (path !== undefined)
    throw new InputError(`--nist ${file} has its own data: leave ${path} out`);
  if (strange !== undefined)
    throw new InputError(
      `${strange.long} has no meaning with --nist, whose files say what is fitted, and how`,
    );
  const problem = await nistProblem(file, flags.formula);
  const progress = reporter(flags.progress);
  const { signal, release } = interruption((sentence) => progress.notice(sentence));
  const engine = await quietly(() =>
    openEngine({ ...pick(flags, ["backend", "threads"]), onNotice: progress.notice }),
  );
  try {
    const code = await compareNist(
      problem,
      engine,
      { ...pick(flags, ["restarts", "seed"]), signal, onProgress: progress.update },
      flags.json === true,
    );
    process.exitCode = signal.aborted ? INTERRUPTED : code;
  } finally {
    progress.stop();
    release();
    await engine.close();
  }
}

async function show(file: FitFile, flags: Flags, out: Destination | undefined): Promise<void> {
  const text = json(file);
  if (flags.json === true) print(text);
  else
    print(summary(file, { width: width(), style: style(), parameters: flags.parameters === true }));
  await out?.save(`${text}\n`);
  if (flags.json === true) return;
  const hint =
    out === undefined
      ? 'To keep this fit, add "--out fit.json"; then "mixlaw predict fit.json points.csv" predicts losses.'
      : `Wrote ${out.path}. Predict losses with "mixlaw predict ${out.path} points.csv".`;
  print(`\n${style().dim(hint)}`);
}

const exitCode = (file: FitFile | undefined): number =>
  file?.fits.some((one) => one.search.status === "not-converged") === true ? 2 : 0;

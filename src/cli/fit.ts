/** `mixlaw fit`: laws to runs. */
import type { Command } from "commander";
import { type Backend, type FitFile, InputError, openEngine } from "../node.ts";
import {
  DEFAULTS,
  fitSettings,
  type FitOptions,
  type Restrictions,
  INTERVALS,
  type IntervalKind,
  type Scheme,
  SCHEMES,
} from "../options.ts";
import { bounded, fixes, ranged, startsOf, startTexts, tied } from "./adjust.ts";
import { finished, INTERRUPTED, interruption } from "./interrupt.ts";
import { json } from "./json.ts";
import { print, style, tell, width } from "./output.ts";
import { compareNist, nistProblem } from "./nist.ts";
import { PROGRESS, reporter } from "./progress.ts";
import { type DataFlags, prepare } from "./prepare.ts";
import { quietly } from "./quiet.ts";
import { type Destination, destination } from "./save.ts";
import { summary } from "./summary.ts";
import { choice, mapping, numeric, pick, several, whole, words } from "./values.ts";

interface Flags extends DataFlags {
  readonly nist?: string;
  readonly loss?: "huber" | "squared";
  readonly delta: number;
  readonly residual: "raw" | "log" | "relative";
  readonly signs: "positive" | "free";
  readonly fix?: Restrictions["fix"];
  readonly tie?: Restrictions["tie"];
  readonly bounds?: Restrictions["bounds"];
  readonly range?: Restrictions["ranges"];
  readonly start?: readonly string[];
  readonly restarts?: number;
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
names are mapped with --params, --tokens, --weights and --targets. Tables are .csv, .tsv, .jsonl or .parquet;
"-" is CSV on standard input.

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
  program
    .command("fit")
    .summary("fit laws to every target of a table of runs")
    .description("Fits laws to every target of a table of training runs, one run or checkpoint a row, and prints how well they do.")
    .argument("[RUNS]", "table of runs; none with --nist")
    .option("--law <LAWS>", 'laws, comma-separated: names ("mixlaw laws" lists them) or formulas (default: additive)')
    .option("--law-file <FILE>", "a law as a formula with its parameters, in YAML; may be repeated", several)
    .option(
      "--formula <FORMULA>",
      "fit any table: 'y = b1*(1 - exp(-b2*x))'; names that are columns are inputs, others parameters of any sign",
    )
    .option("--response <COL>", "the one column to fit, which need be no loss; squared loss unless --loss says otherwise")
    .option("--inputs <COLS>", "columns that a formula reads, comma-separated", words)
    .option("--nist <FILE>", "fit a file of NIST's reference problems from all its starts, beside the certified results; see docs/nist.md")
    .option("--targets <COLS>", "loss columns: names and globs, comma-separated, !name leaves one out (default: loss_*)")
    .option("--params <COL>", "column of the parameter count N (default: n_params)")
    .option("--tokens <COL>", "column of the token count D (default: n_tokens)")
    .option("--weights <COLS>", "columns of the mixture's shares, like --targets (default: h_*)")
    .option("--input <NAME=COL>", "column of another input of a law or formula; may be repeated", mapping)
    .option("--where <EXPR>", `rows to use: comparisons, in (…), and, or, not, such as "split == 'train'"`)
    .option("--test <EXPR>", "rows to hold out: scored, never fitted")
    .option("--sigma <COLS>", "standard deviations of the losses, or the ends of 95 % intervals: 'ci95lo_*,ci95hi_*'")
    .option("--row-weights <COL>", "column of weights that rows have in the objective")
    .option("--group <COL>", "column that says which rows stay together when resampled, such as mixture_id or run_id")
    .option(
      "--loss <KIND>",
      "huber (robust, the default) or squared (the default with --formula and --response)",
      choice("--loss", ["huber", "squared"]),
    )
    .option("--delta <X>", "corner of the Huber loss, in units of the residual", numeric("--delta"), DEFAULTS.delta)
    .option(
      "--residual <KIND>",
      "raw (predicted - observed), log or relative",
      choice("--residual", ["raw", "log", "relative"]),
      DEFAULTS.residual,
    )
    .option(
      "--signs <KIND>",
      "exponents γ of the joint and full laws: positive or free",
      choice("--signs", ["positive", "free"]),
      DEFAULTS.signs,
    )
    .option(
      "--fix <NAME=X>",
      "hold a parameter at a value: alpha=0.34, 'gamma[web]=0.5', or gamma=0.5 for all domains; may be repeated",
      fixes,
    )
    .option("--tie <NAME=OTHER>", "make a parameter follow another: alpha=beta; gamma alone is one γ for all domains", tied)
    .option("--bounds <NAME=LO:HI>", "keep a parameter in an interval: 'alpha=0:1'; an end may be left open", bounded)
    .option("--range <NAME=LO:HI>", "where random starts of a parameter are drawn", ranged)
    .option("--start <NAME=X,…>", "a start: values of all parameters, or a table of starts, a row each; may be repeated", startTexts)
    .option("--restarts <N>", `random starts for each target (default: ${DEFAULTS.restarts}; none with --start)`, whole("--restarts"))
    .option("--seed <S>", "seed of the random starts; the same seed gives the same fit", numeric("--seed"), DEFAULTS.seed)
    .option("--bootstrap <B>", "bootstrap replicates for intervals, such as 1000; 0 for none", whole("--bootstrap", 0), DEFAULTS.bootstrap)
    .option(
      "--resampling <KIND>",
      "multinomial (groups drawn with replacement) or bayesian (Dirichlet weights)",
      choice("--resampling", SCHEMES),
      DEFAULTS.resampling,
    )
    .option("--level <X>", "confidence level of the intervals", numeric("--level"), DEFAULTS.level)
    .option("--interval <KIND>", "bca (bias-corrected and accelerated) or percentile", choice("--interval", INTERVALS), DEFAULTS.interval)
    .option("--backend <KIND>", "auto, webgpu or cpu", choice("--backend", ["auto", "webgpu", "cpu"]), "auto")
    .option("--threads <N>", "threads for float64 work (default: all cores)", whole("--threads"))
    .option("--out <FILE>", "write the fit file, which other commands read")
    .option("--json", "print the fit file instead of tables")
    .option("--parameters", "print all parameters")
    .option("--profile <NAMES>", "95 % profile-likelihood intervals of parameters, such as alpha,beta,C[web]", words)
    .option("--progress <KIND>", "on stderr: auto (a bar on a terminal), bar, json (lines) or none", choice("--progress", PROGRESS), "auto")
    .addHelpText("after", EXAMPLES)
    .action(fit);
}

async function fit(path: string | undefined, flags: Flags, command: Command): Promise<void> {
  if (flags.nist !== undefined) return nist(flags.nist, path, flags, command);
  if (path === undefined) throw new InputError("missing required argument 'RUNS'; \"mixlaw fit --help\" shows how it is used");
  // Everything that can be wrong is found before the work begins.
  const starts = await startsOf(flags.start ?? []);
  const options = fitSettings({
    loss: flags.formula === undefined && flags.response === undefined ? DEFAULTS.loss : "squared",
    ...pick(flags, [
      "loss",
      "delta",
      "residual",
      "signs",
      "restarts",
      "seed",
      "fix",
      "tie",
      "bounds",
      "bootstrap",
      "resampling",
      "level",
      "interval",
    ]),
    ranges: flags.range ?? {},
    starts,
  });
  const out = flags.out === undefined ? undefined : await destination(flags.out, path);
  const { laws, runs } = await prepare(path, flags);
  const progress = reporter(flags.progress);
  const { signal, release } = interruption((sentence) => {
    progress.stop();
    progress.notice(sentence);
  });
  const engine = await quietly(() => openEngine({ ...pick(flags, ["backend", "threads"]), onNotice: progress.notice }));
  try {
    if (flags.backend === "auto") await quietly(() => engine.describe()); // looks for the adapter, which the fit would do else
    const file = await finished(
      engine.fit(laws, runs, { ...options, ...pick(flags, ["profile"]), signal, onProgress: progress.update } satisfies FitOptions),
    );
    progress.stop();
    if (file === undefined) tell("interrupted before any fit was found");
    else await show(file, flags, out);
    const missing = laws.filter((law) => file !== undefined && !file.fits.some((one) => one.law === law.name));
    if (missing.length > 0) tell(`interrupted before any fit of ${missing.map((law) => law.name).join(", ")} was found`);
    process.exitCode = signal.aborted ? INTERRUPTED : exitCode(file);
  } finally {
    progress.stop();
    release();
    await engine.close();
  }
}

/** Flags that have a meaning beside --nist. */
const WITH_NIST: ReadonlySet<string> = new Set(["nist", "formula", "restarts", "seed", "backend", "threads", "json", "progress"]);

async function nist(file: string, path: string | undefined, flags: Flags, command: Command): Promise<void> {
  const strange = command.options.find(
    (option) => command.getOptionValueSource(option.attributeName()) === "cli" && !WITH_NIST.has(option.attributeName()),
  );
  if (path !== undefined) throw new InputError(`--nist ${file} has its own data: leave ${path} out`, { flag: "--nist" });
  if (strange !== undefined)
    throw new InputError(`${strange.long} has no meaning with --nist, whose files say what is fitted, and how`, {
      flag: strange.long ?? "",
    });
  const problem = await nistProblem(file, flags.formula);
  const progress = reporter(flags.progress);
  const { signal, release } = interruption((sentence) => progress.notice(sentence));
  const engine = await quietly(() => openEngine({ ...pick(flags, ["backend", "threads"]), onNotice: progress.notice }));
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
  else print(summary(file, { width: width(), style: style(), parameters: flags.parameters === true }));
  await out?.save(`${text}\n`);
  if (flags.json === true) return;
  const hint =
    out === undefined
      ? 'To keep this fit, add "--out fit.json"; then "mixlaw predict fit.json points.csv" predicts losses.'
      : `Wrote ${out.path}. Predict losses with "mixlaw predict ${out.path} points.csv".`;
  print(`\n${style().dim(hint)}`);
}

const exitCode = (file: FitFile | undefined): number => (file?.fits.some((one) => one.search.status === "not-converged") === true ? 2 : 0);

/** `mixlaw optimize`: the best mixture, from a fit file. */
import type { Command } from "commander";
import type { Format } from "../../mixture/optimum-formats.ts";
import type { OptimizeOptions, Optimum } from "../../mixture/request/optimum.ts";
import {
  type Backend,
  type FitFile,
  InputError,
  lawIn,
  openEngine,
  optimizeSizes,
} from "../../node.ts";
import { INTERVALS, type IntervalKind } from "../../stats/interval.ts";
import {
  type Answer,
  checkFormat,
  FORMATS,
  formatOf,
  formatted,
  optimaOf,
  readable,
} from "../print/optimum/format-optimum.ts";
import {
  addConstraints,
  type ConstraintFlags,
  constraintOption,
  constraintsOf,
  READER,
} from "../flags/constraint-flags.ts";
import { noWorse } from "../../mixture/constraints/kinds/no-worse.ts";
import { candidatesFrom } from "../flags/read-candidates.ts";
import { amount, toCount } from "../flags/counts.ts";
import { INTERRUPTED, interruption } from "../io/interrupt.ts";
import { print, style, tell, width } from "../io/output.ts";
import { PROGRESS, reporter } from "../io/progress.ts";
import { quietly } from "../io/quiet-driver.ts";
import { destination } from "../io/save.ts";
import { readFit } from "../io/read-fit-file.ts";
import { find, lawsUsed, type Scale } from "../flags/run-optimize.ts";
import { mixtureOf, pathsOf, pairs, weighted } from "../flags/shares.ts";
import { route } from "../flags/path-flag.ts";
import { formattedSizes, sizes } from "../print/optimum/chosen-sizes.ts";
import { choice, limited, mapping, numeric, whole } from "../flags/values.ts";

interface Flags extends ConstraintFlags, Scale {
  readonly input?: Readonly<Record<string, string>>;
  readonly objective?: "worst" | Readonly<Record<string, number>>;
  readonly reference?: string;
  readonly noWorse?: readonly string[];
  readonly solver?: "gradient" | "mirror";
  readonly samples?: number;
  readonly seed?: number;
  readonly epsilon?: number;
  readonly intervals: boolean;
  readonly level?: number;
  readonly interval?: IntervalKind;
  readonly robust?: string;
  readonly candidates?: string;
  readonly format: Format | "table";
  readonly json?: true;
  readonly paths?: string;
  readonly out?: string;
  readonly backend: Backend;
  readonly progress: (typeof PROGRESS)[number];
}

const EXAMPLES = `
N, D and other counts can be written 7e9, 7B, 150B, 1.5T. Domains and targets are named as in the fit; a domain
that a reference does not name has no share in it. --out writes what --format says, or goes by the file's name
(.yaml, .csv), or writes JSON, "mixlaw/optimum@1".

--path takes tokens=1e9,1e10 (a list), params=1e8:1e10:5 (from:to:count, log-spaced), tokens=20x (tokens a
parameter) and flops=1e20:1e24:5 (with tokens=20x at that ratio, alone with the best N and D); several go together.

Examples:
  mixlaw optimize fit.json --params 7B --tokens 150B
  mixlaw optimize fit.json --params 7B --tokens 150B --objective loss_code=2,loss_web=1 --floor web=10%
  mixlaw optimize fit.json --params 7B --tokens 150B --available tokens.csv --max-epochs 4 --out mixture.json
  mixlaw optimize fit.json --params 7B --tokens 150B --objective worst --reference now.yaml --trust 'l1<=0.2'
  mixlaw optimize fit.json --params 7B --tokens 150B --lattice 1/1000 --format megatron --paths paths.yaml
  mixlaw optimize fit.json --path params=1e8:1e10:5 --path tokens=20x
  mixlaw optimize fit.json --flops 1e22
  mixlaw optimize repeat.json --flops 1e22 --input unique_tokens=20B      a law without a mixture: N and D

Ctrl-C stops, along a path with the rows that there are; a second one leaves at once.
Exit codes: 0 done, 1 bad input or no feasible mixture, 2 not certified as an optimum, 130 interrupted.`;

export function addOptimize(program: Command): void {
  const command = program
    .command("optimize")
    .summary("find the best mixture from a fit file")
    .description(
      "Finds the mixture with the least predicted loss, says how sharp it is and what each constraint costs, and proves it.",
    )
    .argument("<FIT>", 'fit file, from "mixlaw fit --out"')
    .option("--params <N>", "parameters of the run to plan, such as 7B", amount("--params"))
    .option("--tokens <D>", "its training tokens, such as 150B", amount("--tokens"))
    .option("--flops <C>", "training compute 6ND: chooses N and D too", amount("--flops", "1e22"))
    .option(
      "--input <NAME=X>",
      "another input of the laws, such as sparsity=0.5; may be repeated",
      mapping,
    )
    .option(
      "--path <SPEC>",
      "the optimum along a path of scales; see below; may be repeated",
      route,
    )
    .option(
      "--objective <WEIGHTS>",
      "targets and their weights, or worst (default: all targets alike)",
      objective,
    )
    .option("--law <NAME>", "law to use, or target=law,…, where the fit file has several", lawFlag)
    .option(
      "--reference <MIX>",
      "a mixture to compare with: web=0.5,code=0.5, a file, or uniform (default: uniform)",
    )
    .addOption(constraintOption(noWorse));
  addConstraints(command);
  command
    .option(
      "--solver <KIND>",
      "gradient (projected) or mirror (floors and caps only)",
      choice("--solver", ["gradient", "mirror"]),
    )
    .option(
      "--samples <N>",
      "random mixtures to start from and to check against, 0 for none (default: 65536, without a GPU 16384)",
      whole("--samples", 0),
    )
    .option("--seed <S>", "seed of the random mixtures (default: 1)", numeric("--seed"))
    .option(
      "--epsilon <E>",
      "near-optimal is within this of the best objective (default: what a bootstrap cannot tell from it, else 0.05 %; 0: leave it out)",
      limited("--epsilon", (x) => x >= 0, "a number of at least 0"),
    )
    .option(
      "--no-intervals",
      "leave out the intervals that a fit's bootstrap gives; along a path there are none",
    )
    .option(
      "--level <X>",
      "confidence level of the intervals (default: the fit's)",
      numeric("--level"),
    )
    .option(
      "--interval <KIND>",
      "bca or percentile (default: percentile)",
      choice("--interval", INTERVALS),
    )
    .option(
      "--robust <KIND>",
      "minimize the mean, or a quantile such as q95, over the bootstrap's replicates",
    )
    .option(
      "--candidates <FILE>",
      "table of mixtures (h_<domain>, name) to rank by the chance that each is best",
    )
    .option(
      "--format <KIND>",
      "table, json, yaml, csv, megatron (weight path …) or map (name: weight)",
      choice("--format", FORMATS),
      "table",
    )
    .option("--json", "the same as --format json")
    .option(
      "--paths <PATHS>",
      "data paths for --format megatron: domain=path,… or a YAML file (default: the names)",
    )
    .option("--out <FILE>", "write the optimum to a file")
    .option(
      "--backend <KIND>",
      "auto, webgpu or cpu",
      choice("--backend", ["auto", "webgpu", "cpu"]),
      "auto",
    )
    .option(
      "--progress <KIND>",
      "on stderr: auto (a bar on a terminal), bar, json (lines) or none",
      choice("--progress", PROGRESS),
      "auto",
    )
    .addHelpText("after", EXAMPLES)
    .action(optimize);
}

const objective = (
  text: string,
  before?: "worst" | Readonly<Record<string, number>>,
): "worst" | Record<string, number> =>
  text.trim() === "worst"
    ? "worst"
    : weighted("--objective", "loss_code=2,loss_web=1")(text, before === "worst" ? {} : before);

const lawFlag = (text: string): string | Record<string, string> =>
  text.includes("=") ? pairs("--law", "loss_code=joint,loss_web=additive")(text) : text.trim();

async function optimize(path: string, flags: Flags): Promise<void> {
  const format = flags.json === true ? "json" : flags.format;
  checkFormat(format, flags.path !== undefined);
  checkScale(flags);
  const file = await readFit(path);
  if (choosesSizes(file, flags)) return optimizeWithoutMixture(file, path, flags, format);
  const out = flags.out === undefined ? undefined : await destination(flags.out, path);
  const paths = flags.paths === undefined ? {} : await pathsOf(flags.paths, file.data.domains);
  const options = await optionsOf(flags);
  const progress = reporter(flags.progress);
  const { signal, release } = interruption((sentence) => {
    progress.stop();
    progress.notice(sentence);
  });
  const engine = await quietly(() =>
    openEngine({ backend: flags.backend, onNotice: progress.notice }),
  );
  try {
    // looks for the adapter, which the search would do else
    if (flags.backend === "auto") await quietly(() => engine.describe());
    const solve = (more: OptimizeOptions): Promise<Optimum> => engine.optimize(file, more);
    const law = lawsUsed(file, flags.law).join();
    const onProgress = (fraction: number): void =>
      progress.update({ law, stage: "mixture", fraction });
    const answer = await find(file, flags, { ...options, signal, onProgress }, solve);
    progress.stop();
    if (answer === undefined) tell("interrupted before any mixture was found");
    else {
      const text = (how: Format): string => formatted(answer, how, paths);
      if (format === "table")
        print(readable(answer, { source: path, width: width(), style: style() }));
      else {
        process.stdout.write(text(format));
        for (const warning of new Set(optimaOf(answer).flatMap((optimum) => optimum.warnings)))
          tell(`warning: ${warning}`);
      }
      await out?.save(text(format === "table" ? formatOf(out.path) : format));
      if (out !== undefined && format === "table") print(`\n${style().dim(`Wrote ${out.path}.`)}`);
    }
    process.exitCode = signal.aborted ? INTERRUPTED : exitCode(answer);
  } finally {
    progress.stop();
    release();
    await engine.close();
  }
}

/** Whether the laws have no mixture and a compute is given: N and D are what there is to choose. */
const choosesSizes = (file: FitFile, flags: Flags): boolean =>
  (flags.flops !== undefined || flags.path?.flops !== undefined) &&
  lawsUsed(file, flags.law).every((name) => !lawIn(file, name).uses.weights);

async function optimizeWithoutMixture(
  file: FitFile,
  path: string,
  flags: Flags,
  format: Format | "table",
): Promise<void> {
  const { flops, path: way, objective: goal, law, intervals, level, interval } = flags;
  if (way !== undefined && Object.keys(way).some((name) => name !== "flops"))
    throw new InputError("--path: these laws have no mixture, and along given N and D there is nothing to choose: give flops=… alone"); // prettier-ignore
  if ((await constraintsOf(flags)) !== undefined)
    throw new InputError("these laws have no mixture: constraints on shares do not apply");
  const out = flags.out === undefined ? undefined : await destination(flags.out, path);
  const all = { objective: goal, law, intervals, level, interval, inputs: inputsOf(flags) };
  const options = Object.fromEntries(
    Object.entries(all).filter(([, given]) => given !== undefined),
  );
  const rows = (way?.flops ?? [flops ?? 0]).map((compute) =>
    optimizeSizes(file, { ...options, flops: compute }),
  );
  if (format === "table") print(sizes(rows, { source: path, width: width(), style: style() }));
  else process.stdout.write(formattedSizes(rows, format));
  await out?.save(formattedSizes(rows, format === "table" ? formatOf(out.path) : format));
  if (out !== undefined && format === "table") print(`\n${style().dim(`Wrote ${out.path}.`)}`);
}

/** `--input sparsity=0.5`: numbers. */
const inputsOf = ({ input = {} }: Flags): Record<string, number> | undefined =>
  Object.keys(input).length === 0
    ? undefined
    : Object.fromEntries(
        Object.entries(input).map(([name, text]) => [
          name,
          toCount(text) ?? numeric(`--input ${name}`)(text),
        ]),
      );

/** Flags that say the same thing twice. */
function checkScale({ flops, path, params, tokens }: Flags): void {
  const clash =
    flops !== undefined &&
    (path !== undefined
      ? "--path"
      : params !== undefined
        ? "--params"
        : tokens !== undefined
          ? "--tokens"
          : false);
  if (clash !== false)
    throw new InputError(
      `--flops chooses N and D, and ${clash} gives them: leave one out, or write --path flops=…`,
    );
}

/** The request of the flags; what is not given is left out. */
async function optionsOf(flags: Flags): Promise<OptimizeOptions> {
  const { params, tokens, objective: goal, law, solver, samples, seed } = flags;
  const { epsilon, level, interval, robust, reference, noWorse: factors, candidates } = flags;
  const options = {
    params,
    tokens,
    inputs: inputsOf(flags),
    objective: goal,
    law,
    constraints: await constraintsOf(flags),
    reference: reference === undefined ? undefined : await mixtureOf(reference),
    noWorse: factors === undefined ? undefined : noWorse.flag.parse(factors, READER),
    solver,
    samples,
    seed,
    epsilon,
    // Along a path they are left out: a refit of every replicate at every stop.
    intervals: flags.intervals && flags.path === undefined,
    level,
    interval,
    robust,
    candidates: candidates === undefined ? undefined : await candidatesFrom(candidates),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const exitCode = (answer: Answer | undefined): number =>
  answer !== undefined && optimaOf(answer).some(({ certificate }) => !certificate.certified)
    ? 2
    : 0;

/** The flags of `mixlaw optimize`. */
import { byNames } from "../../../base/objects.ts";
import { inWords } from "../../../base/kinds.ts";
import type { Command } from "commander";
import type { IntervalOf } from "../../../fit/inference/bands.ts";
import type { IntervalKind } from "../../../stats/interval.ts";
import { noWorse } from "../../../mixture/constraints/kinds/no-worse.ts";
import { trainedShares } from "../../../mixture/constraints/kinds/trained-shares.ts";
import {
  type Objective,
  type OptimizeOptions,
  SOLVER_NAMES,
  SOLVERS,
  type SolverName,
} from "../../../mixture/request/optimize-options.ts";
import { quantileOf } from "../../../mixture/certainty/robust.ts";
import type { FitFile } from "../../../node.ts";
import type { CountUnits } from "../../../options/count-units.ts";
import type { EngineFlags } from "../../io/with-engine.ts";
import { type Format, FORMATS, FORMATS_HELP } from "../../print/optimum/format-optimum.ts";
import { addConstraints, type ConstraintFlags, constraintOption } from "../constraint-flags.ts";
import { backendFlags, progressFlag, jobFlags, threadsFlag, traceFlag } from "../common-flags.ts";
import { amount, countUnits, toCount, UNITS_HELP } from "../counts.ts";
import { type Route, route } from "./path-flag.ts";
import { type KnownNames, type PhaseParts, phaseParts } from "../shares.ts";
import { addIntervals } from "../interval-flags.ts";
import {
  choice,
  joined,
  limited,
  mapping,
  repeated,
  numeric,
  seedNumber,
  several,
  whole,
} from "../values.ts";

/** Where the optimum is wanted, and by which laws. */
export interface ScaleFlags {
  readonly params?: number;
  readonly tokens?: number;
  readonly units?: CountUnits;
  readonly flops?: number;
  readonly path?: Route;
  readonly input?: Readonly<Record<string, string>>;
  readonly phases?: PhaseParts;
  readonly law?: OptimizeOptions["law"];
}

export interface OptimizeFlags extends ConstraintFlags, ScaleFlags, EngineFlags {
  readonly names: KnownNames;
  /** The fit file, which knows the columns of tables. */
  readonly fit: FitFile;
  readonly objective?: Objective;
  readonly reference?: string;
  readonly noWorse?: readonly string[];
  readonly beyond?: true;
  readonly solver?: SolverName;
  readonly samples?: number;
  readonly seed?: number;
  readonly epsilon?: number;
  readonly intervals: boolean;
  readonly level?: number;
  readonly interval?: IntervalKind;
  readonly intervalOf?: IntervalOf;
  readonly robust?: string;
  readonly candidates?: string;
  readonly format: Format;
  readonly json?: true;
  readonly paths?: string;
  readonly phase?: string;
  readonly out?: string;
  readonly register?: string;
}

/** The flags as they are given: what names targets is read when those are known. */
export interface AskedFlags extends Omit<OptimizeFlags, "names" | "fit" | "objective" | "law"> {
  readonly objective?: readonly string[];
  readonly law?: string;
}

/** In the order in which help shows them. */
export function addOptimizeFlags(command: Command): void {
  addScale(command);
  addGoal(command);
  addConstraints(command);
  command.option(trainedShares.flag.name, trainedShares.flag.help);
  addSearch(command);
  backendFlags(command);
  threadsFlag(command);
  jobFlags(command);
  addCertainty(command);
  addOutput(command);
  progressFlag(command);
  traceFlag(command);
}

const addScale = (command: Command): Command =>
  command
    .optionsGroup("Scale:")
    .option("--params <N>", "parameters of the run to plan, such as 7B", amount("--params"))
    .option("--tokens <D>", "its training tokens, such as 150B", amount("--tokens"))
    .option("--units <UNITS>", UNITS_HELP, countUnits)
    .option(
      "--phases <PHASES>",
      "parts of the tokens of each phase, main=0.8,anneal=0.2, for fits of phases (default: those of the runs)",
      phaseParts,
    )
    .option("--flops <C>", "training compute 6ND: chooses N and D too", amount("--flops", "1e22"))
    .option(
      "--input <NAME=X>",
      "another input of the laws, such as sparsity=0.5, by its name in the law or its column in the fit; may be repeated",
      numberByInput,
    )
    .option(
      "--path <SPEC>",
      "the optimum along a path of scales; see below; may be repeated",
      route,
    );

/** Which phase's mixture is written, in formats that hold one. */
export const PHASE_FLAG = {
  name: "--phase <NAME>",
  help: "of a fit of phases: write this phase's mixture and tokens, for formats of one mixture",
} as const;

/** `--input sparsity=0.5`, each a number. */
const numberByInput = repeated<Readonly<Record<string, string>>>((text, before) => {
  const input = mapping(text, before);
  inputsOf({ input }); // throws for what is no number
  return input;
});

/** `--input sparsity=0.5` as numbers. */
export const inputsOf = ({ input = {} }: ScaleFlags): Record<string, number> | undefined =>
  Object.keys(input).length === 0
    ? undefined
    : byNames(
        Object.entries(input).map(([name, text]) => [
          name,
          toCount(text) ?? numeric(`--input ${name}`)(text),
        ]),
      );

const addGoal = (command: Command): Command =>
  command
    .optionsGroup("Goal:")
    .option(
      "--objective <WEIGHTS>",
      "targets and their weights, such as loss_code=2,loss_web=1 or 'bpb_*', a YAML file of families of targets, or worst (default: all targets alike)",
      several,
    )
    .option(
      "--law <NAME>",
      "law to use, or target=law,…, where the fit file has several (default: the one that back-tests chose), or average, of all by their back-tests",
      joined,
    )
    .option(
      "--reference <MIX>",
      "a mixture to compare with: web=0.5,code=0.5, a file, or uniform (default: uniform)",
      joined,
    )
    .addOption(constraintOption(noWorse));

const addSearch = (command: Command): Command =>
  command
    .optionsGroup("Search:")
    .option("--solver <KIND>", inWords(SOLVERS), choice("--solver", SOLVER_NAMES))
    .option(
      "--samples <N>",
      "random mixtures to start from and to check against, 0 for none (default: 65536, or 16384 where the CPU draws them, and fewer of more than 64 domains)",
      whole("--samples", 0),
    )
    .option("--seed <S>", "seed of the random mixtures (default: 1)", seedNumber)
    .option(
      "--epsilon <E>",
      "near-optimal is within this of the best objective (default: what a bootstrap cannot tell from it, else 0.05 %; 0: leave it out)",
      limited("--epsilon", (x) => x >= 0, "a number of at least 0"),
    );

function addCertainty(command: Command): Command {
  command
    .optionsGroup("Certainty:")
    .option(
      "--no-intervals",
      "leave out the intervals that a fit's bootstrap gives; along a path there are none",
    );
  return addIntervals(command, "percentile")
    .option(
      "--robust <KIND>",
      "minimize the mean, or a quantile such as q95, over the bootstrap's replicates",
      robustKind,
    )
    .option(
      "--candidates <FILE>",
      "table of mixtures (h_<domain>, or the fit's columns; name) to rank, by the chance that each is best where the fit has a bootstrap; those that break a constraint are marked",
    );
}

/** "mean" or "q95". */
function robustKind(text: string): string {
  quantileOf(text); // throws for what is neither
  return text;
}

const addOutput = (command: Command): Command =>
  command
    .optionsGroup("Output:")
    .option("--format <KIND>", FORMATS_HELP, choice("--format", FORMATS), "table")
    .option("--json", "the same as --format json")
    .option(
      "--paths <PATHS>",
      "data paths of domains for trainers: a pattern such as /data/{domain}/*.npy, domain=path,…, or a YAML, JSON or CSV file (default: the names)",
      joined,
    )
    .option(PHASE_FLAG.name, PHASE_FLAG.help)
    .option("-o, --out <FILE>", "write the optimum to a file")
    .option(
      "--register <PLAN>",
      'write the mixture, the reference that is given and the candidates down as a plan, with what every law predicts of each, for "mixlaw check" after training',
    );

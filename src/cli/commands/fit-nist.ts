/**
 * `mixlaw fit --nist`: a reference problem from each of its starts and at random, beside what is
 * certified.
 */
import { firstOf } from "../../base/known.ts";
import { given } from "../../base/objects.ts";
import { formulaOf, parseNist } from "../../formula-tables/nist-file.ts";
import type { FitOptions } from "../../options/fit-options.ts";
import type { Command } from "commander";
import {
  type Comparison,
  fitReference,
  type From,
  referenceProblem,
  type ReferenceProblem,
} from "../../formula-tables/nist-reference.ts";
import { withPartial } from "../../base/errors.ts";
import { type Engine, InputError } from "../../node.ts";
import { INTERRUPTED } from "../io/interrupt.ts";
import { type EngineFlags, withEngine } from "../io/with-engine.ts";
import { json } from "../../base/json.ts";
import { wrap } from "../text/layout.ts";
import { left, right, table } from "../text/table.ts";
import { print, style, width } from "../io/output.ts";
import { readBytes } from "../../node/read-file.ts";
import { count } from "../../base/wording.ts";
import { exponential, fixed, number } from "../../base/format-number.ts";

/** Flags that have a meaning beside --nist. */
const WITH_NIST: ReadonlySet<string> = new Set([
  "nist",
  "formula",
  "restarts",
  "seed",
  "backend",
  "adapter",
  "threads",
  "json",
  "progress",
  "trace",
]);

interface NistFlags extends EngineFlags {
  /** Default: the model of the file's header. */
  readonly formula?: string;
  readonly restarts?: number | "auto";
  readonly seed: number;
  readonly json?: true;
}

/** Fits the problem of a file from every start and at random, and prints what came of it. */
export async function fitNist(
  file: string,
  runs: string | undefined,
  flags: NistFlags,
  command: Command,
): Promise<void> {
  checkFlags(file, runs, command);
  const { restarts, seed } = flags;
  const reference = parseNist(await readBytes(file), file);
  const problem = referenceProblem(reference, flags.formula ?? formulaOf(reference.model));
  const {
    answer: comparisons,
    interrupted,
    failure,
  } = await withEngine(flags, ({ engine, ...watch }) =>
    fromAllStarts(problem, engine, {
      seed,
      ...(restarts === "auto" ? {} : given({ restarts })),
      ...watch,
    }),
  );
  if (comparisons !== undefined)
    print(flags.json === true ? json(record(problem, comparisons)) : report(problem, comparisons));
  if (failure !== undefined) throw failure.error;
  const isDone = comparisons?.every(({ fit }) => fit.search.status !== "not-converged") === true;
  process.exitCode = interrupted ? INTERRUPTED : isDone ? 0 : 2;
}

function checkFlags(file: string, runs: string | undefined, command: Command): void {
  if (runs !== undefined)
    throw new InputError(`--nist ${file} has its own data: leave ${runs} out`);
  const other = command.options.find((each) => {
    const name = each.attributeName();
    return command.getOptionValueSource(name) === "cli" && !WITH_NIST.has(name);
  });
  if (other !== undefined)
    throw new InputError(
      `${other.long} has no meaning with --nist, whose files say what is fitted, and how`,
    );
}

/** The `partial` of an error is what came of the starts that were done. */
async function fromAllStarts(
  problem: ReferenceProblem,
  engine: Engine,
  options: FitOptions,
): Promise<Comparison[]> {
  const starts: From[] = [
    ...firstOf(problem.reference.parameters).starts.map((_, i) => i + 1),
    "data",
    "random",
  ];
  const comparisons: Comparison[] = [];
  try {
    for (const from of starts)
      comparisons.push(await fitReference(problem, from, (...job) => engine.fit(...job), options));
  } catch (error) {
    throw withPartial(error, comparisons.length > 0 ? comparisons : undefined);
  }
  return comparisons;
}

/** For programs. */
const record = ({ reference, formula }: ReferenceProblem, comparisons: readonly Comparison[]) => ({
  schema: "mixlaw/nist@1",
  problem: reference.name,
  source: reference.table.source,
  formula,
  results: comparisons,
});

/** Digits that are certified. */
const CERTIFIED = 11;

const certified = (x: number | null): string => (x === null ? "–" : exponential(x, CERTIFIED - 1));

/** The best fit's parameters beside the certified ones. */
function parameterTable({ reference }: ReferenceProblem, best: Comparison): string {
  const groups = ["value", "standard deviation"].flatMap((group) =>
    ["fitted", "certified", "digits"].map((title) => right(title, group)),
  );
  const rows = best.parameters.map((p) => [
    p.name,
    certified(p.value),
    certified(p.certified),
    fixed(p.digits, 1),
    certified(p.standardError),
    certified(p.certifiedDeviation),
    fixed(p.deviationDigits, 1),
  ]);
  return table(
    [left(""), ...groups],
    [
      ...rows,
      [
        "residual sd",
        certified(best.residualSd),
        certified(reference.residualSd),
        fixed(best.residualSdDigits, 1),
      ],
    ],
    { width: width() },
  );
}

/** What each start led to. */
function startTable(
  { reference, runs }: ReferenceProblem,
  comparisons: readonly Comparison[],
): string {
  return table(
    [
      left("from"),
      right("parameters"),
      right("deviations"),
      right("residual SS / certified"),
      right("agreed"),
    ],
    comparisons.map(({ from, digits, deviationDigits, exchanged, fit }) => [
      `${fromInWords(from, fit)}${exchanged ? "*" : ""}`,
      fixed(digits, 1),
      fixed(deviationDigits, 1),
      number((fit.objective * 2 * runs.train.rows) / reference.residualSumOfSquares, 6),
      `${fit.search.reachedBest}/${fit.search.followed ?? fit.search.starts}`,
    ]),
    { width: width() },
  );
}

function fromInWords(from: From, { search: { starts } }: Comparison["fit"]): string {
  if (from === "data") return `no ranges (${starts})`;
  return from === "random" ? `random (${starts})` : `Start ${from}`;
}

function report(problem: ReferenceProblem, comparisons: readonly Comparison[]): string {
  const { reference, formula, runs } = problem;
  const best = comparisons.reduce((a, b) => (b.fit.objective < a.fit.objective ? b : a));
  const { bold, dim } = style();
  const size = `${count(runs.train.rows, "row")} · ${count(reference.parameters.length, "parameter")} · squared loss · ${count(reference.degreesOfFreedom, "degree")} of freedom`;
  const legend =
    "digits: correct significant digits, of the 11 that are certified; by start the fewest. no ranges: starts from the data alone; random: in ranges of a factor 10 around the certified values.";
  const star = comparisons.some(({ exchanged }) => exchanged)
    ? " *: found with terms of the same form in each other's place, and put in the certified order."
    : "";
  return [
    `${wrap(`${bold(reference.name)}  ${formula}`, width())}\n${dim(wrap(size, width()))}`,
    parameterTable(problem, best),
    startTable(problem, comparisons),
    dim(wrap(legend + star, width())),
  ].join("\n\n");
}

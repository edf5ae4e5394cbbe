/**
 * The keys of starts. What becomes of a start is a pure function of the problem, of what computes
 * it, and of the start; its sample is named by what it is, not by its place in a list of samples,
 * so that a part of the samples, in another process, has the same keys.
 */
import { type Samples, sampleWeights } from "../../random/resampling.ts";
import type { Program } from "../../expr/program.ts";
import { exactText } from "../../records/exact-text.ts";
import { digestOf, type Hashed, RecordKeys } from "../../records/record-keys.ts";
import type { Packed } from "../../solve/pack-tables.ts";
import type { Penalties } from "../../solve/penalty/ridge.ts";
import type { Problem, Start } from "../search/problem.ts";

/** Of programs and tables, which many problems share. */
const digests = new WeakMap<Program | Packed, Uint8Array>();

/**
 * The keys of starts of a problem, in their order.
 *
 * @param computing what computes them and how: release, adapter or which float64, iterations,
 *   tolerances
 */
export function startKeys(problem: Problem, computing: string, starts: readonly Start[]): string[] {
  const keys = new RecordKeys([computing, ...problemParts(problem)]);
  return starts.map((start) => keys.keyOf(startBytes(problem, start)));
}

/** Everything of a problem that an end depends on, but for the number of a sample. */
function problemParts(problem: Problem): Hashed[] {
  const { program, packed, losses, box, anySize, samples, penalties, joint } = problem;
  return [
    digestOfProgram(program),
    digestOfTables(packed),
    exactText(losses),
    box.lower,
    box.upper,
    exactText(anySize),
    ...(samples === undefined ? [] : sampleParts(samples)),
    ...(penalties === undefined ? [] : penaltyParts(penalties)),
    ...(joint === undefined ? [] : ["joint", exactText(joint)]),
  ];
}

const penaltyParts = ({ ridge: { slopes, first, end }, strengths }: Penalties): Hashed[] => [
  "ridge",
  slopes,
  first,
  end,
  Float64Array.from(strengths),
];

/** Slots, columns and the widths of tables; what the tables are filled with is in `packed`. */
const digestOfProgram = (program: Program): Uint8Array =>
  remembered(program, () => {
    const plain = ({ params, slots, value, columns, tables }: Program): unknown => ({
      params,
      slots,
      value,
      columns,
      widths: [tables.mix.length, tables.run.length, tables.response.length],
    });
    const { bent } = program;
    return [exactText(plain(program)), bent ? exactText([plain(bent), bent.bend]) : ""];
  });

const digestOfTables = (packed: Packed): Uint8Array =>
  remembered(packed, () => {
    const { start, order, mix, run, responses, weights } = packed;
    return [start, order, mix, run, responses.length, ...responses, ...weights];
  });

function remembered(of: Program | Packed, parts: () => Hashed[]): Uint8Array {
  const known = digests.get(of) ?? digestOf(parts());
  digests.set(of, known);
  return known;
}

function sampleParts({ blocks, blockOf, source }: Samples): Hashed[] {
  const { kind } = source;
  const shared = [kind, blocks, blockOf];
  if (kind === "bootstrap") return [...shared, source.scheme, source.seed];
  return kind === "without" ? [...shared, source.group] : shared;
}

/** Target, sample, damping, whether it is near an optimum, held coordinates and point. */
function startBytes({ samples }: Problem, start: Start): Uint8Array {
  const { target, sample = 0, lambda = NaN, near = false, hold = [], theta } = start;
  const isGiven = samples?.source.kind === "given";
  const number = samples === undefined || isGiven ? 0 : firstOf(samples) + sample;
  const weights = samples !== undefined && isGiven ? sampleWeights(samples, sample) : [];
  const head = [target, number, lambda, Number(near), hold.length, weights.length, ...hold];
  const numbers = new Float64Array(head.length + weights.length + theta.length);
  numbers.set(head);
  numbers.set(weights, head.length);
  numbers.set(theta, head.length + weights.length);
  return new Uint8Array(numbers.buffer);
}

/** The number of the first sample among all of its kind. */
const firstOf = ({ source }: Samples): number => (source.kind === "given" ? 0 : source.first);

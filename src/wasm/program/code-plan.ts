/**
 * How the slots of a program are shared out to functions. Engines take long for very long
 * functions, so a long level is in several; what one function computes and another reads is handed
 * on in memory. And to lanes: where both would have the same number, two slots that call the same
 * function share a call, a lane each.
 */
import {
  type BentProgram,
  type Level,
  levelOf,
  ofLevel,
  type Program,
} from "../../expr/program.ts";
import { isFunction } from "../math/math-functions.ts";
import { type CellColumn, cellColumns } from "./cell-columns.ts";

/** The most slots that a function computes. */
const LONGEST = 1000;

/** The functions of a program, or of its bent form, by level: the slots that each computes. */
export type LevelParts = Readonly<Record<Level, readonly (readonly number[])[]>>;

export interface CodePlan {
  readonly parts: LevelParts;
  /** Those of the bent program. */
  readonly bent?: LevelParts;
  /** What is computed once a cell, and what of the bent program is. */
  readonly cells: readonly CellColumn[];
  readonly bentCells: readonly CellColumn[];
  /** Slots that are handed on in memory, with their places among them. */
  readonly stored: ReadonlyMap<number, number>;
}

/**
 * The run-level slots that some slots depend on, themselves included, in order; without those that
 * are given, and what only they depend on.
 */
export function neededAtRuns(
  { slots }: Program,
  roots: readonly number[],
  given: readonly number[] = [],
): number[] {
  const needed = new Set<number>();
  const stack = [...roots];
  for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
    const slot = slots[i];
    if (needed.has(i) || given.includes(i) || levelOf(slot) !== "run") continue;
    needed.add(i);
    if (slot.kind === "op") stack.push(...slot.args);
  }
  return [...needed].sort((a, b) => a - b);
}

/** Lists of at most `LONGEST`. */
export const pieces = (ids: readonly number[]): number[][] =>
  Array.from({ length: Math.ceil(ids.length / LONGEST) }, (_, n) =>
    ids.slice(n * LONGEST, (n + 1) * LONGEST),
  );

const partsOf = (program: Program): LevelParts => ({
  fit: pieces(ofLevel(program, "fit")),
  mix: pieces(ofLevel(program, "mix")),
  run: pieces(ofLevel(program, "run")),
});

/** What is read beside the arguments of slots: the results of the run level, and the entries. */
const resultsOf = (program: Program | BentProgram): number[] => [
  program.value,
  ...program.columns.map(({ partial }) => partial),
  ...("bend" in program ? [program.bend] : []),
];

/** Slots that another function reads than the one that computes them. */
function crossing(program: Program | BentProgram, parts: LevelParts): number[] {
  const owner = new Map<number, readonly number[]>();
  for (const part of [...parts.fit, ...parts.mix, ...parts.run])
    for (const i of part) owner.set(i, part);
  const crosses = new Set<number>();
  const reads = (reader: readonly number[] | undefined, i: number): void => {
    if (program.slots[i].kind !== "const" && owner.get(i) !== reader) crosses.add(i);
  };
  for (const [i, slot] of program.slots.entries())
    if (slot.kind === "op") for (const arg of slot.args) reads(owner.get(i), arg);
  // A run level of one part is written where its results are used.
  const last = parts.run.length === 1 ? parts.run[0] : undefined;
  for (const i of resultsOf(program)) reads(last, i);
  return [...crosses];
}

/** The plan of a program with its bent form, whose slots begin with the program's own. */
export function planOf(program: Program): CodePlan {
  const parts = partsOf(program);
  const bent = program.bent && partsOf(program.bent);
  const entries = program.columns.flatMap((column) => column.entries.map(({ slot }) => slot));
  const stored = new Set([
    ...entries,
    ...crossing(program, parts),
    ...(program.bent === undefined || bent === undefined ? [] : crossing(program.bent, bent)),
  ]);
  const cells = parts.run.length > 1 ? [] : cellColumns(program, resultsOf(program));
  // The bent program's steps have the cells of the same columns.
  const bentCells =
    program.bent === undefined || bent === undefined || bent.run.length > 1
      ? []
      : cellColumns(program.bent, resultsOf(program.bent)).filter((one) =>
          cells.some(({ column }) => column === one.column),
        );
  return {
    parts,
    cells,
    bentCells,
    ...(bent === undefined ? {} : { bent }),
    stored: new Map([...stored].map((slot, place) => [slot, place])),
  };
}

/** A slot, or two that call the same function. */
export type Calls = readonly [number] | readonly [number, number];

/**
 * Slots in an order in which each comes after its arguments, with calls in pairs: first what needs
 * no call, then the calls that need no other, then what needs only those, and so on.
 *
 * @param ids some slots, in order
 * @param alike the levels whose slots have the same number in both lanes
 */
export function pairedCalls(
  { slots }: Program,
  ids: readonly number[],
  alike: readonly Level[],
): Calls[] {
  const calls = (i: number): string | undefined => {
    const slot = slots[i];
    if (slot.kind !== "op" || !isFunction(slot.op)) return undefined;
    return alike.includes(slot.level) ? slot.op : undefined;
  };
  /** How many calls, one after another, a slot needs beside its own. */
  const depths = new Map<number, number>();
  const stages: { readonly plain: number[]; readonly byName: Map<string, number[]> }[] = [];
  for (const i of ids) {
    const slot = slots[i];
    let depth = 0;
    for (const arg of slot.kind === "op" ? slot.args : [])
      depth = Math.max(depth, (depths.get(arg) ?? 0) + (depths.has(arg) && calls(arg) ? 1 : 0));
    depths.set(i, depth);
    const { plain, byName } = (stages[depth] ??= { plain: [], byName: new Map() });
    const name = calls(i);
    if (name === undefined) plain.push(i);
    else byName.set(name, [...(byName.get(name) ?? []), i]);
  }
  return stages.flatMap(({ plain, byName }) => [
    ...plain.map((i): Calls => [i]),
    ...[...byName.values()].flatMap(inTwos),
  ]);
}

const inTwos = (ids: readonly number[]): Calls[] =>
  ids.flatMap((first, n): Calls[] => {
    if (n % 2 === 1) return [];
    const second = ids[n + 1];
    return [second === undefined ? [first] : [first, second]];
  });

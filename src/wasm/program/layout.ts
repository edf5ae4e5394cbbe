/**
 * Where the numbers of one fit are in the memory. A fit has a *state*: what the functions of its
 * program read, work on and leave, at fixed offsets from one address, which every function is
 * given. Tables of data and lists of runs are elsewhere; the state's header says where.
 *
 * Lanes are two groups of runs (lane-pairs.ts), so what depends on a group is a v128, 16 bytes.
 */
import { type Program, type Slot } from "../../expr/program.ts";
import { type CellColumn, MOST_CELLS } from "./cell-columns.ts";
import type { CodePlan } from "./code-plan.ts";

/** The header of a state: addresses, counts (i32) and scales (f64), by their offsets in bytes. */
export const HEADER = {
  /** The tables of mixtures, of runs and of the target's responses: row-major, as packed. */
  mix: 0,
  run: 4,
  response: 28,
  /** A weight for each run, as packed. */
  rowWeights: 48,
  /** Pairs of groups, `PAIR.size` bytes each. */
  pairs: 8,
  pairCount: 12,
  /** By pair: the columns of the two mixtures, side by side. */
  mixes: 52,
  /** By step: the columns of the two runs and then of their responses, side by side. */
  steps: 16,
  /** By step: the two rows' weights. */
  weights: 20,
  /** By step: w·ψ of the two rows, for slopes with ψ held. */
  pulls: 24,
  /** The corner or scale of the loss. */
  delta: 32,
  /** Σw. */
  mass: 40,
  /** Whether what depends on a single column of runs is looked up in the cells. */
  isCelled: 56,
  size: 64,
} as const;

/** A pair of groups: its first step, how many, and what each of the two lanes has (i32). */
export const PAIR = {
  from: 0,
  steps: 4,
  /** Where a lane's part begins. */
  lanes: [8, 24],
  /** The group, and its first run. */
  group: 0,
  row: 4,
  /** Runs of the group that weigh something: how many are not this pair's, and then are. */
  skip: 8,
  count: 12,
  size: 40,
} as const;

/** Bytes of the columns of a pair. */
export const pairWidth = ({ tables }: Pick<Program, "tables">): number => 16 * tables.mix.length;
/** Bytes of the columns of a step and, behind them, of where its cells are, by cell column. */
export const stepWidth = ({ tables }: Pick<Program, "tables">, { cells }: CodePlan): number =>
  16 * (tables.run.length + tables.response.length + cells.length);

/** Steps that are computed at once, before they are summed. */
export const BLOCK = 32;

/** A nonzero of the factored Jacobian: its offsets from the state, or within a part of it. */
export const ENTRY = {
  /** Of its value in the state. */
  value: 0,
  /** Of its column in a row of S. */
  column: 4,
  /** Of its column's row in T. */
  products: 8,
  /** Of its coordinate in the gradient, which is that of its coordinate in a row of H. */
  param: 12,
  /** Of its coordinate's row in H. */
  row: 16,
  /** How many entries have its coordinate or an earlier one: they come first. */
  earlier: 20,
  size: 32,
} as const;

/** An entry of the factored Jacobian. */
export interface Entry {
  readonly column: number;
  readonly param: number;
  readonly slot: number;
}

/** The entries of a program by coordinate. */
export const entriesOf = ({ columns }: Program): Entry[] =>
  columns
    .flatMap(({ entries }, column) => entries.map((entry) => ({ column, ...entry })))
    .sort((a, b) => a.param - b.param || a.column - b.column);

/** Offsets from the state, in bytes. */
export interface Layout {
  readonly entries: readonly Entry[];
  /** Columns whose slope is 1 at every run. */
  readonly units: ReadonlySet<number>;
  /** The point, then the direction of a bend. */
  readonly theta: number;
  readonly gradient: number;
  /** Packed lower triangle, behind the gradient. */
  readonly H: number;
  /** The table of entries, `ENTRY.size` bytes each. */
  readonly entryTable: number;
  /** Values of slots that functions hand on. */
  readonly values: number;
  /** How many cells each cell column has (i32, 16 bytes apart), and their values. */
  readonly cellCounts: number;
  readonly cells: number;
  /** What is computed in the cells, by root of each column. */
  readonly cellRoots: number;
  /** r and r″ of the steps of a block. */
  readonly residual: number;
  readonly bend: number;
  /** d of the steps of a block: a row of `BLOCK` a column, and rows that fill up the last tile. */
  readonly slopes: number;
  /** w·ω·d of the steps of a block, a row a column; then a row of w·ψ. */
  readonly pulls: number;
  /** Σ w·ω·d·dᵀ, a row a column, and Σ w·ψ·d below; `width` of them in a row. */
  readonly S: number;
  readonly width: number;
  /** Groups whose products are added to H at once. */
  readonly chunk: number;
  /** Values of entries, by entry and pair of a chunk. */
  readonly G: number;
  /** S·G, by row of S, entry and pair of a chunk. */
  readonly T: number;
  /** Sums of pulls, by entry. */
  readonly sums: number;
  /** Bytes of a state. */
  readonly size: number;
}

const rootsOf = (cells: readonly CellColumn[]): number =>
  cells.reduce((sum, { roots }) => sum + roots.length, 0);

const unitsOf = ({ columns, slots }: Program): Set<number> =>
  new Set(
    [...columns.keys()].filter((c) => {
      const slot = slots[columns[c].partial];
      return slot.kind === "const" && slot.value === 1;
    }),
  );

/** Columns of S whose sums are computed at once. */
export const TILE = 4;

/** The layout of a program's states. */
export function layoutOf(program: Program, { stored, cells, bentCells }: CodePlan): Layout {
  const [p, q] = [program.params, program.columns.length];
  const entries = entriesOf(program);
  const width = TILE * Math.max(1, Math.ceil(q / TILE));
  // A program without mixtures has one group.
  const chunk = program.tables.mix.length > 0 ? 8 : 1;
  let size: number = HEADER.size;
  const take = (bytes: number): number => {
    const at = size;
    size += 16 * Math.ceil(bytes / 16);
    return at;
  };
  const theta = take(8 * 2 * p);
  const gradient = take(8 * (p + (p * (p + 1)) / 2));
  return {
    entries,
    units: unitsOf(program),
    theta,
    gradient,
    H: gradient + 8 * p,
    entryTable: take(ENTRY.size * entries.length),
    values: take(16 * stored.size),
    cellCounts: take(16 * cells.length),
    cells: take(8 * MOST_CELLS * cells.length),
    cellRoots: take(8 * MOST_CELLS * Math.max(rootsOf(cells), rootsOf(bentCells))),
    residual: take(16 * BLOCK),
    bend: take(16 * BLOCK),
    slopes: take(16 * BLOCK * width),
    pulls: take(16 * BLOCK * (q + 1)),
    S: take(16 * width * (q + 1)),
    width,
    chunk,
    G: take(16 * chunk * entries.length),
    T: take(16 * chunk * entries.length * (q + 1)),
    sums: take(16 * entries.length),
    get size() {
      return size;
    },
  };
}

/** The parts of a state that never change: the table of entries, and constants among the values. */
export function fixedPart(program: Program, layout: Layout, plan: CodePlan): Float64Array {
  const memory = new ArrayBuffer(layout.size);
  const [words, numbers] = [new Int32Array(memory), new Float64Array(memory)];
  const { entries, chunk } = layout;
  for (const [e, { column, param, slot }] of entries.entries()) {
    const at = (layout.entryTable + ENTRY.size * e) / 4;
    words[at + ENTRY.value / 4] = placeOf(layout, plan, slot);
    words[at + ENTRY.column / 4] = 16 * column;
    words[at + ENTRY.products / 4] = 16 * chunk * entries.length * column;
    words[at + ENTRY.param / 4] = 8 * param;
    words[at + ENTRY.row / 4] = 8 * ((param * (param + 1)) / 2);
    words[at + ENTRY.earlier / 4] = entries.filter((other) => other.param <= param).length;
  }
  const slots: readonly Slot[] = (program.bent ?? program).slots;
  for (const id of plan.stored.keys()) {
    const slot = slots[id];
    const at = placeOf(layout, plan, id) / 8;
    if (slot.kind === "const") numbers.fill(slot.value, at, at + 2);
  }
  return numbers;
}

/** The offset of a slot's value from the state. */
export function placeOf(
  { values }: Pick<Layout, "values">,
  { stored }: CodePlan,
  slot: number,
): number {
  const place = stored.get(slot);
  if (place === undefined) throw new Error(`slot ${slot} is not handed on`);
  return values + 16 * place;
}

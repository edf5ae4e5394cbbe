/** What the search kernel for a problem looks like: its settings, tables, bindings and records. */
import type { LossKind } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import type { Ridge } from "../../laws/ridge.ts";
import type { Packed } from "../../solve/pack-tables.ts";
import type { Binding, Fields } from "../layout.ts";
import { HARDWARE, type Style, teamOf } from "../style.ts";
import { costsOf, DEAL, dealPieces } from "./deal-pieces.ts";
import { storageBytes } from "./team-layout.ts";
import {
  fillTable,
  layOutAll,
  tableBindings,
  type TableContents,
  type TableLayout,
} from "./tables.ts";

/** What a dispatch is told. */
export const SETTINGS = {
  /** Records, and words of each. */
  lanes: "u32",
  words: "u32",
  /** The first block of the schedule that this dispatch takes. */
  first_block: "u32",
  /** Iterations of each candidate. */
  turns: "u32",
  /** Rows of `mixes`: groups, or pieces of them. */
  groups: "u32",
  /** Columns of `sample_weights`. */
  samples: "u32",
  /** Relative decrease below which an iteration counts as quiet. */
  tolerance: "f32",
} as const satisfies Fields;

/**
 * What sample weights are looked up by: nothing where there are none, the group where all its runs
 * are in one block, else the run.
 */
export type Weighting = "none" | "group" | "run";

/** What a kernel's text depends on beside its law. */
export interface Plan {
  readonly loss: LossKind;
  readonly weighting: Weighting;
  /** A row a group, that is, a distinct mixture. */
  readonly mixes: TableLayout;
  /** A row a run, of one target after the other. */
  readonly runs: TableLayout;
  /** Whether lanes read the tables for one another: see table-loops.ts. */
  readonly staged: boolean;
  /** Runs that a turn of the loop over a group's runs takes. */
  readonly runsPerTurn: number;
  /** Whether the solve is written out; else it is loops. */
  readonly writtenSolve: boolean;
  /** Whether all else over the entries of the matrix is. */
  readonly writtenMatrix: boolean;
  /** Whether iterations are a loop in the kernel; else each is a dispatch. */
  readonly looped: boolean;
  /** Invocations of a workgroup. */
  readonly workgroup: number;
  /** Invocations that carry a candidate together; 1 where each has one of its own. */
  readonly team: number;
  /** What is added to the losses; undefined for nothing. */
  readonly ridge?: Ridge | undefined;
}

/** What a device offers, and how much there is to do. */
export interface Load {
  /** How many candidates are searched at once. */
  readonly candidates: number;
  /** Bytes of workgroup memory. */
  readonly storage: number;
}

/** Bytes of workgroup memory that every device has. */
const LEAST_STORAGE = 16_384;
const USUAL: Load = { candidates: 1, storage: LEAST_STORAGE };

/**
 * How many runs a turn takes where groups have at least so many on average. A group's last turn is
 * half idle on average, which many turns outweigh.
 */
const RUNS_PER_TURN = [
  { group: 64, turn: 4 },
  { group: 8, turn: 2 },
  { group: 0, turn: 1 },
] as const;

/**
 * Where the kernel's tables have what, by column. A row of `mixes` has the program's columns, the
 * end of the group's runs and, where groups are weighed, its block. A row of `runs` has the
 * program's columns of runs and of responses, the run's share of the mean (0 where the loss is
 * missing) and, where runs are weighed, its block. Where teams search, both are in the order of
 * pieces (deal-pieces.ts), and a row of `mixes` always has a block, and where its runs begin.
 */
export function columnsOf({ tables: { mix, run, response } }: Program) {
  const [end, share] = [mix.length, run.length + response.length];
  return {
    mixes: { end, block: end + 1, first: end + 2 },
    runs: { responses: run.length, share, block: share + 1 },
  } as const;
}

/** The kernel of a program on so many groups and runs, as it suits an adapter. */
export function planOf(
  program: Program,
  loss: LossKind,
  groups: number,
  runs: number,
  weighting: Weighting = "none",
  style: Style = HARDWARE,
  load: Load = USUAL,
): Plan {
  const columns = columnsOf(program);
  const team = teamThatFits(program, style, load);
  const width = (weighed: Weighting, block: number): number =>
    weighting === weighed ? block + 1 : block;
  const [runTable, mixTable] = layOutAll(
    [
      { name: "runs", width: width("run", columns.runs.block), rows: runs },
      {
        name: "mixes",
        width: team > 1 ? columns.mixes.first + 1 : width("group", columns.mixes.block),
        rows: groups,
      },
    ],
    { staged: team === 1 && style.staged, uniform: team === 1 },
  ) as [TableLayout, TableLayout];
  const { turn } = RUNS_PER_TURN.find(({ group }) => runs >= group * groups) ?? { turn: 1 };
  return {
    loss,
    weighting,
    mixes: mixTable,
    runs: runTable,
    staged: team === 1 && style.staged,
    runsPerTurn: Math.min(style.runsPerTurn, turn),
    writtenSolve: program.params <= style.writtenSolve,
    writtenMatrix: program.params <= style.writtenMatrix,
    looped: team > 1 || program.params <= style.loopedIterations,
    workgroup: team > 1 ? Math.max(style.workgroup, team) : style.workgroup,
    team,
  };
}

/**
 * The size of teams: what the style wants, or larger, since fewer teams need less memory. 1 where
 * the device has not enough for a workgroup of the largest.
 */
export function teamThatFits(
  program: Program,
  style: Style,
  { candidates, storage }: Load,
): number {
  const wanted = teamOf(style, program.params, candidates);
  if (wanted === 1) return 1;
  for (let team = wanted; team <= DEAL; team *= 2) {
    const teams = Math.max(1, style.workgroup / team);
    if (storageBytes(program, team, teams) <= storage) return team;
  }
  return 1;
}

/** Candidates that a workgroup has. */
export const candidatesOf = ({ workgroup, team }: Plan): number => workgroup / team;

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  // The candidates of each block, which is a workgroup's work.
  { name: "schedule", type: "array<u32>", access: "read" },
  // Of each block the rows of `runs` before its target's, the bits of its target's δ, and the
  // numbers of `drawn` before its target's.
  { name: "blocks", type: "array<u32>", access: "read" },
  // Word w of a candidate's record at w·lanes + lane: neighbours in a workgroup are neighbours in
  // memory.
  { name: "records", type: "array<u32>", access: "read_write" },
];

/** The weight of block b in sample s at b·samples + s. */
const WEIGHTS: Binding = { name: "sample_weights", type: "array<u32>", access: "read" };

/** What a block is told of its target. */
interface Block {
  /** Rows of `runs` before the target's. */
  readonly before: number;
  readonly delta: number;
  /** Numbers of `drawn` before the target's. */
  readonly drawn: number;
}

/** The contents of `blocks`: by block, three words. */
export function packBlocks(blocks: readonly Block[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(3 * blocks.length);
  const scales = new Float32Array(words.buffer);
  for (const [block, { before, drawn, delta }] of blocks.entries()) {
    words[3 * block] = before;
    scales[3 * block + 1] = delta;
    words[3 * block + 2] = drawn;
  }
  return words;
}

/**
 * √λ·sᵢ of each coordinate, of the targets whose runs are in one buffer, one after the other: see
 * write-ridge.ts.
 */
const DRAWN: Binding = { name: "drawn", type: "array<f32>", access: "read" };

/** The contents of `drawn`, for a target's λ. */
export const rootSlopesOf = ({ slopes }: Ridge, strength: number): Float32Array<ArrayBuffer> =>
  Float32Array.from(slopes, (slope) => Math.sqrt(strength) * slope);

/** The kernel's bindings, in order. */
export const bindingsOf = ({ weighting, mixes, runs, ridge }: Plan): readonly Binding[] => [
  ...BINDINGS,
  ...(ridge === undefined ? [] : [DRAWN]),
  ...(weighting === "none" ? [] : [WEIGHTS]),
  ...tableBindings(mixes),
  ...tableBindings(runs),
];

/** The contents of the tables. */
export interface Tables {
  /** Rows of `mixes`. */
  readonly groups: number;
  /** Rows of a target's `runs`. */
  readonly rows: number;
  readonly mixes: TableContents;
  /** The runs of some targets, one after the other. */
  readonly runs: (targets: readonly number[]) => TableContents;
}

/**
 * The contents of `mixes` and of targets' `runs`.
 *
 * @param blockOf the block of each row of the run set, where samples weigh blocks
 * @param unit the mean weight of a block in the samples
 */
export function tablesOf(
  plan: Plan,
  program: Program,
  packed: Packed,
  blockOf: Int32Array | undefined,
  unit: number,
): Tables {
  const { mix, run, response } = program.tables;
  const { order } = packed;
  const columns = columnsOf(program);
  const blockAt = (at: number): number => blockOf?.[order[at]] ?? 0;
  const { rows, count, mixes, positions } = plan.team > 1 ? dealtRows(program, packed) : groupedRows(packed); // prettier-ignore
  const masses = packed.weights.map((weights) => unit * weights.reduce((a, b) => a + b, 0));
  return {
    groups: count,
    rows,
    mixes: fillTable(plan.mixes, mixes.length, (n, column) => {
      const { group, from, first, end } = mixes[n];
      if (column < columns.mixes.end) return packed.mix[group * mix.length + column];
      if (column === columns.mixes.end) return end;
      return column === columns.mixes.first ? first : blockAt(from);
    }),
    runs: (targets) =>
      fillTable(plan.runs, targets.length * rows, (row, column) => {
        const target = targets[Math.floor(row / rows)];
        const own = row % rows;
        const at = positions?.[own] ?? own;
        const { responses, share } = columns.runs;
        if (at < 0) return 0;
        if (column < responses) return packed.run[at * run.length + column];
        if (column < share)
          return packed.responses[target][at * response.length + column - responses];
        return column === share ? packed.weights[target][at] / masses[target] : blockAt(at);
      }),
  };
}

/** What rows the tables have. */
interface Rows {
  /** Of `runs`. */
  readonly rows: number;
  /** The packed position of each; undefined where they are in packed order; -1 for none. */
  readonly positions: Int32Array | undefined;
  /** Of `mixes`, that count. */
  readonly count: number;
  /** The rows of `mixes`: the group, the position of its first run, the rows of its runs. */
  readonly mixes: readonly {
    readonly group: number;
    readonly from: number;
    readonly first: number;
    readonly end: number;
  }[];
}

/** A row of `mixes` a group, runs in packed order. */
function groupedRows({ start, order }: Packed): Rows {
  const count = start.length - 1;
  const mixes = Array.from({ length: count }, (_, group) => ({
    group,
    from: start[group],
    first: start[group],
    end: start[group + 1],
  }));
  return { rows: order.length, positions: undefined, count, mixes };
}

/**
 * A row of `mixes` a piece, in whole deals: those that are left of the last deal have no runs. The
 * runs of a piece are `DEAL` rows apart.
 */
function dealtRows(program: Program, { start }: Packed): Rows {
  const { count, rows, group, from, size, row } = dealPieces(start, costsOf(program));
  const positions = new Int32Array(rows).fill(-1);
  for (let n = 0; n < count; n++)
    for (let t = 0; t < size[n]; t++) positions[row[n] + DEAL * t] = from[n] + t;
  const mixes = Array.from({ length: DEAL * Math.ceil(count / DEAL) }, (_, n) =>
    n < count
      ? { group: group[n], from: from[n], first: row[n], end: row[n] + DEAL * size[n] }
      : { group: group[0], from: from[0], first: 0, end: 0 },
  );
  return { rows, positions, count, mixes };
}

/**
 * What a record holds of a candidate, by word: each start writes it, every iteration goes on from
 * it. The coordinates follow the rest: of the best point, the next and the spare one.
 */
export const RECORD = {
  objective: 0,
  lambda: 1,
  calm: 2,
  status: 3,
  sample: 4,
  refused: 5,
  trial: 6,
  promised: 7,
  spare_promised: 8,
  near: 9,
  coordinates: 10,
} as const;

/** A candidate's status in its record. */
export const STATUS = { running: 0, converged: 1, stalled: 2, nonfinite: 3 } as const;

/** The objective of a candidate that no lane has taken yet. */
export const UNTOUCHED = -1;

/** What the schedule has for a lane without a candidate. */
export const NOBODY = 0xffffffff;

/** Words of a record of a law with p coordinates. */
export const recordWords = (p: number): number => RECORD.coordinates + 3 * p;

/** What the search kernel for a problem looks like: its settings, tables, bindings and records. */
import type { LossKind } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import type { Packed } from "../../solve/pack-tables.ts";
import type { Binding, Fields } from "../layout.ts";
import { HARDWARE, type Style } from "../style.ts";
import { fillTable, type Layout, layOutAll, tableBindings, type TableContents } from "./tables.ts";

/** What a dispatch is told. */
export const SETTINGS = {
  /** Records, and words of each. */
  lanes: "u32",
  words: "u32",
  /** The first block of the schedule that this dispatch takes. */
  first_block: "u32",
  /** Iterations of each candidate. */
  turns: "u32",
  /** Rows of `mixes`. */
  groups: "u32",
  /** Columns of `sample_weights`. */
  samples: "u32",
  /** Relative decrease below which an iteration counts as quiet. */
  tolerance: "f32",
  /** Corner of the Huber loss. */
  delta: "f32",
} as const satisfies Fields;

/**
 * What sample weights are looked up by: nothing where there are none, the group where all its runs
 * are in one block, else the run.
 */
export type Weighting = "none" | "group" | "run";

/**
 * What a kernel's text depends on beside its law. `mixes` has a row a group: its columns, the end
 * of its runs, and its block where groups are weighed. `runs` is one target's: run columns,
 * response columns, the run's share of the mean (0 where the loss is missing), and its block where
 * runs are weighed.
 */
export interface Plan {
  readonly loss: LossKind;
  readonly weighting: Weighting;
  readonly mixes: Layout;
  readonly runs: Layout;
  readonly style: Style;
  /** Iterations are a loop in the kernel; else each is a dispatch. */
  readonly looped: boolean;
}

/**
 * How many runs a turn takes where groups have so many on average: the last turn is on average half
 * idle.
 */
const TIMES = [
  { runs: 64, times: 4 },
  { runs: 8, times: 2 },
] as const;

export function planOf(
  program: Program,
  loss: LossKind,
  groups: number,
  runs: number,
  weighting: Weighting = "none",
  style: Style = HARDWARE,
): Plan {
  const { mix, run, response } = program.tables;
  const block = (by: Weighting): number => (weighting === by ? 1 : 0);
  const shapes = [
    { name: "runs", width: run.length + response.length + 1 + block("run"), rows: runs },
    { name: "mixes", width: mix.length + 1 + block("group"), rows: groups },
  ];
  const [runTable, mixTable] = layOutAll(shapes, style.staged) as [Layout, Layout];
  return {
    loss,
    weighting,
    mixes: mixTable,
    runs: runTable,
    looped: program.params <= style.looped,
    style: {
      ...style,
      times: Math.min(style.times, TIMES.find((long) => runs >= long.runs * groups)?.times ?? 1),
    },
  };
}

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  // The candidates of each block, which is a workgroup's work.
  { name: "schedule", type: "array<u32>", access: "read" },
  // Word w of a candidate's record at w·lanes + lane: neighbours in a workgroup are neighbours in
  // memory.
  { name: "records", type: "array<u32>", access: "read_write" },
];

/** The weight of block b in sample s at b·samples + s. */
const WEIGHTS: Binding = { name: "sample_weights", type: "array<u32>", access: "read" };

export const bindingsOf = ({ weighting, mixes, runs }: Plan): readonly Binding[] => [
  ...BINDINGS,
  ...(weighting === "none" ? [] : [WEIGHTS]),
  ...tableBindings(mixes),
  ...tableBindings(runs),
];

/**
 * The contents of `mixes` and of a target's `runs`; `unit` is the mean weight of a block in the
 * samples.
 */
export function tablesOf(
  plan: Plan,
  program: Program,
  packed: Packed,
  blocks: Int32Array | undefined,
  unit: number,
): { mixes: TableContents; runs: (target: number) => TableContents } {
  const { mix, run, response } = program.tables;
  const { start, order } = packed;
  const mixValue = (g: number, c: number): number =>
    c < mix.length
      ? packed.mix[g * mix.length + c]
      : c === mix.length
        ? start[g + 1]
        : (blocks?.[order[start[g]]] ?? 0);
  return {
    mixes: fillTable(plan.mixes, start.length - 1, mixValue),
    runs: (target) => {
      const weights = packed.weights[target];
      const mass = weights.reduce((a, b) => a + b, 0) * unit;
      return fillTable(plan.runs, order.length, (at, c) => {
        if (c < run.length) return packed.run[at * run.length + c];
        const r = c - run.length;
        if (r < response.length) return packed.responses[target][at * response.length + r];
        return r === response.length ? weights[at] / mass : (blocks?.[order[at]] ?? 0);
      });
    },
  };
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
  coordinates: 9,
} as const;

/** A candidate's status in its record. */
export const STATUS = { running: 0, converged: 1, stalled: 2, nonfinite: 3 } as const;

/** What the schedule has for a lane without a candidate. */
export const NOBODY = 0xffffffff;

/** Words of a record of a law with p coordinates. */
export const recordWords = (p: number): number => RECORD.coordinates + 3 * p;

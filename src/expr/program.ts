/**
 * Straight-line code of a law, in four levels, each computed as rarely as it can be:
 *
 *   data  depends on data only      → a column, computed once in float64
 *   fit   depends on parameters     → once a candidate
 *   mix   also on mixture weights   → once a distinct mixture (a *group* of runs)
 *   run   also on other inputs      → once a run
 *
 * `compile` makes it from a graph; evaluators and kernels are made from it.
 */
import type { Node, OpName } from "./graph.ts";

export type Level = "fit" | "mix" | "run";

/**
 * Where a column of data lives: one value a mixture, one a run, or one a run and target (what
 * depends on the observed loss).
 */
export type Table = "mix" | "run" | "response";

/** The input that stands for the observed loss: residuals are written with it. */
export const RESPONSE = "response";

/** One value of the program, computed from earlier ones. */
export type Slot =
  | { readonly kind: "const"; readonly value: number }
  | { readonly kind: "param"; readonly index: number }
  | {
      readonly kind: "column";
      readonly table: Table;
      readonly index: number;
    }
  | {
      readonly kind: "op";
      readonly level: Level;
      readonly op: OpName;
      readonly args: readonly number[];
    };

/** When a slot is computed; constants belong to no level. */
export function levelOf(slot: Slot): Level | undefined {
  if (slot.kind === "const") return undefined;
  if (slot.kind === "op") return slot.level;
  return slot.kind === "param" ? "fit" : slot.table === "mix" ? "mix" : "run";
}

/**
 * d_c and the nonzero g_c,j: which parameters this column of the factored Jacobian feeds, and
 * through which slots.
 */
export interface Column {
  readonly partial: number;
  readonly entries: readonly { readonly param: number; readonly slot: number }[];
}

/** Serializable: it goes to worker threads as it is. */
export interface Program {
  readonly params: number;
  readonly slots: readonly Slot[];
  /** Slot of the compiled expression: a loss, or a residual. */
  readonly value: number;
  readonly columns: readonly Column[];
  /** Data-only expressions that fill the columns of each table, over weight and input leaves. */
  readonly tables: Readonly<Record<Table, readonly Node[]>>;
  /** The program with `bend`, where it was asked for. */
  readonly bent?: BentProgram;
}

/**
 * A program that also has the value's second derivative r″ along a direction of the coordinates.
 * Its first slots are those of the program it extends; parameters from `params` on are the
 * direction.
 */
export interface BentProgram extends Program {
  /** Slot of r″. */
  readonly bend: number;
}

/** The slots of one level, in order, with the columns that level loads. */
export const ofLevel = (program: Program, level: Level): number[] =>
  program.slots.flatMap((slot, i) => (levelOf(slot) === level ? [i] : []));

/**
 * The part of a program that its value depends on: slots keep their numbers, what only derivatives
 * need becomes a constant.
 */
export const valueOnly = (program: Program): Program => withColumnsOf(program, new Set());

/** The same, with the derivatives by some of the parameters. */
export function withColumnsOf(program: Program, params: ReadonlySet<number>): Program {
  const columns = program.columns
    .map((column) => ({
      ...column,
      entries: column.entries.filter(({ param }) => params.has(param)),
    }))
    .filter(({ entries }) => entries.length > 0);
  const needed = new Set<number>();
  const visit = (i: number): void => {
    const slot = program.slots[i];
    if (needed.has(i)) return;
    needed.add(i);
    if (slot.kind === "op") slot.args.forEach(visit);
  };
  visit(program.value);
  for (const { partial, entries } of columns) {
    visit(partial);
    for (const { slot } of entries) visit(slot);
  }
  const slots = program.slots.map((slot, i) =>
    needed.has(i) ? slot : ({ kind: "const", value: 0 } as const),
  );
  return { ...program, slots, columns };
}

const contents = new WeakMap<Program, string>();

/**
 * All of a program that code made of it can depend on: programs of the same content have the same
 * code. What fills their tables may differ, of which only the numbers of columns are in it.
 */
export function contentOf(program: Program): string {
  const known = contents.get(program);
  if (known !== undefined) return known;
  const { bent } = program;
  const content = [program, ...(bent === undefined ? [] : [bent])]
    .map((each) => [...partsOf(each)].join(" "))
    .join("\n");
  contents.set(program, content);
  return content;
}

function* partsOf(program: Program | BentProgram): Generator<string | number> {
  const { params, value, slots, columns, tables } = program;
  yield* [params, value, "bend" in program ? program.bend : "", ...Object.values(tables).map(({ length }) => length)]; // prettier-ignore
  for (const slot of slots) yield slotText(slot);
  for (const { partial, entries } of columns)
    yield [partial, ...entries.map((entry) => `${entry.param}:${entry.slot}`)].join(",");
}

function slotText(slot: Slot): string {
  switch (slot.kind) {
    case "const":
      return Object.is(slot.value, -0) ? "c-0" : `c${slot.value}`;
    case "param":
      return `p${slot.index}`;
    case "column":
      return `${slot.table}${slot.index}`;
    case "op":
      return `${slot.level}.${slot.op}(${slot.args.join(",")})`;
  }
}

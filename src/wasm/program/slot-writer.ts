/** The code of a program's slots in one function: each slot a local variable of two lanes. */
import { OPS } from "../../expr/operators.ts";
import type { Level, Program } from "../../expr/program.ts";
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { MathFunctions } from "../math/math-functions.ts";
import { f64x2, v128 } from "../simd.ts";
import { type CodePlan, pairedCalls } from "./code-plan.ts";
import { type Layout, placeOf } from "./layout.ts";

/**
 * Addresses of the columns that slots read, those of the two lanes side by side: of a pair of
 * mixtures, of a step (the runs' columns, then those of their responses), of a cell.
 */
export interface Rows {
  readonly pair?: Local<"i32">;
  readonly step?: Local<"i32">;
  readonly cell?: Code<"v128">;
}

/** What functions that compute slots of a program have in common. */
export interface SlotCode {
  readonly program: Program;
  readonly plan: CodePlan;
  readonly layout: Pick<Layout, "theta" | "values">;
  readonly math: MathFunctions;
  /** Levels whose slots have the same number in both lanes. */
  readonly alike?: readonly Level[];
}

/** The same of a fit's program. */
export interface ProgramCode extends SlotCode {
  readonly layout: Layout;
}

export class SlotWriter {
  readonly #values = new Map<number, Code<"v128">>();

  constructor(
    readonly f: FunctionBuilder,
    readonly state: Local<"i32">,
    readonly code: SlotCode,
    /** Its program, or the bent form of that. */
    readonly program: Program,
  ) {}

  /** A slot's value: a constant, or a local variable. One that is computed elsewhere is loaded. */
  value(i: number): Code<"v128"> {
    const known = this.#values.get(i);
    if (known !== undefined) return known;
    const slot = this.program.slots[i];
    if (slot.kind === "const") return f64x2.const(slot.value);
    const { layout, plan } = this.code;
    const loaded = this.f.let(v128.load(this.state, placeOf(layout, plan, i)));
    this.#values.set(i, loaded);
    return loaded;
  }

  /**
   * Makes local variables of what slots read that are computed elsewhere, constants too: before a
   * loop that computes the slots.
   *
   * @param given what that loop has anyway
   */
  loadArguments(ids: readonly number[], given: readonly number[] = []): void {
    const own = new Set([...ids, ...given]);
    for (const i of ids) {
      const slot = this.program.slots[i];
      if (slot.kind === "op") for (const arg of slot.args) if (!own.has(arg)) this.keep(arg);
    }
  }

  /** Makes a local variable of a slot that is computed elsewhere. */
  keep(i: number): void {
    const value = this.value(i);
    if (!this.#values.has(i)) this.#values.set(i, this.f.let(value));
  }

  /** Says what a slot's value is. */
  give(i: number, value: Code<"v128">): void {
    this.#values.set(i, value);
  }

  /** Computes slots, which are in order. */
  compute(ids: readonly number[], rows: Rows): void {
    const { alike } = this.code;
    const calls = alike === undefined ? ids.map((i) => [i] as const) : pairedCalls(this.program, ids, alike); // prettier-ignore
    for (const [i, other] of calls)
      if (other === undefined) this.#values.set(i, this.f.let(this.#codeOf(i, rows)));
      else this.#callBoth(i, other);
  }

  /** Computes two slots that call the same function. */
  #callBoth(i: number, other: number): void {
    const { slots } = this.program;
    const [first, second] = [slots[i], slots[other]];
    if (first.kind !== "op" || second.kind !== "op") throw new Error("only operators are called");
    const [a, b] = [first, second].map(({ args: [arg] }) => this.value(arg));
    const both = f64x2.replaceLane(a, 1, f64x2.extractLane(b, 0));
    const result = this.f.let(OPS[first.op].wasm(this.code.math, both, both));
    for (const [lane, slot] of ([i, other] as const).entries())
      this.#values.set(
        slot,
        this.f.let(f64x2.splat(f64x2.extractLane(result, lane === 0 ? 0 : 1))),
      );
  }

  /** Hands on what other functions read. */
  store(ids: readonly number[]): void {
    const { layout, plan } = this.code;
    for (const i of ids)
      if (plan.stored.has(i))
        this.f.do(v128.store(this.state, this.value(i), placeOf(layout, plan, i)));
  }

  #codeOf(i: number, rows: Rows): Code<"v128"> {
    const slot = this.program.slots[i];
    if (slot.kind === "const") return f64x2.const(slot.value);
    if (slot.kind === "param")
      return v128.load64Splat(this.state, this.code.layout.theta + 8 * slot.index);
    if (slot.kind === "op") {
      const [a, b = a] = slot.args.map((arg) => this.value(arg));
      return OPS[slot.op].wasm(this.code.math, a, b);
    }
    if (rows.cell !== undefined) return rows.cell;
    const row = slot.table === "mix" ? rows.pair : rows.step;
    if (row === undefined) throw new Error(`no columns of the ${slot.table} table are here`);
    const before = slot.table === "response" ? this.code.program.tables.run.length : 0;
    return v128.load(row, 16 * (before + slot.index));
  }
}

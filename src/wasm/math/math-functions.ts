/** Functions of two float64 numbers at once, as functions of a module. */
import type { Code, Local } from "../code.ts";
import { callOf, type Func, type FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { exp, tanh } from "./exponential.ts";
import { d2log1pc, dlog1pc, log1pc } from "./log1pc.ts";
import { log, log1p } from "./logarithm.ts";
import { phi } from "./phi.ts";
import { atan, cos, sin } from "./trigonometric.ts";

type Vector = Code<"v128">;

/** Writes a function's statements; returns its result. */
type Body = (f: FunctionBuilder, module: ModuleBuilder, x: Local<"v128">) => Vector;

const BODIES = {
  exp,
  log,
  log1p,
  tanh,
  atan,
  sin,
  cos,
  phi2: phi(2),
  phi3: phi(3),
  phi4: phi(4),
  log1pc,
  dlog1pc,
  d2log1pc,
} satisfies Record<string, Body>;

export type MathName = keyof typeof BODIES;

/** Whether an operator is one of them, or calls one. */
export const isFunction = (operator: string): boolean =>
  operator === "logz" || Object.hasOwn(BODIES, operator);

/**
 * Adds each function to the module when it is first called for. A result does not depend on its
 * lane, nor on the other lane. As functions read their constants from the memory, the module's
 * memory is imported before.
 *
 * @example
 *   const math = new MathFunctions(module);
 *   const y = f.let(math.call("exp", x)); // eˣ in both lanes
 */
export class MathFunctions {
  readonly #added = new Map<MathName, Func<readonly ["v128"], "v128">>();

  constructor(readonly module: ModuleBuilder) {}

  /** A call of a function: its result in both lanes, as an expression. */
  call(name: MathName, x: Vector): Vector {
    const { module } = this;
    const body: Body = BODIES[name];
    const func =
      this.#added.get(name) ?? module.func(name, ["v128"], "v128", (f, y) => body(f, module, y));
    this.#added.set(name, func);
    return callOf(func, x);
  }
}

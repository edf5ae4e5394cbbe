/**
 * THE operator table: one row is everything mixlaw knows about an operator. CPU and GPU can differ
 * only inside a row. A missing column is a compile error.
 */
import {
  add,
  call,
  cos,
  div,
  mul,
  neg,
  type Node,
  type OpName,
  phi2 as phi2Of,
  sin,
  step,
  sub,
} from "./graph.ts";
import { NEGATIVE, POSITIVE } from "./intervals/interval.ts";
import {
  absoluteShape,
  differenceShape,
  extremeShape,
  monotone,
  negativeShape,
  productShape,
  quotientShape,
  type ShapeOf,
  sigmoid,
  stepShape,
  sumShape,
  wave,
  zeroedBelow,
} from "./intervals/operator-shapes.ts";
import {
  d2log1pc,
  dlog1pc,
  LARGEST_EXPONENT,
  log1pc,
  phi2,
  phi3,
  phi4,
} from "./special-functions.ts";
import type { Code } from "../wasm/code.ts";
import type { MathFunctions, MathName } from "../wasm/math/math-functions.ts";
import { f64x2, v128 } from "../wasm/simd.ts";

type Vector = Code<"v128">;

interface Op {
  readonly f64: (a: number, b: number) => number;
  /**
   * WGSL spelling, of one statement: its arguments are names or literals. Exponents are clamped:
   * WGSL has no dependable infinity, and a clamped loss is huge but finite.
   */
  readonly wgsl: (a: string, b: string) => string;
  /**
   * JavaScript spelling that does exactly what `f64` does; without it the compiled form calls
   * `f64`.
   */
  readonly js?: (a: string, b: string) => string;
  /**
   * WebAssembly spelling, of two float64 numbers at once: its arguments are local variables or
   * constants, as they may be used twice. It does what `f64` does, to a few last bits.
   */
  readonly wasm: (math: MathFunctions, a: Vector, b: Vector) => Vector;
  /** Text for people. */
  readonly show: (a: string, b: string) => string;
  /** How tightly `show` binds: 1 sum, 2 product, 3 unary minus, 4 call. */
  readonly binds: 1 | 2 | 3 | 4;
  readonly arity: 1 | 2;
  /**
   * ∂self/∂argᵢ. "none": this operator is itself a second derivative, and a third one is never
   * asked for.
   */
  readonly partials: ((args: readonly Node[], self: Node) => readonly (Node | number)[]) | "none";
  /** Where its values lie, how it rises and how it bends, on intervals of its arguments. */
  readonly shape: ShapeOf;
}

const between = (sign: string) => (a: string, b: string) => `${a} ${sign} ${b}`;
const infix = (sign: string) => (a: string, b: string) => `(${a} ${sign} ${b})`;
const named = (name: string) => (a: string) => `${name}(${a})`;
/** A function of the assembler's library. */
const mathCall =
  (name: MathName) =>
  (math: MathFunctions, a: Vector): Vector =>
    math.call(name, a);
/** What is so where a > 0, and 0 elsewhere. */
const whereAbove0 = (value: (math: MathFunctions, a: Vector) => Vector) => {
  return (math: MathFunctions, a: Vector): Vector =>
    v128.and(value(math, a), f64x2.gt(a, math.module.constant(0)));
};
const first = (args: readonly Node[]): Node => args[0];
const second = (args: readonly Node[]): Node => args[1];
const unaryCall = { binds: 4, arity: 1 } as const;

export const OPS: { readonly [K in OpName]: Op } = {
  add: {
    arity: 2,
    binds: 1,
    f64: (a, b) => a + b,
    wgsl: between("+"),
    js: infix("+"),
    wasm: (_, a, b) => f64x2.add(a, b),
    show: (a, b) => `${a} + ${b}`,
    partials: () => [1, 1],
    shape: sumShape,
  },
  sub: {
    arity: 2,
    binds: 1,
    f64: (a, b) => a - b,
    wgsl: between("-"),
    js: infix("-"),
    wasm: (_, a, b) => f64x2.sub(a, b),
    show: (a, b) => `${a} - ${b}`,
    partials: () => [1, -1],
    shape: differenceShape,
  },
  mul: {
    arity: 2,
    binds: 2,
    f64: (a, b) => a * b,
    wgsl: between("*"),
    js: infix("*"),
    wasm: (_, a, b) => f64x2.mul(a, b),
    show: (a, b) => `${a}·${b}`,
    partials: (x) => [second(x), first(x)],
    shape: productShape,
  },
  div: {
    arity: 2,
    binds: 2,
    f64: (a, b) => a / b,
    wgsl: between("/"),
    js: infix("/"),
    wasm: (_, a, b) => f64x2.div(a, b),
    show: (a, b) => `${a}/${b}`,
    // The minus sign is inside: as a negation of its own it would cost more than the division.
    partials: (x, self) => [div(1, second(x)), mul(self, div(-1, second(x)))],
    shape: quotientShape,
  },
  neg: {
    arity: 1,
    binds: 3,
    f64: (a) => -a,
    wgsl: (a) => `-${a}`,
    js: (a) => `(-${a})`,
    wasm: (_, a) => f64x2.neg(a),
    show: (a) => `−${a}`,
    partials: () => [-1],
    shape: negativeShape,
  },
  exp: {
    ...unaryCall,
    f64: Math.exp,
    wgsl: (a) => `exp(min(${a}, 80.0))`,
    wasm: mathCall("exp"),
    show: named("exp"),
    partials: (_, self) => [self],
    shape: monotone(Math.exp, POSITIVE, POSITIVE),
  },
  log: {
    ...unaryCall,
    f64: Math.log,
    wgsl: (a) => `log(max(${a}, 1e-37))`,
    wasm: mathCall("log"),
    show: named("ln"),
    partials: (x) => [div(1, first(x))],
    shape: monotone(Math.log, POSITIVE, NEGATIVE, 0),
  },
  sqrt: {
    ...unaryCall,
    f64: Math.sqrt,
    wgsl: named("sqrt"),
    wasm: (_, a) => f64x2.sqrt(a),
    show: named("sqrt"),
    partials: (_, self) => [div(0.5, self)],
    shape: monotone(Math.sqrt, POSITIVE, NEGATIVE, 0),
  },
  // float32 loses tanh's tail beyond ±15 anyway, and some drivers compute it with exponentials that
  // overflow.
  tanh: {
    ...unaryCall,
    f64: Math.tanh,
    wgsl: (a) => `tanh(clamp(${a}, -15.0, 15.0))`,
    wasm: mathCall("tanh"),
    show: named("tanh"),
    partials: (_, self) => [sub(1, mul(self, self))],
    shape: sigmoid(Math.tanh),
  },
  atan: {
    ...unaryCall,
    f64: Math.atan,
    wgsl: named("atan"),
    wasm: mathCall("atan"),
    show: named("atan"),
    partials: (x) => [div(1, add(1, mul(first(x), first(x))))],
    shape: sigmoid(Math.atan),
  },
  sin: {
    ...unaryCall,
    f64: Math.sin,
    wgsl: (a) => `sin(turn(${a}))`,
    wasm: mathCall("sin"),
    show: named("sin"),
    partials: (x) => [cos(first(x))],
    shape: wave(Math.sin, 0),
  },
  cos: {
    ...unaryCall,
    f64: Math.cos,
    wgsl: (a) => `cos(turn(${a}))`,
    wasm: mathCall("cos"),
    show: named("cos"),
    partials: (x) => [neg(sin(first(x)))],
    shape: wave(Math.cos, -Math.PI / 2),
  },
  abs: {
    ...unaryCall,
    f64: Math.abs,
    wgsl: named("abs"),
    wasm: (_, a) => f64x2.abs(a),
    show: named("abs"),
    partials: (x) => [sub(step(first(x)), step(neg(first(x))))],
    shape: absoluteShape,
  },
  min: {
    arity: 2,
    binds: 4,
    f64: Math.min,
    wgsl: (a, b) => `min(${a}, ${b})`,
    wasm: (_, a, b) => f64x2.min(a, b),
    show: (a, b) => `min(${a}, ${b})`,
    partials: (x) => [step(sub(second(x), first(x))), sub(1, step(sub(second(x), first(x))))],
    shape: extremeShape("smaller"),
  },
  max: {
    arity: 2,
    binds: 4,
    f64: Math.max,
    wgsl: (a, b) => `max(${a}, ${b})`,
    wasm: (_, a, b) => f64x2.max(a, b),
    show: (a, b) => `max(${a}, ${b})`,
    partials: (x) => [step(sub(first(x), second(x))), sub(1, step(sub(first(x), second(x))))],
    shape: extremeShape("larger"),
  },
  step: {
    ...unaryCall,
    f64: (a) => (a > 0 ? 1 : 0),
    wgsl: (a) => `select(0.0, 1.0, ${a} > 0.0)`,
    wasm: whereAbove0((math) => math.module.constant(1)),
    show: named("step"),
    partials: () => [0],
    shape: stepShape,
  },
  logz: {
    ...unaryCall,
    f64: (a) => (a > 0 ? Math.log(a) : 0),
    wgsl: named("logz"),
    wasm: whereAbove0(mathCall("log")),
    show: named("ln"),
    partials: (x) => [call("recipz", first(x))],
    shape: zeroedBelow(Math.log, POSITIVE, NEGATIVE),
  },
  recipz: {
    ...unaryCall,
    f64: (a) => (a > 0 ? 1 / a : 0),
    wgsl: named("recipz"),
    wasm: whereAbove0((math, a) => f64x2.div(math.module.constant(1), a)),
    show: named("recip"),
    partials: (_, self) => [neg(mul(self, self))],
    shape: zeroedBelow((x) => 1 / x, NEGATIVE, POSITIVE),
  },
  // φₖ(z) = ∫₀¹ e^((1−t)z)·tᵏ⁻¹/(k−1)! dt: all its derivatives are positive.
  // φₖ′ = φₖ − k·φₖ₊₁ (Hochbruck & Ostermann 2010, Exponential integrators, section 2.1)
  phi2: {
    ...unaryCall,
    f64: phi2,
    wgsl: named("phi2"),
    wasm: mathCall("phi2"),
    show: named("phi2"),
    partials: (x) => [sub(phi2Of(first(x)), mul(2, call("phi3", first(x))))],
    shape: monotone(phi2, POSITIVE, POSITIVE, -Infinity, LARGEST_EXPONENT),
  },
  phi3: {
    ...unaryCall,
    f64: phi3,
    wgsl: named("phi3"),
    wasm: mathCall("phi3"),
    show: named("phi3"),
    partials: (x, self) => [sub(self, mul(3, call("phi4", first(x))))],
    shape: monotone(phi3, POSITIVE, POSITIVE, -Infinity, LARGEST_EXPONENT),
  },
  phi4: {
    ...unaryCall,
    f64: phi4,
    wgsl: named("phi4"),
    wasm: mathCall("phi4"),
    show: named("phi4"),
    partials: "none",
    shape: monotone(phi4, POSITIVE, POSITIVE, -Infinity, LARGEST_EXPONENT),
  },
  // ln(1 + x)/x = ∫₀¹ 1/(1 + xt) dt: the signs of its derivatives alternate.
  log1pc: {
    ...unaryCall,
    f64: log1pc,
    wgsl: named("log1pc"),
    wasm: mathCall("log1pc"),
    show: named("log1pc"),
    partials: (x) => [call("dlog1pc", first(x))],
    shape: monotone(log1pc, NEGATIVE, POSITIVE, -1),
  },
  dlog1pc: {
    ...unaryCall,
    f64: dlog1pc,
    wgsl: named("dlog1pc"),
    wasm: mathCall("dlog1pc"),
    show: named("dlog1pc"),
    partials: (x) => [call("d2log1pc", first(x))],
    shape: monotone(dlog1pc, POSITIVE, NEGATIVE, -1),
  },
  d2log1pc: {
    ...unaryCall,
    f64: d2log1pc,
    wgsl: named("d2log1pc"),
    wasm: mathCall("d2log1pc"),
    show: named("d2log1pc"),
    partials: "none",
    shape: monotone(d2log1pc, NEGATIVE, POSITIVE, -1),
  },
};

/** Every operator of the table, for suites that go through all of them. */
export const OP_NAMES = Object.keys(OPS) as readonly OpName[];

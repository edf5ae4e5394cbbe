/** Every instruction that computes, against JavaScript. */
import { expect, test } from "vitest";
import type { Code } from "../../src/wasm/code.ts";
import { ModuleBuilder } from "../../src/wasm/module-builder.ts";
import { f64, i32, i64 } from "../../src/wasm/scalar.ts";
import { f64x2, i32x4, i64x2, v128 } from "../../src/wasm/simd.ts";
import { instantiate } from "./instantiate.ts";

type Scalar = "i32" | "f64";

/** The value of an expression of two operands. */
function valueOf<T extends Scalar>(
  operand: T,
  result: Scalar,
  spell: (a: Code<T>, b: Code<T>) => Code<"i32"> | Code<"f64">,
  a: number,
  b: number,
): number {
  const module = new ModuleBuilder();
  module.export(
    module.func<readonly [T, T], Scalar>("run", [operand, operand], result, (_, x, y) =>
      spell(x, y),
    ),
  );
  return instantiate(module).run(a, b);
}

const INTEGERS = [
  [7, 3],
  [-7, 3],
  [5, 5],
  [-1, 31],
] as const;

test.each([
  ["eq", (a, b) => +(a === b)],
  ["ltS", (a, b) => +(a < b)],
  ["ltU", (a, b) => +(a >>> 0 < b >>> 0)],
  ["gtS", (a, b) => +(a > b)],
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => Math.imul(a, b)],
  ["and", (a, b) => a & b],
  ["shl", (a, b) => a << b],
  ["shrU", (a, b) => (a >>> b) | 0],
] as const satisfies readonly (readonly [keyof typeof i32, (a: number, b: number) => number])[])(
  "i32.%s",
  (name, expected) => {
    for (const [a, b] of INTEGERS)
      expect(valueOf("i32", "i32", i32[name], a, b), `${a}, ${b}`).toBe(expected(a, b));
  },
);

const NUMBERS = [
  [2.5, -1.25],
  [-3.5, 3.5],
  [0, -0],
  [1e300, 1e-300],
  [NaN, 1],
  [2.5, 2.5],
] as const;

/** To the nearest whole number, halves to the even one. */
const toEven = (x: number): number =>
  Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);

const BINARY = [
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => a * b],
  ["div", (a, b) => a / b],
] as const satisfies readonly (readonly [string, (a: number, b: number) => number])[];
const UNARY = [
  ["abs", Math.abs],
  ["neg", (a) => -a],
  ["nearest", toEven],
  ["sqrt", Math.sqrt],
] as const satisfies readonly (readonly [string, (a: number) => number])[];
const COMPARISONS = [
  ["eq", (a, b) => a === b],
  ["ne", (a, b) => a !== b],
  ["lt", (a, b) => a < b],
  ["gt", (a, b) => a > b],
  ["ge", (a, b) => a >= b],
] as const satisfies readonly (readonly [string, (a: number, b: number) => boolean])[];

/** Lane 1 of an f64x2 expression, whose operands are 1 in lane 0. */
const inLane1 =
  (spell: (a: Code<"v128">, b: Code<"v128">) => Code<"v128">) =>
  (a: Code<"f64">, b: Code<"f64">): Code<"f64"> =>
    f64x2.extractLane(
      spell(
        f64x2.replaceLane(f64x2.const(1), 1, a),
        f64x2.replaceLane(f64x2.splat(f64.const(1)), 1, b),
      ),
      1,
    );

test.each(BINARY)("f64.%s, f64x2.%s", (name, expected) => {
  for (const [a, b] of NUMBERS) {
    expect(valueOf("f64", "f64", f64[name], a, b)).toBe(expected(a, b));
    expect(valueOf("f64", "f64", inLane1(f64x2[name]), a, b)).toBe(expected(a, b));
  }
});

test.each(UNARY)("f64x2.%s", (name, expected) => {
  for (const a of NUMBERS.flat())
    expect(valueOf("f64", "f64", inLane1((x) => f64x2[name](x)), a, 0)).toBe(expected(a)); // prettier-ignore
});

test.each(COMPARISONS)("f64x2.%s", (name, expected) => {
  for (const [a, b] of NUMBERS) {
    const masked = inLane1((x, y) => v128.and(f64x2.const(2), f64x2[name](x, y)));
    expect(valueOf("f64", "f64", masked, a, b)).toBe(expected(a, b) ? 2 : 0);
  }
});

test("f64.lt and ge compare, abs and copysign are of the sign", () => {
  for (const [a, b] of NUMBERS) {
    expect(valueOf("f64", "i32", f64.lt, a, b)).toBe(+(a < b));
    expect(valueOf("f64", "i32", f64.ge, a, b)).toBe(+(a >= b));
    expect(valueOf("f64", "f64", f64.abs, a, b)).toBe(Math.abs(a));
  }
  expect(valueOf("f64", "f64", f64.copysign, 3, -0)).toBe(-3);
});

test("min and max are as Math's, pmin and pmax one comparison", () => {
  for (const [a, b] of NUMBERS) {
    expect(valueOf("f64", "f64", inLane1(f64x2.min), a, b)).toBe(Math.min(a, b));
    expect(valueOf("f64", "f64", inLane1(f64x2.max), a, b)).toBe(Math.max(a, b));
    expect(valueOf("f64", "f64", inLane1(f64x2.pmin), a, b)).toBe(b < a ? b : a);
    expect(valueOf("f64", "f64", inLane1(f64x2.pmax), a, b)).toBe(a < b ? b : a);
  }
});

/** The lanes of a v128 without operands. */
function lanesOf(value: Code<"v128">): bigint[] {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", { min: 1 });
  module.export(module.func("run", [], "none", (f) => f.do(v128.store(0, value, 16))));
  const memory = new WebAssembly.Memory({ initial: 1 });
  instantiate(module, memory).run();
  return [...new BigInt64Array(memory.buffer, 16, 2)];
}

const [a, b] = [i64x2.const(5n, -9n), i64x2.const(-3n, 4n)];
const ONES = -1n;

test.each([
  ["i64x2.add", i64x2.add(a, b), [2n, -5n]],
  ["i64x2.sub", i64x2.sub(a, b), [8n, -13n]],
  ["i64x2.shl", i64x2.shl(a, 2), [20n, -36n]],
  ["i64x2.shrU", i64x2.shrU(a, 60), [0n, 15n]],
  ["i64x2.eq", i64x2.eq(a, 5n), [ONES, 0n]],
  ["i64x2.replaceLane", i64x2.replaceLane(a, 1, 8n), [5n, 8n]],
  ["v128.not", v128.not(a), [-6n, 8n]],
  ["v128.and", v128.and(a, 6n), [4n, 6n]],
  ["v128.andnot", v128.andnot(a, 4n), [1n, -13n]],
  ["v128.or", v128.or(a, 2n), [7n, -9n]],
  ["v128.xor", v128.xor(a, 1n), [4n, -10n]],
  ["v128.bitselect", v128.bitselect(a, b, i64x2.const(ONES, 0n)), [5n, 4n]],
] as const)("%s", (_, value, expected) => {
  expect(lanesOf(value)).toEqual(expected);
});

test("numbers become others", () => {
  const whole = (spell: (x: Code<"f64">) => Code<"i64">, x: number): number =>
    valueOf("f64", "i32", (number64) => i32.wrapI64(spell(number64)), x, 0);
  const number = (spell: (x: Code<"i32">) => Code<"f64">, x: number): number =>
    valueOf("i32", "f64", spell, x, 0);
  expect([4e9, -1, NaN].map((x) => whole(i64.truncSatF64U, x))).toEqual([4e9 | 0, 0, 0]);
  expect(whole((x) => i64.shrU(i64.reinterpretF64(x), 52n), 1)).toBe(1023);
  expect(number((x) => f64.convertI64S(i64.extendI32U(x)), -1)).toBe(2 ** 32 - 1);
  expect(number((x) => f64.convertI64S(i64.sub(0n, i64.extendI32U(x))), 5)).toBe(-5);
  expect(number((x) => f64.reinterpretI64(i64.shl(i64.extendI32U(x), 52n)), 1024)).toBe(2);
  expect(valueOf("i32", "i32", () => i32x4.extractLane(i64x2.const(7n, 9n), 2), 0, 0)).toBe(9);
});

test("64-bit integers compute", () => {
  const half = (value: Code<"i64">): number =>
    valueOf("i32", "i32", () => i32.wrapI64(i64.shrS(value, 1n)), 0, 0);
  expect(half(i64.add(8n, -2n))).toBe(3);
  expect(half(i64.sub(8n, -2n))).toBe(5);
  expect(half(i64.mul(-8n, 3n))).toBe(-12);
  expect(half(i64.and(14n, 6n))).toBe(3);
  expect(half(i64.or(8n, 6n))).toBe(7);
  const truth = (value: Code<"i32">): number => valueOf("i32", "i32", () => value, 0, 0);
  expect([i64x2.const(0n, 1n), i64x2.const(0n)].map(v128.anyTrue).map(truth)).toEqual([1, 0]);
});

test("memory is loaded from and stored to", () => {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", { min: 1 });
  const copy = module.func("copy", ["i32"], "none", (f, from) => {
    f.do(f64.store(from, f64.load(i32.load(from, 16), 16), 64));
    f.do(v128.store(from, v128.load64Splat(from, 8), 96));
    f.do(v128.store(from, v128.load64Lane(from, v128.load64Zero(from), 1, 8), 112));
  });
  module.export(copy);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const numbers = new Float64Array(memory.buffer);
  numbers.set([Math.PI, Math.E, 0, Math.SQRT2]);
  new Int32Array(memory.buffer)[4] = 8; // an address
  instantiate(module, memory).copy(0);
  expect(numbers[8]).toBe(Math.SQRT2);
  expect(Array.from(numbers.subarray(12, 16))).toEqual([Math.E, Math.E, Math.PI, Math.E]);
});

/** Every instruction that computes, against JavaScript. */
import { expect, test } from "vitest";
import type { Code } from "../../src/wasm/code.ts";
import { ModuleBuilder } from "../../src/wasm/module-builder.ts";
import { f64, i32, i64 } from "../../src/wasm/scalar.ts";
import { f64x2, i32x4, i64x2, shuffle, shuffleBytes, v128 } from "../../src/wasm/simd.ts";
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
  ["ne", (a, b) => +(a !== b)],
  ["ltS", (a, b) => +(a < b)],
  ["ltU", (a, b) => +(a >>> 0 < b >>> 0)],
  ["gtS", (a, b) => +(a > b)],
  ["gtU", (a, b) => +(a >>> 0 > b >>> 0)],
  ["leS", (a, b) => +(a <= b)],
  ["leU", (a, b) => +(a >>> 0 <= b >>> 0)],
  ["geS", (a, b) => +(a >= b)],
  ["geU", (a, b) => +(a >>> 0 >= b >>> 0)],
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => Math.imul(a, b)],
  ["divS", (a, b) => Math.trunc(a / b) | 0],
  ["divU", (a, b) => Math.trunc((a >>> 0) / (b >>> 0)) | 0],
  ["remS", (a, b) => (a % b) | 0],
  ["remU", (a, b) => ((a >>> 0) % (b >>> 0)) | 0],
  ["and", (a, b) => a & b],
  ["or", (a, b) => a | b],
  ["xor", (a, b) => a ^ b],
  ["shl", (a, b) => a << b],
  ["shrS", (a, b) => a >> b],
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
  ["min", Math.min],
  ["max", Math.max],
] as const satisfies readonly (readonly [string, (a: number, b: number) => number])[];
const UNARY = [
  ["abs", Math.abs],
  ["neg", (a) => -a],
  ["ceil", Math.ceil],
  ["floor", Math.floor],
  ["trunc", Math.trunc],
  ["nearest", toEven],
  ["sqrt", Math.sqrt],
] as const satisfies readonly (readonly [string, (a: number) => number])[];
const COMPARISONS = [
  ["eq", (a, b) => a === b],
  ["ne", (a, b) => a !== b],
  ["lt", (a, b) => a < b],
  ["gt", (a, b) => a > b],
  ["le", (a, b) => a <= b],
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

test.each(UNARY)("f64.%s, f64x2.%s", (name, expected) => {
  for (const a of NUMBERS.flat()) {
    expect(valueOf("f64", "f64", (x) => f64[name](x), a, 0)).toBe(expected(a));
    expect(
      valueOf(
        "f64",
        "f64",
        inLane1((x) => f64x2[name](x)),
        a,
        0,
      ),
    ).toBe(expected(a));
  }
});

test.each(COMPARISONS)("f64.%s, f64x2.%s", (name, expected) => {
  for (const [a, b] of NUMBERS) {
    const isSo = expected(a, b);
    const masked = inLane1((x, y) => v128.and(f64x2.const(2), f64x2[name](x, y)));
    expect(valueOf("f64", "i32", f64[name], a, b)).toBe(+isSo);
    expect(valueOf("f64", "f64", masked, a, b)).toBe(isSo ? 2 : 0);
  }
});

test("pmin and pmax are one comparison, copysign takes a sign", () => {
  for (const [a, b] of NUMBERS) {
    expect(valueOf("f64", "f64", inLane1(f64x2.pmin), a, b)).toBe(b < a ? b : a);
    expect(valueOf("f64", "f64", inLane1(f64x2.pmax), a, b)).toBe(a < b ? b : a);
  }
  expect(valueOf("f64", "f64", f64.copysign, 3, -0)).toBe(-3);
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
  ["i64x2.mul", i64x2.mul(a, b), [-15n, -36n]],
  ["i64x2.shl", i64x2.shl(a, 2), [20n, -36n]],
  ["i64x2.shrS", i64x2.shrS(a, 1), [2n, -5n]],
  ["i64x2.shrU", i64x2.shrU(a, 60), [0n, 15n]],
  ["i64x2.eq", i64x2.eq(a, 5n), [ONES, 0n]],
  ["i64x2.ne", i64x2.ne(a, 5n), [0n, ONES]],
  ["i64x2.ltS", i64x2.ltS(a, b), [0n, ONES]],
  ["i64x2.gtS", i64x2.gtS(a, b), [ONES, 0n]],
  ["i64x2.splat", i64x2.splat(-7n), [-7n, -7n]],
  ["i64x2.replaceLane", i64x2.replaceLane(a, 1, 8n), [5n, 8n]],
  ["i64x2.extendLowI32x4S", i64x2.extendLowI32x4S(i32x4.splat(-6)), [-6n, -6n]],
  ["v128.not", v128.not(a), [-6n, 8n]],
  ["v128.and", v128.and(a, 6n), [4n, 6n]],
  ["v128.andnot", v128.andnot(a, 4n), [1n, -13n]],
  ["v128.or", v128.or(a, 2n), [7n, -9n]],
  ["v128.xor", v128.xor(a, 1n), [4n, -10n]],
  ["v128.bitselect", v128.bitselect(a, b, i64x2.const(ONES, 0n)), [5n, 4n]],
  ["shuffle", shuffle(a, b, 1, 2), [-9n, -3n]],
  ["shuffleBytes", shuffleBytes(a, b, Array<number>(16).fill(0)), [0x0505050505050505n, 0x0505050505050505n]], // prettier-ignore
  ["i32x4.add", i32x4.add(i32x4.splat(3), i32x4.splat(-4)), [ONES, ONES]],
  ["i32x4.sub", i32x4.sub(i32x4.splat(3), i32x4.splat(4)), [ONES, ONES]],
  ["i32x4.eq", i32x4.eq(i32x4.splat(3), i32x4.splat(3)), [ONES, ONES]],
  ["i32x4.gtS", i32x4.gtS(i32x4.splat(3), i32x4.splat(-3)), [ONES, ONES]],
  ["i32x4.shl", i32x4.shl(i64x2.const(1n), 31), [0x80000000n, 0x80000000n]],
  ["i32x4.shrS", i32x4.shrS(i32x4.splat(-2), 1), [ONES, ONES]],
  ["i32x4.shrU", i32x4.shrU(i32x4.splat(-1), 31), [0x100000001n, 0x100000001n]],
  ["i32x4.truncSatF64x2SZero", i32x4.truncSatF64x2SZero(f64x2.const(3.9, -1)), [0xffffffff00000003n - (1n << 64n), 0n]], // prettier-ignore
] as const)("%s", (_, value, expected) => {
  expect(lanesOf(value)).toEqual(expected);
});

test("numbers become others", () => {
  const whole = (spell: (x: Code<"f64">) => Code<"i32">, x: number): number =>
    valueOf("f64", "i32", spell, x, 0);
  const number = (spell: (x: Code<"i32">) => Code<"f64">, x: number): number =>
    valueOf("i32", "f64", spell, x, 0);
  expect([1.9, -1.9, 1e300, NaN].map((x) => whole(i32.truncSatF64S, x))).toEqual([
    1,
    -1,
    2 ** 31 - 1,
    0,
  ]);
  expect(number(f64.convertI32S, -1)).toBe(-1);
  expect(number(f64.convertI32U, -1)).toBe(2 ** 32 - 1);
  expect(number((x) => f64.convertI64S(i64.extendI32S(x)), -5)).toBe(-5);
  expect(number((x) => f64.convertI64S(i64.extendI32U(x)), -1)).toBe(2 ** 32 - 1);
  expect(number((x) => f64x2.extractLane(f64x2.convertLowI32x4S(i32x4.splat(x)), 1), -3)).toBe(-3);
  expect(whole((x) => i32.wrapI64(i64.truncSatF64U(x)), 4e9)).toBe(4e9 | 0);
  expect(whole((x) => i32.wrapI64(i64.shrU(i64.reinterpretF64(x), 52n)), 1)).toBe(1023);
  expect(number((x) => f64.reinterpretI64(i64.shl(i64.extendI32U(x), 52n)), 1024)).toBe(2);
  expect(number((x) => f64.convertI32S(i32x4.extractLane(i32x4.splat(x), 2)), 9)).toBe(9);
  expect(number((x) => f64.convertI32S(i64x2.bitmask(i64x2.splat(i64.extendI32S(x)))), -9)).toBe(3);
});

test("64-bit integers compute", () => {
  const low = (value: Code<"i64">): number =>
    valueOf("i32", "i32", () => i32.wrapI64(i64.shrS(value, 1n)), 0, 0);
  expect(low(i64.add(8n, -2n))).toBe(3);
  expect(low(i64.sub(8n, -2n))).toBe(5);
  expect(low(i64.mul(-8n, 3n))).toBe(-12);
  expect(low(i64.and(14n, 6n))).toBe(3);
  expect(low(i64.or(8n, 6n))).toBe(7);
  expect(low(i64.xor(14n, 4n))).toBe(5);
  const truth = (value: Code<"i32">): number => valueOf("i32", "i32", () => value, 0, 0);
  expect([i64.eqz(0n), i64.eq(1n, 1n), i64.ne(1n, 1n), i64.ltS(-1n, 1n), i64.gtS(-1n, 1n)].map(truth)).toEqual([1, 1, 0, 1, 0]); // prettier-ignore
  expect([v128.anyTrue(i64x2.const(0n, 1n)), i64x2.allTrue(i64x2.const(0n, 1n)), i32.eqz(0)].map(truth)).toEqual([1, 0, 1]); // prettier-ignore
});

test("memory is loaded from and stored to", () => {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", { min: 1 });
  const copy = module.func("copy", ["i32"], "none", (f, from) => {
    f.do(i32.store(from, i32.load(from), 64), i32.store8(from, i32.load8u(from, 1), 72));
    f.do(i64.store(from, i64.load(from), 80), f64.store(from, f64.load(from, 8), 88));
    f.do(v128.store(from, v128.load64Splat(from, 8), 96));
    f.do(v128.store(from, v128.load64Lane(from, v128.load64Zero(from), 1, 8), 112));
    f.do(v128.store64Lane(from, v128.load(from), 1, 128));
  });
  module.export(copy);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const numbers = new Float64Array(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  numbers.set([Math.PI, Math.E]);
  instantiate(module, memory).copy(0);
  expect(bytes.slice(64, 68)).toEqual(bytes.slice(0, 4));
  expect(bytes[72]).toBe(bytes[1]);
  expect(Array.from(numbers.subarray(10, 17))).toEqual([Math.PI, Math.E, Math.E, Math.E, Math.PI, Math.E, Math.E]); // prettier-ignore
});

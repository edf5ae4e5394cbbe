/** Instructions on v128 (fixed-width SIMD), by the names of the specification. */
import {
  code,
  type Code,
  type F64,
  f64Of,
  type F64x2,
  f64x2Of,
  type I32,
  i32Of,
  type I64,
  i64Of,
  type I64x2,
  i64x2Of,
  vector,
} from "./code.ts";
import { float64, int64, unsigned } from "./encode.ts";
import { at } from "./scalar.ts";

/** One of the two halves of a v128. */
export type Lane = 0 | 1;

const simd = (opcode: number, ...immediate: readonly number[]): number[] => [
  0xfd,
  ...unsigned(opcode),
  ...immediate,
];

type V128 = Code<"v128">;

const f64x2Unary = (opcode: number) => {
  const bytes = simd(opcode);
  return (a: F64x2): V128 => code("v128", bytes, f64x2Of(a));
};
const f64x2Binary = (opcode: number) => {
  const bytes = simd(opcode);
  return (a: F64x2, b: F64x2): V128 => code("v128", bytes, f64x2Of(a), f64x2Of(b));
};
const i64x2Binary = (opcode: number) => {
  const bytes = simd(opcode);
  return (a: I64x2, b: I64x2): V128 => code("v128", bytes, i64x2Of(a), i64x2Of(b));
};
const shift = (opcode: number) => {
  const bytes = simd(opcode);
  return (a: V128, bits: I32): V128 => code("v128", bytes, a, i32Of(bits));
};

/** Whole vectors: loads, stores, bits. */
export const v128 = {
  load: (address: I32, offset = 0): V128 => code("v128", simd(0, ...at(3, offset)), i32Of(address)),
  /** One float64 number, in both lanes. */
  load64Splat: (address: I32, offset = 0): V128 =>
    code("v128", simd(10, ...at(3, offset)), i32Of(address)),
  /** One float64 number in lane 0, 0 in lane 1. */
  load64Zero: (address: I32, offset = 0): V128 =>
    code("v128", simd(0x5d, ...at(3, offset)), i32Of(address)),
  /** `a` with one lane from memory. */
  load64Lane: (address: I32, a: V128, lane: Lane, offset = 0): V128 =>
    code("v128", simd(0x57, ...at(3, offset), lane), i32Of(address), a),
  store: (address: I32, value: V128, offset = 0): Code<"none"> =>
    code("none", simd(11, ...at(3, offset)), i32Of(address), value),
  not: (a: V128): V128 => code("v128", simd(0x4d), a),
  and: i64x2Binary(0x4e),
  /** a & ~b */
  andnot: i64x2Binary(0x4f),
  or: i64x2Binary(0x50),
  xor: i64x2Binary(0x51),
  /** Bits of `a` where the mask's are 1, of `b` where they are 0. Comparisons give masks. */
  bitselect: (a: F64x2, b: F64x2, mask: V128): V128 =>
    code("v128", simd(0x52), f64x2Of(a), f64x2Of(b), mask),
  anyTrue: (a: V128): Code<"i32"> => code("i32", simd(0x53), a),
};

/** Two float64 numbers. Comparisons give masks: all bits of a lane 1 where true, else 0. */
export const f64x2 = {
  const: (lane0: number, lane1: number = lane0): V128 =>
    vector([...float64(lane0), ...float64(lane1)]),
  splat: (a: F64): V128 => code("v128", simd(20), f64Of(a)),
  extractLane: (a: V128, lane: Lane): Code<"f64"> => code("f64", simd(33, lane), a),
  replaceLane: (a: V128, lane: Lane, value: F64): V128 =>
    code("v128", simd(34, lane), a, f64Of(value)),
  eq: f64x2Binary(0x47),
  ne: f64x2Binary(0x48),
  lt: f64x2Binary(0x49),
  gt: f64x2Binary(0x4a),
  ge: f64x2Binary(0x4c),
  /** The nearest whole number; a half goes to the even one. */
  nearest: f64x2Unary(0x94),
  abs: f64x2Unary(0xec),
  neg: f64x2Unary(0xed),
  sqrt: f64x2Unary(0xef),
  add: f64x2Binary(0xf0),
  sub: f64x2Binary(0xf1),
  mul: f64x2Binary(0xf2),
  div: f64x2Binary(0xf3),
  /** As Math.min: NaN if either is, −0 below 0. */
  min: f64x2Binary(0xf4),
  max: f64x2Binary(0xf5),
  /** b < a ? b : a, one instruction of the processor. */
  pmin: f64x2Binary(0xf6),
  /** a < b ? b : a */
  pmax: f64x2Binary(0xf7),
};

/** Two 64-bit integers: the bits of two float64 numbers. */
export const i64x2 = {
  const: (lane0: bigint, lane1: bigint = lane0): V128 => vector([...int64(lane0), ...int64(lane1)]),
  replaceLane: (a: V128, lane: Lane, value: I64): V128 =>
    code("v128", simd(30, lane), a, i64Of(value)),
  shl: shift(0xcb),
  shrU: shift(0xcd),
  add: i64x2Binary(0xce),
  sub: i64x2Binary(0xd1),
  eq: i64x2Binary(0xd6),
  /** The top bits of both lanes, lane 0's the lowest: of a mask 3 where it is true in both. */
  bitmask: (a: V128): Code<"i32"> => code("i32", simd(0xc4), a),
};

/** Four 32-bit integers. */
export const i32x4 = {
  extractLane: (a: V128, lane: 0 | 1 | 2 | 3): Code<"i32"> => code("i32", simd(27, lane), a),
};

/**
 * Expressions of WebAssembly: trees of instructions, typed, so that a wrong operand is an error of
 * TypeScript.
 */
import { type ByteWriter, float64, int64, signed, unsigned } from "./encode.ts";

/** The types of values. A v128 is two float64 numbers, or integers of 16 bytes in all. */
export type ValueType = "i32" | "i64" | "f64" | "v128";

/** What an instruction leaves: a value, or nothing. */
export type Result = ValueType | "none";

/**
 * An instruction with its operands. It stands for a computation, not for its value: used twice, it
 * is computed twice. `FunctionBuilder.let` keeps a value.
 */
export interface Code<T extends Result> {
  readonly type: T;
  /** Computed first, in order. */
  readonly operands: readonly Code<ValueType>[];
  /** The instruction after its operands. */
  readonly bytes: readonly number[];
}

/** A local variable of a function; as an expression, its value. */
export interface Local<T extends ValueType> extends Code<T> {
  readonly index: number;
}

/** An i32 operand: a number is a constant. */
export type I32 = Code<"i32"> | number;
/** An i64 operand: a bigint is a constant. */
export type I64 = Code<"i64"> | bigint;
/** An f64 operand: a number is a constant. */
export type F64 = Code<"f64"> | number;
/** A v128 operand of two float64 numbers: a number is a constant, in both. */
export type F64x2 = Code<"v128"> | number;
/** A v128 operand of two 64-bit integers: a bigint is a constant, in both. */
export type I64x2 = Code<"v128"> | bigint;

export const code = <T extends Result>(
  type: T,
  bytes: readonly number[],
  ...operands: readonly Code<ValueType>[]
): Code<T> => ({ type, bytes, operands });

export const localOf = <T extends ValueType>(type: T, index: number): Local<T> => ({
  index,
  ...code(type, [0x20, ...unsigned(index)]),
});

export const i32Of = (x: I32): Code<"i32"> =>
  typeof x === "number" ? code("i32", [0x41, ...signed(x | 0)]) : x;
export const i64Of = (x: I64): Code<"i64"> =>
  typeof x === "bigint" ? code("i64", [0x42, ...signed(BigInt.asIntN(64, x))]) : x;
export const f64Of = (x: F64): Code<"f64"> =>
  typeof x === "number" ? code("f64", [0x44, ...float64(x)]) : x;
export const f64x2Of = (x: F64x2): Code<"v128"> =>
  typeof x === "number" ? vector([...float64(x), ...float64(x)]) : x;
export const i64x2Of = (x: I64x2): Code<"v128"> =>
  typeof x === "bigint" ? vector([...int64(x), ...int64(x)]) : x;

/** A constant v128 of 16 bytes. */
export const vector = (bytes: readonly number[]): Code<"v128"> =>
  code("v128", [0xfd, 12, ...bytes]);

/** Adds the bytes of an expression: operands first. */
export function write(into: ByteWriter, { operands, bytes }: Code<Result>): void {
  for (const operand of operands) write(into, operand);
  into.add(bytes);
}

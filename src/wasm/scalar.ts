/** Instructions on i32, i64 and f64, by the names of the specification. */
import { code, type Code, type F64, f64Of, type I32, i32Of, type I64, i64Of } from "./code.ts";
import { unsigned } from "./encode.ts";

/** The immediate of loads and stores: the alignment, as a power of 2, and a constant offset. */
export const at = (alignment: number, offset: number): number[] => [alignment, ...unsigned(offset)];

const i32Binary =
  (opcode: number) =>
  (a: I32, b: I32): Code<"i32"> =>
    code("i32", [opcode], i32Of(a), i32Of(b));
const i64Binary =
  (opcode: number) =>
  (a: I64, b: I64): Code<"i64"> =>
    code("i64", [opcode], i64Of(a), i64Of(b));
const f64Binary =
  (opcode: number) =>
  (a: F64, b: F64): Code<"f64"> =>
    code("f64", [opcode], f64Of(a), f64Of(b));
const f64Compare =
  (opcode: number) =>
  (a: F64, b: F64): Code<"i32"> =>
    code("i32", [opcode], f64Of(a), f64Of(b));

/** 32-bit integers: counts, conditions (0 is false) and addresses in bytes. */
export const i32 = {
  const: (x: number): Code<"i32"> => i32Of(x),
  load: (address: I32, offset = 0): Code<"i32"> =>
    code("i32", [0x28, ...at(2, offset)], i32Of(address)),
  store: (address: I32, value: I32, offset = 0): Code<"none"> =>
    code("none", [0x36, ...at(2, offset)], i32Of(address), i32Of(value)),
  eq: i32Binary(0x46),
  ne: i32Binary(0x47),
  ltS: i32Binary(0x48),
  ltU: i32Binary(0x49),
  gtS: i32Binary(0x4a),
  geS: i32Binary(0x4e),
  add: i32Binary(0x6a),
  sub: i32Binary(0x6b),
  mul: i32Binary(0x6c),
  and: i32Binary(0x71),
  or: i32Binary(0x72),
  shl: i32Binary(0x74),
  shrU: i32Binary(0x76),
  wrapI64: (a: I64): Code<"i32"> => code("i32", [0xa7], i64Of(a)),
};

/** 64-bit integers: the bits of float64 numbers. */
export const i64 = {
  load: (address: I32, offset = 0): Code<"i64"> =>
    code("i64", [0x29, ...at(3, offset)], i32Of(address)),
  ne: (a: I64, b: I64): Code<"i32"> => code("i32", [0x52], i64Of(a), i64Of(b)),
  add: i64Binary(0x7c),
  sub: i64Binary(0x7d),
  mul: i64Binary(0x7e),
  and: i64Binary(0x83),
  or: i64Binary(0x84),
  shl: i64Binary(0x86),
  shrS: i64Binary(0x87),
  shrU: i64Binary(0x88),
  extendI32U: (a: I32): Code<"i64"> => code("i64", [0xad], i32Of(a)),
  /** Towards 0, unsigned; what does not fit is the nearest that does, NaN is 0. */
  truncSatF64U: (a: F64): Code<"i64"> => code("i64", [0xfc, 7], f64Of(a)),
  /** The bits of a float64 number. */
  reinterpretF64: (a: F64): Code<"i64"> => code("i64", [0xbd], f64Of(a)),
};

/** Single float64 numbers. */
export const f64 = {
  const: (x: number): Code<"f64"> => f64Of(x),
  load: (address: I32, offset = 0): Code<"f64"> =>
    code("f64", [0x2b, ...at(3, offset)], i32Of(address)),
  store: (address: I32, value: F64, offset = 0): Code<"none"> =>
    code("none", [0x39, ...at(3, offset)], i32Of(address), f64Of(value)),
  eq: f64Compare(0x61),
  lt: f64Compare(0x63),
  ge: f64Compare(0x66),
  abs: (a: F64): Code<"f64"> => code("f64", [0x99], f64Of(a)),
  sqrt: (a: F64): Code<"f64"> => code("f64", [0x9f], f64Of(a)),
  add: f64Binary(0xa0),
  sub: f64Binary(0xa1),
  mul: f64Binary(0xa2),
  div: f64Binary(0xa3),
  copysign: f64Binary(0xa6),
  convertI64S: (a: I64): Code<"f64"> => code("f64", [0xb9], i64Of(a)),
  /** The float64 number of some bits. */
  reinterpretI64: (a: I64): Code<"f64"> => code("f64", [0xbf], i64Of(a)),
};

/**
 * φₖ(z) = (eᶻ − 1 − z − … − zᵏ⁻¹/(k−1)!)/zᵏ for k = 2, 3, 4, of two float64 numbers at once.
 *
 * Method: below |z| = 10 a Taylor polynomial around the nearest multiple of ¼ (phi-table.ts), as
 * closed forms lose digits there. Above 10 the closed form, with what is rounded off eᶻ and zᵏ
 * added back. Below −10 the recurrence φᵢ₊₁ = (φᵢ − 1/i!)/z, which loses nothing there. 1.8 ulp.
 */
import type { Code, Local } from "../code.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { i32 } from "../scalar.ts";
import { f64x2, i32x4, i64x2, type Lane, v128 } from "../simd.ts";
import { exp, reducedExp, timesPower } from "./exponential.ts";
import { DEGREE, PIECES, phiTable, REACH, STRIDE } from "./phi-table.ts";

type V128 = Code<"v128">;
export type PhiOrder = 2 | 3 | 4;
const { add, sub, mul, div } = f64x2;

/** Exponentials of more count as this one, as in `special-functions.ts`. */
const LARGEST_EXPONENT = 700;
/** Up to here fourth powers are finite, and their errors too. */
const LARGEST_FACTOR = 1e76;
/** 1/6 less its float64 number. */
const SIXTH_REST = 9.25185853854297e-18;
/** What is added to it is rounded to a multiple of ¼. */
const TO_PIECES = (1.5 * 2 ** 52) / PIECES;

export const phi =
  (k: PhiOrder) =>
  (f: FunctionBuilder, module: ModuleBuilder, z: Local<"v128">): V128 => {
    const result = f.let(piece(f, module, k, z));
    const isNear = f.let(f64x2.lt(f64x2.abs(z), module.constant(REACH)));
    f.if(i32.ne(i64x2.bitmask(isNear), 3), () => {
      const above = f.let(closedForm(f, module, k, z));
      const below = f.let(recurrence(f, module, k, z));
      const far = v128.bitselect(above, below, f64x2.gt(z, 0));
      // Neither infinity has a value, as in float64 arithmetic of the definition.
      f.set(result, v128.bitselect(result, add(far, sub(z, z)), isNear));
    });
    return result;
  };

/** The polynomial of the piece that z is in; of any piece where z is beyond the table. */
function piece(f: FunctionBuilder, module: ModuleBuilder, k: PhiOrder, z: V128): V128 {
  const reach = module.constant(REACH);
  // pmin and pmax also put NaN inside, as the bound that they are given first.
  const inside = f64x2.pmax(module.constant(-REACH), f64x2.pmin(reach, z));
  const shifted = f.let(add(inside, module.constant(TO_PIECES)));
  const d = f.let(sub(z, sub(shifted, module.constant(TO_PIECES))));
  const zeroth = module.table(phiTable(k)) + 8 * STRIDE * REACH * PIECES;
  const address = (lane: Lane): Local<"i32"> =>
    f.let(
      i32.add(
        module.constantsAddress,
        i32.mul(i32x4.extractLane(shifted, lane === 0 ? 0 : 2), 8 * STRIDE),
      ),
    );
  const [first, second] = [address(0), address(1)];
  const coefficient = (j: number): V128 => {
    const at = zeroth + 8 * j;
    return v128.load64Lane(i32.add(second, at), v128.load64Zero(i32.add(first, at)), 1);
  };
  let sum = coefficient(DEGREE);
  for (let j = DEGREE - 1; j >= 0; j--) sum = add(mul(sum, d), coefficient(j));
  return sum;
}

/** (eᶻ − P(z))/zᵏ for z ≥ 10, P the first terms of the exponential series. */
function closedForm(f: FunctionBuilder, module: ModuleBuilder, k: PhiOrder, z: V128): V128 {
  const bounded = f.let(f64x2.min(z, LARGEST_EXPONENT));
  const { shifted, high, low } = reducedExp(f, module, bounded);
  // eᶻ in two parts.
  const one = f.let(add(1, high));
  const rest = add(sub(high, sub(one, 1)), low);
  const power = f.let(timesPower(f64x2.const(1), shifted));
  const large = f.let(mul(one, power));
  // zᵏ as a product of two, and the relative error of it.
  const square = f.let(mul(z, z));
  const other = k === 3 ? z : square;
  const product = k === 2 ? square : f.let(mul(square, other));
  const squareError = div(productError(f, z, z, square), square);
  const error = [
    mul(squareError, k === 4 ? 2 : 1),
    ...(k === 2 ? [] : [div(productError(f, square, other, product), product)]),
  ].reduce(add);
  const isExact = f64x2.lt(z, LARGEST_FACTOR);
  const correction = add(polynomial(k, z, square), mul(large, v128.and(error, isExact)));
  return div(add(large, sub(mul(rest, power), correction)), product);
}

/** a·b less its float64 number, exactly: the parts' products are (Dekker 1971). */
function productError(f: FunctionBuilder, a: V128, b: V128, product: V128): V128 {
  const upper = (x: V128): V128 => f.let(v128.and(x, -(1n << 27n)));
  const [aUpper, bUpper] = [upper(a), upper(b)];
  const [aLower, bLower] = [f.let(sub(a, aUpper)), f.let(sub(b, bUpper))];
  const above = add(sub(mul(aUpper, bUpper), product), mul(aUpper, bLower));
  return add(add(above, mul(aLower, bUpper)), mul(aLower, bLower));
}

function polynomial(k: PhiOrder, z: V128, square: V128): V128 {
  const linear = add(1, z);
  if (k === 2) return linear;
  if (k === 3) return add(linear, mul(0.5, square));
  return add(linear, mul(square, add(0.5, div(z, 6))));
}

/** φₖ(z) for z ≤ −10. */
function recurrence(
  f: FunctionBuilder,
  module: ModuleBuilder,
  k: PhiOrder,
  z: Local<"v128">,
): V128 {
  const bounded = f.let(f64x2.min(z, 0));
  let value: V128 = exp(f, module, bounded);
  for (const term of [1, 1, 1 / 2]) {
    if (term === 1 / 2 && k === 2) return value;
    value = div(sub(value, term), z);
  }
  return k === 3 ? value : div(sub(sub(value, SIXTH_REST), 1 / 6), z);
}

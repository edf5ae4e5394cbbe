import type { Code } from "../code.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { f64x2 } from "../simd.ts";

/** c₀ + c₁x + c₂x² + … by Horner's rule. */
export const horner = (
  module: ModuleBuilder,
  x: Code<"v128">,
  coefficients: readonly number[],
): Code<"v128"> =>
  coefficients
    .map((c) => module.constant(c))
    .reduceRight((sum, c) => f64x2.add(f64x2.mul(sum, x), c));

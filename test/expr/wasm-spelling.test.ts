import { describe, expect, test } from "vitest";
import { OP_NAMES, OPS } from "../../src/expr/operators.ts";
import { lanesOf } from "../wasm/math/lanes.ts";
import { argumentsOf } from "./points.ts";

describe("the WebAssembly spelling", () => {
  test.each(OP_NAMES)("of %s does what float64 does", (name) => {
    const { wasm, f64 } = OPS[name];
    const points = argumentsOf(name);
    const values = lanesOf(wasm)(
      points.map(([a]) => a),
      points.map(([, b = 0]) => b),
    );
    for (const [at, [a, b = 0]] of points.entries()) {
      const expected = f64(a, b);
      expect(
        Math.abs(values[at] - expected),
        `${name}(${a}, ${b}) = ${values[at]}, not ${expected}`,
      ).toBeLessThanOrEqual(2e-13 * Math.abs(expected));
    }
  });
});

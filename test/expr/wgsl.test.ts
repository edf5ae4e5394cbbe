import { expect } from "vitest";
import special from "../../shaders/lib/special.wgsl";
import { OP_NAMES, OPS } from "../../src/expr/operators.ts";
import { LOSSES, lossFunction, lossOf } from "../../src/expr/loss.ts";
import { statements } from "../../src/expr/wgsl.ts";
import { describeGpu, gpuTest } from "../support/gpu.ts";
import { ACCURACY } from "./accuracy.ts";
import { mapOnGpu } from "./compute.ts";
import { argumentsOf } from "./points.ts";

// Beyond z = 60 the float32 φs are clamped: their values there are huge, finite and wrong on
// purpose.
const inRange = (op: string, x: number): boolean => !op.startsWith("phi") || x <= 60;

describeGpu("the WGSL spelling of each operator", () => {
  gpuTest.for(OP_NAMES)("%s is as accurate as WGSL's rules make it", async (op, { device }) => {
    const points = argumentsOf(op)
      .map((args) => args.map(Math.fround))
      .filter(([x]) => inRange(op, x));
    const inputs = new Float32Array(points.flatMap(([a, b = 0]) => [a, b, 0, 0]));
    const body = `let a = bitcast<f32>(x.x); let b = bitcast<f32>(x.y); return vec4<u32>(bitcast<u32>(f32(${OPS[op].wgsl("a", "b")})), 0u, 0u, 0u);`;
    const words = await mapOnGpu(device, special, body, new Uint32Array(inputs.buffer));
    const results = new Float32Array(words.buffer);
    for (const [i, [a, b = 0]] of points.entries()) {
      const exact = OPS[op].f64(a, b);
      expect(
        Math.abs(results[4 * i] - exact),
        `${op}(${a}, ${b}) = ${results[4 * i]}, exactly ${exact}`,
      ).toBeLessThanOrEqual(ACCURACY[op](exact, a, b));
    }
  });

  gpuTest.for(LOSSES)("the %s loss is float64's, at any residual", async (name, { device }) => {
    const residuals = [0, 1e-12, 1e-5, 0.019, 0.02, 0.021, 0.3, 40, 1e9].flatMap((r) => [r, -r]);
    const inputs = new Float32Array(residuals.flatMap((r) => [r, 0.02, 0, 0]));
    const { rho, omega } = lossOf(name);
    const body = [
      "let residual = bitcast<f32>(x.x); let delta = bitcast<f32>(x.y);",
      ...statements({ rho, omega: omega(1) }, {}),
      "return vec4<u32>(bitcast<u32>(rho), bitcast<u32>(omega), 0u, 0u);",
    ].join("\n");
    const words = await mapOnGpu(device, special, body, new Uint32Array(inputs.buffer));
    const results = new Float32Array(words.buffer);
    const exact = [rho, omega(1)].map(lossFunction);
    for (let i = 0; i < residuals.length; i++)
      for (const [part, f] of exact.entries()) {
        const expected = f(inputs[4 * i], inputs[4 * i + 1]);
        // at most eight operations of up to 3 units of float32 each
        expect(Math.abs(results[4 * i + part] - expected)).toBeLessThanOrEqual(
          24 * 2 ** -24 * Math.abs(expected) + 1e-37,
        );
      }
  });

  gpuTest(
    "exponents are clamped: results are finite within the laws' bounds",
    async ({ device }) => {
      const points = [-4800, -100, 81, 100, 4800]; // |s| ≤ 40 and |u| ≤ 60, so |s(u − m)| ≤ 4800
      const inputs = new Float32Array(points.flatMap((a) => [a, 0, 0, 0]));
      const body =
        "let a = bitcast<f32>(x.x); return vec4<u32>(bitcast<u32>(exp(min(a, 80.0))), bitcast<u32>(phi2(a)), bitcast<u32>(phi3(a)), 0u);";
      const words = await mapOnGpu(device, special, body, new Uint32Array(inputs.buffer));
      expect([...words].filter((word) => (word & 0x7f800000) === 0x7f800000)).toEqual([]);
    },
  );
});

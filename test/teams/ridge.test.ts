/**
 * A ridge in kernels with loops and of teams, of parameters that are drawn to their mean and to 0.
 * The written one is with the tests of the GPU: it takes SwiftShader a minute to compile.
 */
import { test } from "vitest";
import type { Style } from "../../src/gpu/style.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { expectRidge } from "../fit/ridge-kernels.ts";
import { describeGpu } from "../support/gpu.ts";

const teams = { coordinates: 1, sizes: [{ most: Infinity, team: 8 }] };
const STYLES: Readonly<Record<string, Partial<Style>>> = {
  looped: { writtenMatrix: 0, writtenSolve: 0 },
  teams: { writtenMatrix: 0, teams },
};

describeGpu("a ridge in kernels", () => {
  test.each(Object.entries(STYLES))("%s: is that of float64", (_, style) =>
    expectRidge(laws.additive, { gamma: 0.05, alpha: 0.01 }, style),
  );
});

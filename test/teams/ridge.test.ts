/** A ridge in kernels of every style, of parameters that are drawn to their mean and to 0. */
import { test } from "vitest";
import type { Style } from "../../src/gpu/style.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { expectRidge } from "../fit/ridge-kernels.ts";
import { describeGpu } from "../support/gpu.ts";

const teams = { coordinates: 1, sizes: [{ most: Infinity, team: 8 }] };
const STYLES: Readonly<Record<string, Partial<Style>>> = {
  written: {},
  looped: { writtenMatrix: 0, writtenSolve: 0 },
  teams: { writtenMatrix: 0, teams },
};

describeGpu("a ridge in kernels", () => {
  test.each(Object.entries(STYLES))("%s: is that of float64", (_, style) =>
    expectRidge(laws.additive, { gamma: 0.05, alpha: 0.01 }, style),
  );
});

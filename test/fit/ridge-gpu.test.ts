import { test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { describeGpu } from "../support/gpu.ts";
import { expectRidge } from "./ridge-kernels.ts";

describeGpu("a ridge in a written kernel", () => {
  test("of one kind of parameter is that of float64", () => expectRidge(laws.linear, 0.05, {}));

  test("of parameters that are drawn to their mean and to 0 is that of float64", () =>
    expectRidge(laws.additive, { gamma: 0.05, alpha: 0.01 }, {}));
});

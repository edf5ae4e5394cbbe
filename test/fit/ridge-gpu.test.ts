import { test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { describeGpu } from "../support/gpu.ts";
import { expectRidge } from "./ridge-kernels.ts";

describeGpu("a ridge in a kernel", () => {
  test("is that of float64", () => expectRidge(laws.linear, 0.05, {}));
});

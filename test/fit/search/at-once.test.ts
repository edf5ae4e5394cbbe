/** A stage that is short is one submit and one wait, on a GPU, with the ends of chunks. */
import { test } from "vitest";
import { HARDWARE } from "../../../src/gpu/style.ts";
import { describeGpu } from "../../support/gpu.ts";
import { expectAtOnce } from "./stages-at-once.ts";

describeGpu("a stage at once", () => {
  test("is a submit and a wait, and its ends are those of chunks", () => expectAtOnce(HARDWARE));
});

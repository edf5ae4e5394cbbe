/** Which laws have a part in the intervals of an optimum's losses. */
import { expect, test } from "vitest";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { optimize } from "../../../src/mixture/optimize.ts";
import { AT, drawLosses, fileOf } from "../fixture.ts";

test("laws that read what the request does not say have none", async () => {
  const drawn = ["additive", "additive-epochs"].map((law) => fileOf(drawLosses(law, 2, 1, 7)));
  const laws = ["additive", "additive-epochs"];
  const file: FitFile = {
    ...drawn[0],
    fits: drawn.flatMap(({ fits }) => fits),
    chosen: { law: "additive", by: "back-tests", alike: laws, errors: {} },
  };
  const optimum = await optimize(file, { ...AT, samples: 0, epsilon: 0 });
  expect(optimum.laws).toEqual({ loss_0: "additive" });
});

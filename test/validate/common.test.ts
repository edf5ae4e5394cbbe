/** Laws validated whose targets have parameters in common. */
import { expect, test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { validate } from "../../src/validate/validate.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";

const { resources } = await cpuEngine();
const { runs } = draw(laws.chinchilla, { targets: 2, noise: 4e-3, seed: 3 });
const options = { restarts: 4, seed: 1, by: "row", folds: 2, backtest: false } as const;

test("refits to folds have in common what the fits do", async () => {
  const some = [laws.chinchilla];
  const common = ["alpha", "beta", "A", "B"];
  const together = await validate(resources, some, runs, { ...options, common });
  const apart = await validate(resources, some, runs, options);
  const [score, other] = [together.laws[0], apart.laws[0]];
  expect(score?.mean.r2).not.toBe(other?.mean.r2);
  expect(Number.isFinite(score?.mean.r2)).toBe(true);
  expect(score?.unconverged).toBe(0);
  expect(together.nested).toEqual([]);
  await expect(validate(resources, some, runs, { ...options, common: ["gamma"] })).rejects.toThrow(
    "there is no parameter gamma",
  );
});

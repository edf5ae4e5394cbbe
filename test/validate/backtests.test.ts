import { expect, test } from "vitest";
import { laws } from "../../src/laws/catalog/catalog.ts";
import { validate } from "../../src/validate/validate.ts";
import { cpuEngine } from "../fit/engines.ts";
import { draw } from "../fit/fixture.ts";

test("validation has back-tests, and the error to expect grows with the distance", async () => {
  const { runs } = draw(laws.chinchilla, { noise: 4e-3, seed: 6 });
  const { resources } = await cpuEngine();
  const options = { restarts: 16, by: "row", folds: 2, backtest: true } as const;
  const errorAt = async (params: number): Promise<number> => {
    const at = { params, tokens: 5e10 };
    const found = await validate(resources, [laws.chinchilla], runs, { ...options, at });
    expect(found.backtests.map(({ law, target }) => [law, target])).toEqual([["chinchilla", "loss_t0"]]); // prettier-ignore
    return found.expected?.[0]?.percent ?? NaN;
  };
  const [inside, near, far] = [await errorAt(5e8), await errorAt(2e9), await errorAt(1e10)];
  expect(near).toBeGreaterThan(inside);
  expect(far).toBeGreaterThan(near);
  const without = await validate(resources, [laws.chinchilla], runs, {
    ...options,
    backtest: false,
  });
  expect([without.backtests, without.expected]).toEqual([[], null]);
});

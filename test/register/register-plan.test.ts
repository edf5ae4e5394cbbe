/** What is registered is what the laws predict, of the mixtures that were asked about. */
import { expect, test } from "vitest";
import { predict } from "../../src/predict.ts";
import { parsePlan } from "../../src/register/plan-file.ts";
import { registerPlan } from "../../src/register/register-plan.ts";
import { AT } from "../mixture/fixture.ts";
import { CANDIDATES, FILE, optimumOf } from "./fixture.ts";

const rowOf = (weights: Readonly<Record<string, number>>) => ({
  n_params: AT.params,
  n_tokens: AT.tokens,
  ...Object.fromEntries(Object.entries(weights).map(([name, share]) => [`h_${name}`, share])),
});

test("the optimum and the candidates, with what predict says by every law", async () => {
  const optimum = await optimumOf({ candidates: CANDIDATES });
  const plan = registerPlan(FILE, optimum);
  expect(parsePlan(JSON.stringify(plan), "plan.json")).toEqual(JSON.parse(JSON.stringify(plan)));
  expect(plan).toMatchObject({ goal: { loss_0: 0.5, loss_1: 0.5 }, level: 0.95, levels: [0.5, 0.8, 0.95] });
  expect(plan.laws).toEqual({ loss_0: "additive", loss_1: "additive" });
  const [point] = plan.points;
  expect(point?.at).toMatchObject(AT);
  expect(point?.mixtures.map(({ name }) => name)).toEqual(["optimum", "web", "code"]);
  for (const { weights, predictions } of point?.mixtures ?? []) {
    const values = predict(FILE, [rowOf(weights)]).map(({ law, target, values: [value] }) => ({ law, target, value }));
    expect(predictions.map(({ law, target, value }) => ({ law, target, value }))).toEqual(values);
    expect(predictions.map(({ intervals }) => intervals.length)).toEqual([3, 3, 3, 3]);
  }
}); // prettier-ignore

test("a reference that was asked for, and is none of the candidates", async () => {
  const reference = { d0: 0.2, d1: 0.3, d2: 0.5 };
  const named = async (candidates: typeof CANDIDATES): Promise<readonly string[]> =>
    registerPlan(FILE, await optimumOf({ reference, candidates })).points[0]?.mixtures.map(({ name }) => name) ?? [];
  expect(await named([])).toEqual(["optimum", "reference"]);
  expect(await named([{ name: "now", weights: reference }])).toEqual(["optimum", "now"]);
}); // prettier-ignore

test("points of a path, and the same plan again with the same hash", async () => {
  const optima = await Promise.all([optimumOf(), optimumOf({ tokens: 3e11 })]);
  const plan = registerPlan(FILE, optima);
  expect(plan.points.map(({ at: { tokens } }) => tokens)).toEqual([1.5e11, 3e11]);
  expect(registerPlan(FILE, optima).sha256).toBe(plan.sha256);
});

test("a level that is asked for is the verdict's, beside the usual ones", async () => {
  const { level, levels } = registerPlan(FILE, await optimumOf({ level: 0.9 }));
  expect({ level, levels }).toEqual({ level: 0.9, levels: [0.5, 0.8, 0.9, 0.95] });
});

test("an optimum of another fit, two mixtures of a name and nothing at all are refused", async () => {
  const optimum = await optimumOf();
  const [first, ...others] = FILE.fits;
  const fits = [{ ...first, coordinates: { ...first.coordinates, E: 1 } }, ...others];
  expect(() => registerPlan({ ...FILE, fits }, optimum)).toThrow("is of another fit file");
  const twice = await optimumOf({ candidates: [{ ...CANDIDATES[0], name: "optimum" }] as typeof CANDIDATES }); // prettier-ignore
  expect(() => registerPlan(FILE, twice)).toThrow('a mixture "optimum"');
  expect(() => registerPlan(FILE, [])).toThrow("needs an optimum");
  const other = await optimumOf({ objective: "worst" });
  expect(() => registerPlan(FILE, [optimum, other])).toThrow("have one goal and the same laws");
});

/** Registered plans beside runs: each sentence where it holds, and where it does not. */
import { describe, expect, test } from "vitest";
import { checkTable } from "../../src/cli/print/check-table.ts";
import { PLAIN } from "../../src/cli/text/style.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import { type Row, tableOf } from "../../src/data/table/rows.ts";
import { check } from "../../src/register/check.ts";
import type { PlanCheck } from "../../src/register/plan-check.ts";
import type { Plan, RegisteredLoss } from "../../src/register/plan.ts";
import { hashed, planOf, runOf } from "./fixture.ts";

// By "additive" the second mixture is best, by "joint" the first.
const PLAN = planOf({
  base: { additive: 2, joint: 1.9 },
  code: { additive: 1.95, joint: 2.05 },
  books: { additive: 2.2, joint: 2.2 },
});
const K = 3;
/** The plan with something else said by its law of its first mixture. */
const withFirst = (change: Partial<RegisteredLoss>): Plan =>
  hashed({
    ...PLAN,
    points: PLAN.points.map((point) => ({
      ...point,
      mixtures: point.mixtures.map((mixture, m) => ({
        ...mixture,
        predictions: mixture.predictions.map((told, n) =>
          m + n === 0 ? { ...told, ...change } : told,
        ),
      })),
    })),
  });
const said = ({ verdict }: PlanCheck, code: string): string | undefined =>
  verdict.findings.find((each) => each.code === code)?.sentence;

describe("whether measured losses lie inside", () => {
  test("all of them", () => {
    const answer = check(PLAN, [runOf(0, 2.03, K), runOf(1, 1.93, K)]);
    expect(answer.verdict.status).toBe("inside");
    expect(said(answer, "losses-inside")).toBe("all 2 measured losses lie inside of their registered 95 % intervals"); // prettier-ignore
    expect(said(answer, "losses-outside")).toBeUndefined();
    expect(answer.losses.filter(({ isPlans }) => isPlans)).toMatchObject([
      { mixture: "base", row: 1, law: "additive", measured: 2.03, predicted: 2, inside: true },
      { mixture: "code", row: 2, law: "additive", measured: 1.93, predicted: 1.95, inside: true },
    ]);
  });

  test("some outside: how many, on which side, which is farthest, how many chance would put there", () => {
    const answer = check(PLAN, [runOf(0, 2.04, K), runOf(1, 1.8, K), runOf(2, 2.2, K)]);
    expect(answer.verdict.status).toBe("outside");
    expect(said(answer, "losses-inside")).toBeUndefined();
    expect(said(answer, "losses-outside")).toBe(
      "2 of 3 measured losses lie outside of their registered 95 % intervals, 1 above and 1 below, where about 0.15 would by chance; the farthest is loss_x of code (row 2): 1.8000, registered 1.9500 (1.9200 … 1.9800)",
    );
  });

  test("above and below are of the interval, wherever the prediction lies in it or beside it", () => {
    const biased = withFirst({
      intervals: [
        [2.1, 2.2],
        [2.1, 2.2],
        [2.1, 2.2],
      ],
    });
    const answer = check(biased, [runOf(0, 2.05, K)]);
    expect(said(answer, "losses-outside")).toContain("interval, below, where about 0.05 would");
    expect(checkTable(answer, "plan.json", { width: 100, style: PLAIN, charts: false })).toMatch(
      /2\.0500 +below/,
    );
  });

  test("of losses without an interval nothing is said but that", () => {
    const half = withFirst({
      intervals: [
        [null, 2],
        [null, 2],
        [null, 2],
      ],
    });
    const answer = check(half, [runOf(0, 2, K), runOf(1, 1.95, K)]);
    expect(said(answer, "losses-inside")).toBe(
      "the measured loss with an interval lies inside of its registered interval",
    );
    expect(said(answer, "registered-without-interval")).toContain("1 of 2 measured losses has");
  });

  test("one loss is spoken of as one", () => {
    const outside = (...losses: number[]): string =>
      said(check(PLAN, losses.map((loss, m) => runOf(m, loss, K))), "losses-outside") ?? ""; // prettier-ignore
    expect(outside(2.5)).toMatch(/^the measured loss lies outside of its registered 95 % interval, above, where about 0\.05 would by chance/); // prettier-ignore
    expect(outside(2.5, 1.95)).toMatch(/^1 of 2 measured losses lies outside of its registered 95 % interval, above/); // prettier-ignore
  });

  test("chance goes by the level of each plan", () => {
    const half = hashed({ ...PLAN, level: 0.5 });
    const answer = check([PLAN, half], [runOf(0, 2.5, K)]);
    expect(said(answer, "losses-outside")).toContain(
      "registered intervals, all of them above, where about 0.55 would",
    );
  });

  test("no interval, no promise", () => {
    const [point] = PLAN.points;
    const open = hashed({
      ...PLAN,
      points: PLAN.points.map((each) => ({
        ...each,
        mixtures: each.mixtures.map((mixture) => ({
          ...mixture,
          predictions: mixture.predictions.map((told) => ({
            ...told,
            intervals: told.intervals.map(() => [null, null] as const),
          })),
        })),
      })),
    });
    expect(point).toBeDefined();
    const answer = check(open, [runOf(0, 2, K)]);
    expect(answer.verdict.status).toBe("no-intervals");
    expect(said(answer, "registered-without-interval")).toContain("1 of 1 measured losses has no registered interval"); // prettier-ignore
    expect(answer.calibration).toEqual([]);
  });
});

describe("what choosing by a law costs, among the mixtures that were trained", () => {
  test("nothing where its choice is the best", () => {
    const answer = check(PLAN, [runOf(0, 2, K), runOf(1, 1.95, K)]);
    expect(answer.points[0]?.regrets).toEqual([
      { law: "additive", choice: "code", regret: 0 },
      { law: "joint", choice: "base", regret: expect.closeTo(0.05, 12) as number },
    ]);
    expect(said(answer, "choice-regret")).toBe(
      "of the 2 mixtures trained at N = 1B and D = 20B, additive predicted code to be the best, and it was",
    );
    expect(said(answer, "law-that-was-right")).toBe(
      "of the registered laws additive predicted closest (mean errors additive 0 % and joint 5.06 %); additive would have chosen best (mean regret 0.0000)",
    );
  });

  test("what the best gains over it elsewhere; runs of a mixture count by their mean", () => {
    const answer = check(PLAN, [runOf(0, 1.9, K), runOf(0, 1.94, K), runOf(1, 1.95, K)]);
    expect(said(answer, "choice-regret")).toContain("additive predicted code to be the best; base was, by 0.0300"); // prettier-ignore
    const goals = (additive: number, joint: number) => [
      { law: "additive", objective: additive },
      { law: "joint", objective: joint },
    ];
    expect(answer.points[0]?.trained).toEqual([
      { name: "base", runs: 2, objective: 1.92, registered: goals(2, 1.9) },
      { name: "code", runs: 1, objective: 1.95, registered: goals(1.95, 2.05) },
    ]);
    const lines = checkTable(answer, "plan.json", { width: 100, style: PLAIN, charts: false });
    expect(lines).toMatch(/1B +20B +base +2 +1\.9200 +0\.0000 +2\.0000 +1\.9000/);
    expect(lines).toMatch(/1B +20B +code +1 +1\.9500 +0\.0300 +1\.9500 +2\.0500/);
    expect(answer.laws.map(({ law, right, points }) => ({ law, right, points }))).toEqual([
      { law: "joint", right: 1, points: 1 },
      { law: "additive", right: 0, points: 1 },
    ]);
  });

  test("laws are compared on the same losses: one that predicted some of them is not", () => {
    const [point] = PLAN.points;
    const some =
      point?.mixtures.map((mixture, m) => ({
        ...mixture,
        predictions: mixture.predictions.slice(0, m === 0 ? 2 : 1),
      })) ?? [];
    const partial = hashed({
      ...PLAN,
      points: PLAN.points.map((each) => ({ ...each, mixtures: some })),
    });
    const answer = check(partial, [runOf(0, 1.9, K), runOf(1, 1.95, K)]);
    expect(answer.laws.map(({ law, losses }) => [law, losses])).toContainEqual(["joint", 1]);
    expect(said(answer, "law-that-was-right")).toBeUndefined();
  });

  test("no law can have chosen where one mixture was trained", () => {
    const answer = check(PLAN, [runOf(2, 2.2, K)]);
    expect(answer.points[0]?.regrets).toEqual([]);
    expect(said(answer, "choice-regret")).toBeUndefined();
    expect(said(answer, "law-that-was-right")).not.toContain("chosen");
  });

  test("over several points, and by the goal worst relative to the reference", () => {
    const [point] = PLAN.points;
    if (point === undefined) throw new Error("no point");
    const later = { ...point, at: { ...point.at, tokens: 4e10 } };
    const two = hashed({ ...PLAN, points: [point, later] });
    const at = (tokens: number, losses: readonly number[]) =>
      losses.map((loss, n) => runOf(n, loss, K, { n_tokens: tokens }));
    const answer = check(two, [...at(2e10, [2, 1.9]), ...at(4e10, [1.8, 1.9])]);
    expect(said(answer, "choice-regret")).toBe(
      "at 1 of 2 points the mixture that additive predicted to be the best of those trained was; choosing by it costs 0.0500 on average, at most 0.1000",
    );
    const worst = hashed({ ...PLAN, goal: "worst", points: [{ ...point, reference: { loss_x: 4 } }] });
    expect(check(worst, at(2e10, [2, 1.9])).points[0]?.trained[0]?.objective).toBe(1.9 / 4);
  }); // prettier-ignore
});

test("calibration counts each level, over all plans", () => {
  const earlier = planOf({ base: { additive: 3 }, code: { additive: 3.2 } });
  const runs = [runOf(0, 2.005, K), runOf(1, 1.935, K), runOf(2, 2.225, K)];
  const rows = check([PLAN, earlier], [...runs]).calibration.filter(({ law }) => law === "additive");
  expect(rows.map(({ level, inside, losses }) => [level, inside, losses])).toEqual([
    [0.5, 1, 3],
    [0.8, 2, 3],
    [0.95, 3, 3],
  ]);
  const same = check([PLAN, PLAN], runs).calibration.find(({ level }) => level === 0.95);
  expect(same).toMatchObject({ inside: 6, losses: 6 });
}); // prettier-ignore

describe("which runs are registered ones", () => {
  test("those at N and D, of the nearest mixture; the others are counted", () => {
    const near = runOf(0, 2, K, { n_tokens: 2.01e10, h_d0: 0.796, h_d1: 0.104 });
    const far = runOf(0, 9, K, { n_tokens: 2.1e10 });
    const between = runOf(0, 9, K, { h_d0: 0.7, h_d1: 0.2 });
    const answer = check(PLAN, [near, far, between]);
    expect(answer.losses.filter(({ isPlans }) => isPlans).map(({ row }) => row)).toEqual([1]);
    expect(answer.runs).toMatchObject({ registered: 1, others: 2 });
    expect(said(answer, "runs-not-registered")).toContain("2 rows of the table are no registered run"); // prettier-ignore
    expect(said(answer, "not-trained")).toBe("2 of 3 registered runs are not in the table: code, books"); // prettier-ignore
    expect(answer.untrained).toEqual([
      { plan: 0, point: 0, mixture: "code" },
      { plan: 0, point: 0, mixture: "books" },
    ]);
    expect(check(PLAN, [far], { within: 0.06 }).runs).toMatchObject({ registered: 1 });
  });

  test("of points that a run cannot tell apart, the one that has its mixture", () => {
    const points = PLAN.points.flatMap((point) =>
      point.mixtures.map((mixture) => ({ ...point, mixtures: [mixture] })),
    );
    const answer = check(hashed({ ...PLAN, points }), [runOf(0, 2, K), runOf(2, 2.2, K)]);
    expect(answer.points.map(({ point }) => point)).toEqual([0, 2]);
    expect(answer.untrained).toEqual([{ plan: 0, point: 1, mixture: "code" }]);
  });

  test("an input of 0 is met by 0 alone, and N and D still count", () => {
    const points = PLAN.points.map((point) => ({
      ...point,
      at: { ...point.at, inputs: { decay: 0 } },
    }));
    const plan = hashed({ ...PLAN, points });
    const runsOf = (more: Row) =>
      toRuns(tableOf([runOf(0, 2, K, more)], "rows"), { inputs: { decay: "decay" } });
    expect(check(plan, runsOf({ decay: 0 })).losses).not.toEqual([]);
    expect(() => check(plan, runsOf({ decay: 0.1 }))).toThrow("no run of rows is a registered one");
    expect(() => check(plan, runsOf({ decay: 0, n_tokens: 8e10 }))).toThrow(
      "tokens 80B (registered: 20B)",
    );
  });

  test("a domain that the plan does not have is another domain", () => {
    const row = { ...runOf(0, 2, K), h_d0: 0.7, h_new: 0.1 };
    expect(() => check(PLAN, [row])).toThrow('has 10 % of the data in other domains than "base"');
  });

  test("none: the nearest is named, with what keeps it from being one", () => {
    const later = runOf(0, 2, K, { n_tokens: 2.1e10 });
    expect(() => check(PLAN, [later])).toThrow(
      "no run of the list of rows is a registered one: the nearest, row 1, has params 1B (registered: 1B) and tokens 21B (registered: 20B), and at most 1 % apart is taken for the same (‘within’)",
    );
    const { n_tokens: _, ...without } = runOf(0, 2, K);
    expect(() => check(PLAN, [without])).toThrow("has no column of tokens");
    const { loss_x: __, ...unmeasured } = runOf(0, 2, K);
    expect(() => check(PLAN, [{ ...unmeasured, loss_y: 1 }])).toThrow("none of the losses that are registered: loss_x"); // prettier-ignore
  });
});

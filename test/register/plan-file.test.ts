/** Plans come from anywhere, and one that was changed is refused. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { json } from "../../src/base/json.ts";
import { check } from "../../src/register/check.ts";
import { parsePlan, planDigest } from "../../src/register/plan-file.ts";
import type { Plan } from "../../src/register/plan.ts";
import { hashed, planOf, runOf } from "./fixture.ts";

const PLAN = planOf({ base: { additive: 2, joint: 2.1 }, other: { additive: 2.2, joint: 2 } });
const refusal = (value: unknown): string => {
  try {
    parsePlan(typeof value === "string" ? value : JSON.stringify(value), "plan.json");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
};

/** The plan with something changed, and the hash that goes with it. */
const forged = (change: (plan: Record<string, never>) => void): Plan => {
  const plan = JSON.parse(JSON.stringify(PLAN)) as Record<string, never>;
  change(plan);
  return hashed(plan as unknown as Plan);
};

test("a plan is read however its JSON is laid out, and in whatever order its keys are", () => {
  expect(parsePlan(`${json(PLAN)}\n`, "plan.json")).toEqual(PLAN);
  const reversed = Object.fromEntries(Object.entries(PLAN).toReversed());
  expect(parsePlan(JSON.stringify(reversed), "plan.json").sha256).toBe(PLAN.sha256);
});

describe("a plan that was changed after it was registered is refused", () => {
  const text = JSON.stringify(PLAN);
  test.each([
    ["a predicted loss", text.replace('"value":2.1', '"value":2.05')],
    ["an end of an interval", text.replace("1.99", "1.9")],
    ["a share", text.replace('"d0":0.8,"d1":0.2', '"d0":0.7,"d1":0.3')],
    ["a name", text.replace('"base"', '"case"')],
    ["the level", text.replace('"level":0.95', '"level":0.5')],
    ["a key more", text.replace("{", '{"note":"trained in May",')],
    ["the hash", text.replace(PLAN.sha256, "0".repeat(64))],
  ])("%s", (_, changed) => {
    expect(changed).not.toBe(text);
    expect(refusal(changed)).toMatch(/^plan\.json was changed after it was registered: its SHA-256 is [0-9a-f]{64}, and it records [0-9a-f]{64}/); // prettier-ignore
  });

  test("as an object of the library too", () => {
    const changed = { ...PLAN, level: 0.8 };
    expect(() => check(changed, [runOf(0, 2, 2)])).toThrow("was changed after it was registered");
  });

  test("and one with another hash than the one written down", () => {
    const runs = [runOf(0, 2, 2)];
    expect(check(PLAN, runs, { hash: PLAN.sha256.slice(0, 8).toUpperCase() }).losses).toHaveLength(2);
    expect(() => check(PLAN, runs, { hash: "00000000" })).toThrow("is not the one that was written down");
    expect(() => check(PLAN, runs, { hash: "xyz" })).toThrow("8 to 64 hexadecimal digits");
  }); // prettier-ignore

  test("of several plans the hash of each is asked for", () => {
    const other = hashed({ ...PLAN, level: 0.5 });
    const hashes = [other.sha256, PLAN.sha256.slice(0, 8)];
    const checked = (hash: string | string[]): unknown => check([PLAN, other], [runOf(0, 2, 2)], { hash }); // prettier-ignore
    expect(checked(hashes)).toHaveProperty("plans", [PLAN.sha256, other.sha256]);
    expect(() => checked(PLAN.sha256)).toThrow(/^plan 2 of 2 is not the one .* give the hash of each plan/); // prettier-ignore
    expect(() => checked([...hashes, "00000000"])).toThrow(/^no plan has the hash of ‘hash: 00000000’/); // prettier-ignore
  });
});

describe("a plan that nobody could have registered is refused, whatever its hash", () => {
  const mixtureOf = (plan: object, m = 0): Record<string, never> =>
    (plan as { points: { mixtures: Record<string, never>[] }[] }).points[0]?.mixtures[m] ?? {};
  const set = (target: object, value: object): object => Object.assign(target, value);
  test.each<[string, (plan: Record<string, never>) => void, RegExp]>([
    ["no points", (plan) => set(plan, { points: [] }), /points is empty/],
    ["levels that fall", (plan) => set(plan, { levels: [0.8, 0.5, 0.95] }), /levels must ascend/],
    ["a level of no interval", (plan) => set(plan, { level: 0.9 }), /level must be one of levels/],
    ["a goal without a law", (plan) => set(plan, { goal: { loss_y: 1 } }), /goal names "loss_y"/],
    ["a goal of nothing", (plan) => set(plan, { goal: {} }), /goal weighs no target/],
    ["a goal of no weight", (plan) => set(plan, { goal: { loss_x: 0 } }), /goal weighs no target/],
    ["no targets", (plan) => set(plan, { goal: {}, laws: {} }), /laws is empty/],
    ["worst without a reference", (plan) => set(plan, { goal: "worst" }), /reference must have a loss above 0 of "loss_x"/],
    ["two of a name", (plan) => set(mixtureOf(plan), { name: "other" }), /two of one name/],
    ["a strange domain", (plan) => set(mixtureOf(plan), { weights: { d9: 1 } }), /mixtures\.0\.weights names "d9"/],
    ["shares of 2", (plan) => set(mixtureOf(plan), { weights: { d0: 1, d1: 1 } }), /must sum to 1/],
    ["a share of 1e308", (plan) => set(mixtureOf(plan), { weights: { d0: 1e308 } }), /a share, from 0 to 1/],
    ["no predictions", (plan) => set(mixtureOf(plan, 1), { predictions: [] }), /mixtures\.1\.predictions lacks "loss_x" by additive/],
    ["a number that is a text", (plan) => set(plan, { level: "0.95" }), /level is "0.95"/],
    ["a domain twice", (plan) => set(plan, { domains: ["d0", "d0"] }), /named twice/],
  ])("%s", (_, change, message) => {
    expect(refusal(forged(change))).toMatch(message);
  }); // prettier-ignore

  test("too few intervals, an interval upside down, two predictions of one law", () => {
    const [first, second] = (mixtureOf(PLAN)["predictions"] ?? []) as unknown as object[];
    const withFirst = (...predictions: object[]): string =>
      refusal(forged((plan) => set(mixtureOf(plan), { predictions })));
    expect(withFirst({ ...first, intervals: [[1, 2]] }, second ?? {})).toContain("an interval for each level"); // prettier-ignore
    expect(withFirst({ ...first, intervals: [[1, 2], [1, 2], [2, 1]] })).toContain("must not be above"); // prettier-ignore
    expect(withFirst(first ?? {}, first ?? {})).toContain("two of one law and target");
  });
});

test("what is no plan is named as what it is", () => {
  expect(refusal("{")).toBe('plan.json is no JSON file: write one with "mixlaw optimize FIT ‘register: plan.json’"'); // prettier-ignore
  expect(refusal([])).toMatch(/plan\.json is no plan file/);
  expect(refusal("null")).toMatch(/plan\.json is no plan file/);
  expect(refusal({ schema: "mixlaw/fit@2" })).toMatch(/"mixlaw\/plan@1"/);
  expect(refusal({ schema: "mixlaw/plan@7", version: "9.0.0" })).toContain("a plan file of another version"); // prettier-ignore
  expect(refusal(`{"a":${"[".repeat(200)}${"]".repeat(200)}}`)).toContain("nested deeper");
});

test("names such as __proto__ count for the hash as all others do", () => {
  const text = JSON.stringify(PLAN);
  const named = JSON.parse(text.replace('"inputs":{}', '"inputs":{"__proto__":3}')) as Plan;
  expect(planDigest(named)).not.toBe(PLAN.sha256);
  const own = hashed(named);
  expect(parsePlan(JSON.stringify(own), "plan.json").points[0]?.at.inputs).toEqual(JSON.parse('{"__proto__":3}')); // prettier-ignore
});

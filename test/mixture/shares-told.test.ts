import { describe, expect, test } from "vitest";
import { optimize } from "../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { AT, drawLosses, drawMixture, fileOf } from "./fixture.ts";

const k = 4;
const losses = drawLosses("additive", k, 2, 21);
/** 24 mixtures of d0 to d2 with a share of d3. */
const runsWith = (shareOf: (n: number) => number): number[][] =>
  Array.from({ length: 24 }, (_, n) => {
    const rest = 1 - shareOf(n);
    return [...[...drawMixture(k - 1, 31, n)].map((x) => x * rest), shareOf(n)];
  });
const best = (trained: readonly number[][], options: OptimizeOptions = {}): Promise<Optimum> =>
  optimize(fileOf(losses, trained), { ...AT, samples: 0, epsilon: 0, ...options });
const codes = ({ verdict }: Optimum): string[] => verdict.findings.map(({ code }) => code);
const sentence = ({ verdict }: Optimum, code: string): string =>
  verdict.findings.find((each) => each.code === code)?.sentence ?? "";

describe("a share that the runs do not tell has the range that is allowed", () => {
  test("of a domain that is 10 % in every run, and it is said", async () => {
    const held = await best(runsWith(() => 0.1));
    expect(held.undetermined).toEqual({ d3: [0, 1] });
    expect(codes(held)).toContain("held-domains");
    expect(sentence(held, "shares-not-determined")).toMatch(
      /^the share of d3 is not determined by these runs \(0 … 100 %\): that the mixture has [\d.]+ % d3 follows/,
    );
  });

  test("of a domain that no run has, which stays 0 unless it is asked for", async () => {
    const untrained = runsWith(() => 0);
    const none = await best(untrained);
    expect(none.undetermined).toEqual({ d3: [0, 1] });
    expect(none.weights["d3"]).toBe(0);
    expect(sentence(none, "shares-not-determined")).toMatch(
      /d3 stays 0 unless ‘beyond’ lifts that$/,
    );
    const lifted = await best(untrained, { beyond: true });
    expect(lifted.weights["d3"]).toBeGreaterThan(0);
    expect(codes(lifted)).toContain("untrained-domains");
  });

  test("within the constraints that the request names, and not where they leave one share", async () => {
    const held = runsWith(() => 0.1);
    const capped = await best(held, { constraints: { caps: { d3: 0.2 }, floors: { d0: 0.3 } } });
    expect(capped.undetermined).toEqual({ d3: [0, expect.closeTo(0.2, 9) as number] });
    const group = { domains: ["d0", "d3"], max: 0.15 };
    const grouped = await best(held, { constraints: { groups: [group] } });
    expect(grouped.undetermined).toEqual({ d3: [0, expect.closeTo(0.15, 7) as number] });
    const trust = { measure: "kl", radius: 0.05 } as const;
    const near = await best(held, { constraints: { trust } });
    expect(near.undetermined["d3"]?.[0]).toBeLessThan(0.15);
    expect(near.undetermined["d3"]?.[1]).toBeGreaterThan(0.35);
    const fixed = await best(held, { constraints: { fixed: { d3: 0.1 } } });
    expect(fixed.undetermined).toEqual({});
    expect(codes(fixed)).not.toContain("held-domains");
  });

  test("of domains that vary together, with the sum that is known", async () => {
    const together = Array.from({ length: 24 }, (_, n) => {
      const [a = 0, b = 0, c = 0] = drawMixture(k - 1, 31, n);
      return [a, b, c / 3, (2 * c) / 3];
    });
    const pair = await best(together);
    const sum = (pair.weights["d2"] ?? 0) + (pair.weights["d3"] ?? 0);
    const range = [0, expect.closeTo(sum, 7) as number];
    expect(pair.undetermined).toEqual({ d2: range, d3: range });
    expect(codes(pair)).toContain("collinear-domains");
  });

  test("and none where shares vary freely", async () => {
    const free = await best(Array.from({ length: 24 }, (_, n) => [...drawMixture(k, 31, n)]));
    expect(free.undetermined).toEqual({});
    expect(codes(free)).not.toContain("shares-not-determined");
  });
});

describe("constraints that leave a domain no share at all", () => {
  const free = Array.from({ length: 24 }, (_, n) => [...drawMixture(k, 31, n)]);
  const ratio = (min: number, max: number): OptimizeOptions => ({
    constraints: {
      ratio: [
        { numerator: ["d0"], denominator: ["d1"], min },
        { numerator: ["d0"], denominator: ["d1"], max },
      ],
    },
  });
  test("are named, with the domains", async () => {
    const contradictory = await best(free, ratio(2, 0.5));
    expect(contradictory.weights["d0"]).toBeCloseTo(0, 9);
    expect(sentence(contradictory, "left-out-by-constraints")).toBe(
      "ratio d0/d1 ≥ 2 and ratio d0/d1 ≤ 0.5 hold together only where there is no d0 and d1: they can have no share at all",
    );
  });
  test("and nothing is said where they leave some", async () => {
    expect(codes(await best(free, ratio(0.5, 2)))).not.toContain("left-out-by-constraints");
  });
});

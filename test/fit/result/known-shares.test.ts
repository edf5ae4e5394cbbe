import { describe, expect, test } from "vitest";
import { shareGaps } from "../../../src/fit/result/known-shares.ts";
import { symmetricEigen } from "../../../src/solve/symmetric-eigen.ts";
import { correlations } from "../../../src/stats/moments.ts";
import { drawMixture } from "../../mixture/fixture.ts";

const domains = ["web", "code", "papers", "law", "books"];
const drawn = Array.from({ length: 30 }, (_, n) => [...drawMixture(4, 3, n)]);
/** Of 30 drawn mixtures of web, code, papers and books, with a share of law. */
const withLaw = (lawOf: (n: number) => number): readonly (readonly number[])[] =>
  drawn.map((shares, n) => {
    const [web = 0, code = 0, papers = 0, books = 0] = shares.map((x) => x * (1 - lawOf(n)));
    return [web, code, papers, lawOf(n), books];
  });
const gapsOf = (mixtures: readonly (readonly number[])[], names = domains) =>
  shareGaps({ domains: names, mixtures: mixtures.map((weights) => ({ weights, runs: 2 })) });

describe("what the mixtures of the runs do not tell", () => {
  test("is nothing where shares vary freely", () => {
    expect(gapsOf(withLaw((n) => 0.01 + 0.3 * (drawn[(7 * n + 1) % 30]?.[0] ?? 0)))).toEqual([]);
    expect(gapsOf(drawn.map(([web = 0]) => [web, 1 - web]), ["web", "code"])).toEqual([]); // prettier-ignore
  });

  test.each<[string, (n: number) => number, string, string]>([
    ["a domain in no run", () => 0, "untrained-domains", "no training run has any law"],
    ["one share in every run", () => 0.1, "held-domains", "law is 10 % in every training run"],
    ["nearly one share", (n) => 0.1 + 1e-4 * n, "held-domains", "law hardly varies in the training runs (10 % to 10.3 %)"], // prettier-ignore
    ["a domain in one mixture", (n) => (n === 3 ? 0.21 : 0), "rarely-varied-domains", "law is above 0 in 2 of 60 training runs only (at most 21 %): what it does rests on one mixture"], // prettier-ignore
    ["another share in two mixtures", (n) => (n < 2 ? 0.3 : 0.1), "rarely-varied-domains", "law is other than 10 % in 4 of 60 training runs only (at most 30 %): what it does rests on two mixtures"], // prettier-ignore
  ])("%s", (_, lawOf, code, sentence) => {
    const gaps = gapsOf(withLaw(lawOf));
    expect(gaps.map(({ domains: names, finding }) => [names, finding.code])).toEqual([[["law"], code]]); // prettier-ignore
    expect(gaps[0]?.finding.sentence).toContain(sentence);
  });

  test("a domain in three mixtures is told", () => {
    expect(gapsOf(withLaw((n) => (n < 3 ? 0.1 * (n + 1) : 0)))).toEqual([]);
  });

  test.each([1, 0.5])("two domains in proportion, with %d of rounding to 1 %", (rounding) => {
    const mixtures = drawn.map(([web = 0, code = 0, papers = 0, rest = 0]) => {
      const law = Math.round((rest / 3) * 1000 * rounding) / (1000 * rounding);
      return [web, code, papers, law, rest - law];
    });
    const gaps = gapsOf(mixtures);
    expect(gaps.map(({ kind, domains: names }) => [kind, names])).toEqual([["together", ["law", "books"]]]); // prettier-ignore
    expect(gaps[0]?.finding).toMatchObject({
      code: "collinear-domains",
      sentence:
        "law and books vary together in every training run: only their sum is known, not what each of them does",
    });
  });

  test("a sum that never varies, and fewer mixtures than domains", () => {
    const half = drawn.map(([a = 0, b = 0, c = 0], n) => {
      const sum = a + b + c;
      const d = drawn[(n + 11) % 30]?.[0] ?? 0;
      return [(0.5 * a) / sum, (0.5 * b) / sum, (0.5 * c) / sum, 0.5 * d, 0.5 * (1 - d)];
    });
    for (const mixtures of [half, withLaw((n) => n / 40).slice(3, 7)]) {
      const [gap, ...others] = gapsOf(mixtures);
      expect(others).toEqual([]);
      expect(gap).toMatchObject({ kind: "dependent", domains });
      expect(gap?.finding.sentence).toContain("vary in 3 of 4 directions");
    }
  });

  // Web and code against papers and law: from a sum that is the same in all runs to one that varies
  // as all others do. Two directions at most are flat: that of all shares, and this one.
  test.each([0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.5])(
    "a direction that varies by %d of the others is told by its eigenvalue",
    (part) => {
      const mixtures = drawn.map(([a = 0, b = 0, c = 0, d = 0], n) => {
        const sum = 0.4 + part * (0.4 * (drawn[(n + 11) % 30]?.[0] ?? 0) - 0.1);
        const [other, books] = [drawn[(n + 5) % 30]?.[1] ?? 0, 0.2 * (drawn[(n + 3) % 30]?.[2] ?? 0)]; // prettier-ignore
        const rest = 1 - sum - books;
        return [(sum * a) / (a + b), (sum * b) / (a + b), (rest * (c + other)) / (c + d + 2 * other), (rest * (d + other)) / (c + d + 2 * other), books]; // prettier-ignore
      });
      const columns = domains.map((_, i) => mixtures.map((shares) => shares[i] ?? 0));
      const { values = [] } = symmetricEigen(correlations(columns)) ?? {};
      const flat = values.filter((value) => value <= 0.05 ** 2).length;
      expect(gapsOf(mixtures).length).toBe(flat > 1 ? 1 : 0);
    },
  );
});

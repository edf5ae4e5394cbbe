import { describe, expect, test } from "vitest";
import { hopStarts, nestedStarts, randomStarts } from "../../../src/fit/starts/starts.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { bind } from "../../../src/laws/bind.ts";
import { point, SCALE } from "../fixture.ts";
import { namesOf } from "../../laws/fixture.ts";

const domains = ["a", "b", "c"];
const law = bind(laws.joint, domains, { signs: "positive" }, { params: 1e8, tokens: 1e10 });
const box = law.coordinates.map(({ spec }) => spec.start(SCALE, 3));
const inBounds = (theta: Float64Array): boolean =>
  theta.every((x, i) => x >= law.lower[i] && x <= law.upper[i]);
const here = point(law, 1, 0);

const makers: readonly (readonly [string, (seed: number, count: number) => Float64Array[]])[] = [
  ["random starts", (seed, count) => randomStarts(law, SCALE, seed, count)],
  ["nested starts", (seed, count) => nestedStarts(law, SCALE, seed, here, count)],
];

describe.each(makers)("%s", (_, make) => {
  test("start n does not depend on how many there are", () => {
    expect(make(5, 100).slice(0, 7)).toEqual(make(5, 7));
  });

  test("depend on the seed alone", () => {
    expect(make(5, 20)).toEqual(make(5, 20));
    expect(make(6, 20)[1]).not.toEqual(make(5, 20)[1]);
  });

  test("differ from each other and lie within the bounds", () => {
    const starts = make(1, 300);
    expect(new Set(starts.map((x) => x.join())).size).toBe(300);
    expect(starts.every(inBounds)).toBe(true);
  });
});

test("random starts fill their ranges", () => {
  const starts = randomStarts(law, SCALE, 1, 400);
  for (const [i, [low, high]] of box.entries()) {
    const values = starts.map((x) => (x[i] - low) / (high - low));
    expect(values.every((v) => v > 0 && v < 1)).toBe(true);
    // The mean of 400 uniforms has a standard deviation of 0.0144: five of them.
    expect(Math.abs(values.reduce((a, b) => a + b, 0) / 400 - 0.5)).toBeLessThan(0.072);
    expect(Math.min(...values)).toBeLessThan(0.03);
    expect(Math.max(...values)).toBeGreaterThan(0.97);
  }
});

test("a nested fit is started from as it is, and a point outside is moved in", () => {
  expect(nestedStarts(law, SCALE, 1, here, 3)[0]).toEqual(here);
  expect(
    inBounds(
      nestedStarts(
        law,
        SCALE,
        1,
        here.map(() => -1e3),
        2,
      )[0],
    ),
  ).toBe(true);
});

describe("hops", () => {
  const points = [here, point(law, 1, 1)];
  const hops = hopStarts(law, SCALE, 3, 0, points, 64);

  test("are the same for the same seed and round, and others in other rounds", () => {
    expect(hopStarts(law, SCALE, 3, 0, points, 64)).toEqual(hops);
    const later = hopStarts(law, SCALE, 3, 64, points, 64);
    expect(later.filter((x, j) => x.join() === hops[j].join())).toEqual([]);
    expect(hops.every(inBounds)).toBe(true);
  });

  test("from a point in turn; every other one moves a single domain's coordinates", () => {
    const moved = new Set<string>();
    for (const [j, hop] of hops.entries()) {
      const from = points[j % points.length];
      const changed = namesOf(law).filter((__, i) => hop[i] !== from[i]);
      if (Math.floor(j / points.length) % 2 === 0)
        expect(changed.length).toBeGreaterThan(law.size / 2);
      else {
        const labels = new Set(changed.map((name) => name.slice(name.indexOf("["))));
        expect(changed.length).toBe(4); // lnC, gamma, uA, uB of one domain
        expect(labels.size).toBe(1);
        for (const label of labels) moved.add(label);
      }
    }
    expect([...moved].sort()).toEqual(["[a]", "[b]", "[c]"]);
  });

  test("from each of several points, of any number, in both ways", () => {
    for (const count of [1, 2, 3, 6]) {
      const from = Array.from({ length: count }, (__, n) => point(law, 1, n));
      const ways = hopStarts(law, SCALE, 3, 0, from, 64).map((hop, j) => {
        const kept = hop.filter((x, i) => x === from[j % count][i]).length;
        return `${j % count} ${kept > law.size / 2 ? "one domain" : "all"}`;
      });
      expect(new Set(ways).size).toBe(2 * count);
    }
  });

  test("without domains all coordinates move", () => {
    const plain = bind(laws.chinchilla, [], { signs: "positive" }, { params: 1, tokens: 1 });
    const start = point(plain, 1, 0);
    expect(
      hopStarts(plain, SCALE, 1, 0, [start], 8).every((hop) =>
        hop.every((x, i) => x !== start[i] || x === plain.lower[i]),
      ),
    ).toBe(true);
  });
});

/**
 * What `optimize` says under its tables: each sentence where it holds, and not where it does not.
 */
import { describe, expect, test } from "vitest";
import { style } from "../../../src/cli/io/output.ts";
import { sizesTable } from "../../../src/cli/print/optimum/chosen-sizes.ts";
import { findings } from "../../../src/cli/print/optimum/findings.ts";
import { chosenScale, pathTable } from "../../../src/cli/print/optimum/path-table.ts";
import type { PathRow } from "../../../src/mixture/at-scale.ts";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import type { OptimumInterval } from "../../../src/mixture/request/optimum-interval.ts";
import { optimum } from "../../mixture/sample-optimum.ts";

const options = { width: 1000, style: style({ isTTY: false }), charts: false, source: "fit.json" };
const said = (over: Partial<Optimum> = {}): string => findings(optimum(over), options);

describe("how sharp an optimum is", () => {
  const trading = (trade: string | null, width: number): string =>
    said({ sharpness: { epsilon: 0.001, ranges: { web: [0.7, 0.7 + width], code: [0.2, 0.2] }, trade } }); // prettier-ignore

  test("follows from the widest range of a near-optimal share", () => {
    expect(trading(null, 0)).toContain("The optimum is sharp: no share can move.");
    expect(trading("web against code", 0.0501)).toContain("can be exchanged almost freely");
    expect(trading("web against code", 0.0499)).toContain(
      "The widest trade is web against code, over 4.99 points.",
    );
  });
});

describe("what a bootstrap says of it", () => {
  const interval: OptimumInterval = {
    replicates: 60,
    otherBasin: { share: 0, distance: null },
    uncertified: 0,
    level: 0.95,
    interval: "percentile",
    weights: { web: [0.6, 0.8], code: [0.2, 0.4] },
    extremes: { web: [0.6, 0.8], code: [0.2, 0.4] },
    leftOut: { web: 0, code: 0 },
    correlation: { web: { web: 1, code: -0.79 }, code: { web: -0.79, code: 1 } },
    optima: [],
    objective: [2.2, 2.3],
    predicted: {},
    regret: { median: 0.001, quantile: 0.004 },
    gain: {
      reference: { estimate: 0.25, corrected: 0.2, interval: [0.1, 0.3] },
      uniform: { estimate: 0.25, corrected: 0.2, interval: [0.1, 0.3] },
    },
    optimism: 0.01,
    candidates: [],
  };
  const bootstrapped = (over: Partial<OptimumInterval>): string =>
    said({ interval: { ...interval, ...over } });

  test("the objective, the regret, and the gain corrected for the choice", () => {
    const text = bootstrapped({});
    expect(text).toContain(
      "From 60 bootstrap replicates: the objective is 2.2000 … 2.3000 (95 %). In 95 % of them this mixture is within 0.0040 of the replicate's own best, in half of them within 0.0010.",
    );
    expect(text).toContain(
      "Over the uniform mixture it gains 0.25 by this fit, and 0.20 (0.10 … 0.30) corrected for having been chosen by it.",
    );
    expect(said()).not.toContain("bootstrap");
  });

  test("shares that trade, domains left out, replicates that are not certified: where there are some", () => {
    const quiet = bootstrapped({});
    expect(quiet).not.toMatch(/take each other's place|Best left out|are not certified/);
    expect(bootstrapped({ correlation: { web: { code: -0.8 }, code: { web: -0.8 } } })).toContain(
      "Shares that take each other's place: web and code (correlation -0.80)",
    );
    expect(bootstrapped({ leftOut: { web: 0.009, code: 0.01 } })).toContain(
      "Best left out: code in 1.00 % of the replicates.",
    );
    expect(bootstrapped({ uncertified: 4 })).toContain(
      "4 of the replicates' optima are not certified; they count where they ended.",
    );
  });
});

describe("what proves it", () => {
  const status = (value: Optimum["verdict"]["status"]): string =>
    said({ verdict: { status: value, findings: [] } });

  test.each([
    ["global", "Global optimum: the objective and the constraints are convex"],
    ["local", "Local optimum: the first-order conditions of one hold"],
    ["plateau", "On a plateau: other mixtures are as good"],
    ["not-certified", "Not certified as an optimum: stationarity"],
  ] as const)("%s", (value, words) => {
    expect(status(value)).toContain(words);
    const others = (["global", "local", "plateau", "not-certified"] as const).filter(
      (other) => other !== value,
    );
    for (const other of others) expect(status(other)).not.toContain(words);
  });

  test("of a local one the conditions that were looked at are named", () => {
    const { certificate } = optimum();
    const local = (curvature: number | null): string =>
      said({
        verdict: { status: "local", findings: [] },
        certificate: { ...certificate, curvature },
      });
    expect(local(0)).toContain("the first- and second-order conditions of one hold");
    expect(local(null)).toContain("the first-order conditions of one hold");
  });

  test("a global optimum names what proves it", () => {
    const { search } = optimum();
    const proofs = [
      [search, "the objective and the constraints are convex"],
      [{ ...search, reasons: ["x"] }, "every loss in it is an increasing function of a convex one"],
      [{ ...search, proof: "bound" }, "branch and bound shows that no allowed mixture is better"],
    ] as const;
    for (const [n, [proved]] of proofs.entries())
      expect(proofs.map(([, words]) => said({ search: proved }).includes(words))).toEqual(
        proofs.map((_, i) => i === n),
      );
  });

  test("a lattice: the best of its mixtures, or a rounded one, and then what is proved comes before", () => {
    const lattice = (exact: boolean): string =>
      said({ lattice: { denominator: 8, units: { web: 6, code: 2 }, cost: 0.00012, exact } });
    expect(lattice(true)).toContain("The best mixture of multiples of 1/8; that costs 1.2e-4.");
    expect(lattice(true)).not.toMatch(/Rounded to multiples of|before it is rounded/);
    expect(lattice(false)).toContain("Rounded to multiples of 1/8, which costs 1.2e-4.");
    expect(lattice(false)).toContain("Global optimum, before it is rounded: the objective");
  });

  test("random mixtures: none better, or by how much", () => {
    const drawn = (best: number | null): string =>
      said({ monteCarlo: { samples: 1000, feasible: 900, best } });
    expect(drawn(2.26)).toContain(
      "None of 1,000 random mixtures (900 of them feasible) is better; the best of them is 0.010 worse.",
    );
    expect(drawn(2.24)).toContain(
      "The best of 1,000 random mixtures (900 of them feasible) is 0.010 better.",
    );
    expect(drawn(null)).toMatch(/\(900 of them feasible\) is better\.$/m);
    expect(said({ monteCarlo: null })).not.toContain("random mixture");
  });

  test("a blend of trained mixtures is an interpolation", () => {
    const blend = "It is a blend of mixtures that were trained: an interpolation.";
    expect(said()).toContain(blend);
    expect(said({ reach: { insideHull: false, hullDistance: 0.1, nearestDistance: 0.2 } })).not.toContain(blend); // prettier-ignore
  });
});

test("limits by trained shares are told together, with what lifting them would gain", () => {
  const trained = {
    active: [{ constraint: "trained web ≤ 75 %", perPercent: 0.002, perEpoch: null }],
    trainedLimit: { factor: 1.5, largest: { web: 0.5, code: 0.9 }, lifted: { ...optimum().uniform, weights: { web: 0.9, code: 0.1 }, objective: 2.1 } }, // prettier-ignore
  };
  expect(said(trained)).toContain(
    "Limits of 1.5 × the largest trained share, with what one more percent would gain: web ≤ 75 % (0.0020). Lifted in all (--beyond), they would let the law promise 2.1000, 0.15 less, with 90 % web (trained up to 50 %).",
  );
  expect(said()).not.toContain("the largest trained share");
});

test.each([
  [4, "repeats begin to be worth less than new data"],
  [16, "further repeats are worth much less than new data"],
  [40, "further repeats are worth almost nothing"],
] as const)("over %i epochs", (passes, words) => {
  const text = said({
    allocation: {
      web: { tokens: 1e11, epochs: passes + 1, passes },
      code: { tokens: 1e9, epochs: 1, passes: null },
    },
  });
  expect(text).toContain(
    `Over ${passes} epochs (web): ${words} (Muennighoff et al. 2023), which the law does not know.`,
  );
  expect(said({ allocation: null })).not.toContain("epochs");
});

describe("along a path", () => {
  const row = (over: Partial<Optimum> = {}, outside: PathRow["outside"] = []): PathRow => ({
    params: 1e9,
    tokens: 2e10,
    flops: 1.2e20,
    outside,
    optimum: optimum(over),
  });
  const notes = (rows: readonly PathRow[], scaleFree = false): string =>
    pathTable({ rows, limit: null, scaleFree }, options);
  const local = { verdict: { status: "local", findings: [] } } as const;
  const uncertified = { verdict: { status: "not-certified", findings: [] } } as const;

  test("how many rows are proved, the best of some, or not certified", () => {
    expect(notes([row(), row()])).toContain("Every row is a global optimum, proved.");
    const mixed = notes([row(), row(local), row(uncertified)]);
    expect(mixed).not.toContain("Every row");
    expect(mixed).toContain("1 of 3 rows are the best of the local optima that were found.");
    expect(mixed).toContain("1 of 3 rows are not certified as optima.");
  });

  test("what the marks mean, and that scale does not matter", () => {
    expect(notes([row()])).not.toMatch(/^[?*]:|does not depend on scale/m);
    expect(notes([row({}, ["params"])])).toContain(
      "*: outside the range of the training runs, an extrapolation.",
    );
    expect(notes([row({ undetermined: { web: [0, 1] } })])).toContain(
      "?: a share that is not determined by these runs.",
    );
    expect(notes([row()], true)).toContain("The optimum does not depend on scale");
  });

  test("what a compute is best spent on, and the end of what was searched", () => {
    const spent = (ratio: number): string =>
      chosenScale({ ...row(), params: 1e9, tokens: ratio * 1e9, flops: 6e18 * ratio });
    expect(spent(20)).toBe(
      "1.20e20 FLOPs (6ND) are best spent on N 1B and D 20B: 20 tokens per parameter.",
    );
    expect(spent(1000)).toContain("That is the end of what was searched, 1 to 1000");
  });
});

test("best sizes say what was chosen and what near-optimal is", () => {
  const table = sizesTable(
    [
      {
        schema: "mixlaw/sizes@1", version: "0", flops: 1e21, at: { params: 2e9, tokens: 8e10 },
        chosen: ["params", "tokens"], laws: { loss_a: "chinchilla" }, objective: 2, predicted: { loss_a: 2 },
        nearOptimal: { epsilon: 1e-3, params: [1e9, 3e9] }, interval: null, epochs: null,
        verdict: { status: "holds", findings: [] }, warnings: [],
      } as unknown as Parameters<typeof sizesTable>[0][0],
    ],
    options,
  ); // prettier-ignore
  expect(table).toContain(
    "Chosen: N, D. Near-optimal: sizes whose loss is within 0.05 % of the best.",
  );
});

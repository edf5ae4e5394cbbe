import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { candidates, type CandidatesData } from "../../src/views/decision/candidates.ts";
import { interactions, type InteractionsData } from "../../src/views/decision/interactions.ts";
import { optima, type OptimaData } from "../../src/views/decision/optima.ts";
import { outcome, type OutcomeData } from "../../src/views/decision/outcome.ts";
import { scalePath, type ScalePathData } from "../../src/views/decision/scale-path.ts";
import { slice } from "../../src/views/decision/slice.ts";
import { levelsOf, type SliceData } from "../../src/views/decision/slice-data.ts";
import { way, type WayData } from "../../src/views/decision/way.ts";
import type { View } from "../../src/views/kit/view.ts";

const HOSTILE = `<img onerror="x">`;
const { document } = parseHTML("<html><body></body></html>");
const draw = <Data>(view: View<Data>, data: Data, width = 600): Element =>
  view.draw(data, { document, width });

/** Draws at widths from a telephone's on: no markup from data, no numbers that are none. */
function holds<Data>(view: View<Data>, data: Data): void {
  for (const width of [300, 600, 1000]) {
    const drawn = draw(view, data, width);
    expect(drawn.querySelectorAll("img")).toHaveLength(0);
    expect(drawn.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
  }
  const { header, rows } = view.table?.(data) ?? { header: [], rows: [] };
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toHaveLength(header.length);
}

describe("what the optimum promises", () => {
  const row = { target: HOSTILE, optimum: 2, reference: 2.1, uniform: 2.2 };
  const gains = [
    { over: "reference", isUniform: false, objective: 2.1, estimate: 0.1, corrected: null },
    { over: "uniform", isUniform: false, objective: 2.2, estimate: 0.2, corrected: null },
  ] as const;
  const data: OutcomeData = {
    rows: [{ ...row, interval: [1.9, 2.3] }],
    objective: 2,
    goal: HOSTILE,
    isRatio: false,
    scale: "at N 7B, D 150B",
    prediction: { of: "run", level: 0.95, isBeyond: true },
    gains,
    level: null,
  };

  test("has the interval in words too, and says that the gain has none", () => {
    holds(outcome, data);
    expect(draw(outcome, data).textContent).toContain("2.0000 (1.9000 … 2.3000)");
    expect(draw(outcome, data).textContent).toContain("The gain has no interval");
  });

  test("is called corrected in the table only where it is", () => {
    const [first] = gains;
    const corrected = { ...first, corrected: { value: 0.05, low: 0, high: 0.1 } };
    const names = (some: OutcomeData): unknown => outcome.table?.(some).rows.at(-1)?.[0];
    expect(names({ ...data, gains: [first] })).toBe("gain over reference");
    expect(names({ ...data, gains: [corrected] })).toBe("gain over reference, corrected");
  });

  test("says why losses have no interval, and what gives it", () => {
    const open: OutcomeData = { ...data, rows: [{ ...row, interval: [null, null] }] };
    holds(outcome, open);
    expect(draw(outcome, open).textContent).toContain("no back-tests");
    expect(draw(outcome, { ...open, prediction: null }).textContent).toContain("--bootstrap");
  });
});

test("which targets gain: the longer side is down, and open shares have no number", () => {
  const target = { target: HOSTILE, effects: [-0.01, null], gain: 0.1 };
  const domains = [
    { domain: "web", share: 1, isDetermined: true },
    { domain: "code", share: 0, isDetermined: false },
  ];
  const data: InteractionsData = { step: 0.01, domains, targets: [target], objective: null };
  holds(interactions, data);
  const texts = [...draw(interactions, data).querySelectorAll("text")].map((text) => text.textContent); // prettier-ignore
  expect(texts.some((text) => text?.startsWith("-0.0100"))).toBe(true);
  expect(texts.some((text) => text?.startsWith("?"))).toBe(true);
  const many = [0, 1, 2].map((n) => ({ ...target, target: `loss ${n}` }));
  holds(interactions, { ...data, targets: many, objective: { effects: [0, 0], gain: 0, isRatio: false } }); // prettier-ignore
});

test("the path along the scales has an area a domain, and the rest of many as one", () => {
  const domains = Array.from({ length: 12 }, (_, i) => (i === 0 ? HOSTILE : `domain ${i}`));
  const shares = domains.map(() => 1 / 12);
  const data: ScalePathData = {
    axis: "flops",
    target: 1e21,
    trained: [1e18, 1e20],
    domains,
    stops: [1e18, 1e21, 1e22].map((at) => ({ at, shares, isCertified: at < 1e22 })),
    isWhole: false,
    ratio: 20,
  };
  holds(scalePath, data);
  const text = draw(scalePath, data).textContent;
  for (const each of ["4 others", "leave no mixture", "1 of 3 optima", "20 tokens per parameter"])
    expect(text).toContain(each);
});

describe("the slice", () => {
  const base = {
    isAll: true,
    span: 1,
    best: 2,
    constraints: "known",
    epsilon: 0.01,
    unit: "loss",
    marks: [],
  } as const;

  test("is a field over a triangle, whose part that is forbidden is veiled", () => {
    const losses = Float64Array.of(0.4, 0.2, 0.3, 0.05, 0, Infinity);
    const data: SliceData = {
      ...base,
      corners: [HOSTILE, "web", "code"],
      parts: 2,
      losses,
      excess: Float64Array.of(-1, -1, -1, -1, -1, 1),
      near: Float64Array.of(0.5, 0.5, 0, 0.4, 0.4, 0.2, 0.5, 0.3, 0.2),
      marks: [{ kind: "optimum", parts: [0.5, 0.5, 0] }],
      trained: Float64Array.of(0.2, 0.3, 0.5),
    };
    holds(slice, data);
    expect(draw(slice, data).textContent).toContain("forbidden by a constraint");
  });

  test("is a curve over a line", () => {
    holds(slice, {
      ...base,
      corners: [HOSTILE, "web"],
      parts: 2,
      losses: Float64Array.of(Infinity, 0, 0.5),
      excess: Float64Array.of(-1, -1, 1),
      near: Float64Array.of(0.6, 0.4, 0.4, 0.6),
      trained: Float64Array.of(0.5, 0.5),
    });
  });

  test("has levels of 1, 2 and 5 at most", () => {
    const losses = Float64Array.from({ length: 1000 }, (_, n) => n / 1000);
    expect(levelsOf(losses, 0)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5]);
    expect(levelsOf(losses, 0.3)).toEqual([0.1, 0.2, 0.5]);
    expect(levelsOf(new Float64Array(3), 0.1)).toEqual([]);
  });
});

test("the way has a panel a loss, and veils what is forbidden", () => {
  const values = Float64Array.of(2, 1.9, 1.8);
  const data: WayData = {
    from: "reference",
    distance: 0.3,
    objective: { values, low: null, high: null, level: null },
    isRatio: false,
    targets: [{ target: HOSTILE, values, low: values, high: Float64Array.of(3, 3, Infinity) }],
    prediction: { of: "run", level: 0.95 },
    isForbidden: [true, false, false],
    trained: null,
  };
  holds(way, data);
  expect(draw(way, data).querySelectorAll(".panel")).toHaveLength(2);
  expect(draw(way, data).textContent).toContain("forbidden by a constraint");
});

test("several optima: a dot a share, and what was asked", () => {
  const one = {
    name: HOSTILE,
    shares: { web: 0.5, code: 0.5 },
    undetermined: ["code"],
    scale: "at N 7B",
    laws: "joint law",
    goal: "loss",
    objective: 2,
    gain: 0.1,
    binding: ["cap web ≤ 50 %"],
  };
  const data: OptimaData = { domains: ["web", "code", "__proto__"], optima: [one, { ...one, name: "b" }] }; // prettier-ignore
  holds(optima, data);
  expect(draw(optima, data).textContent).toContain("cap web ≤ 50 %");
});

describe("the candidates", () => {
  const optimum = { name: "optimum", shares: { web: 0.7, code: 0.3 }, objective: 2, chanceBest: null, breaks: null }; // prettier-ignore
  const flat = { ...optimum, name: HOSTILE, shares: { web: 0.5, [HOSTILE]: 0.5 }, objective: 2.1 };
  const banned = { ...flat, name: "__proto__", objective: 1.9, breaks: `cap ${HOSTILE} ≤ 40 % (by 0.1)` }; // prettier-ignore
  const domains = ["web", "code", HOSTILE, "__proto__"];
  const rowsOf = (data: CandidatesData): string[][] =>
    [...draw(candidates, data).querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent ?? "")); // prettier-ignore

  test("are told from the optimum, and a mark has its reason", () => {
    const data: CandidatesData = { domains, optimum, candidates: [banned, flat] };
    holds(candidates, data);
    expect(rowsOf(data)).toEqual([
      ["mixture", "objective", "above the optimum"],
      ["optimum", "2.0000", "0.0000"],
      ["web 70 %, code 30 %"],
      ["__proto__ *", "1.9000", "-0.1000"],
      [`web 50 %, ${HOSTILE} 50 %* It breaks cap ${HOSTILE} ≤ 40 % (by 0.1).`],
      [HOSTILE, "2.1000", "0.1000"],
      [`web 50 %, ${HOSTILE} 50 %`],
    ]);
  });

  test("have their chance where there is a bootstrap", () => {
    const data: CandidatesData = { domains, optimum, candidates: [{ ...flat, chanceBest: 0.4267 }] }; // prettier-ignore
    const [head, , , row] = rowsOf(data);
    expect(head).toEqual(["mixture", "objective", "above the optimum", "chance to be the best"]); // prettier-ignore
    expect(row?.[3]).toBe("42.7 %");
  });

  test("have long names cut in the picture and whole in the table", () => {
    const name = "x".repeat(200);
    const data: CandidatesData = { domains, optimum, candidates: [{ ...flat, name }] };
    expect(rowsOf(data)[3]?.[0]).toHaveLength(40);
    expect(candidates.table?.(data).rows[1]?.[0]).toBe(name);
  });
});

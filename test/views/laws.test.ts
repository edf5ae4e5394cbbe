/** Pictures of the laws, drawn without a browser. */
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { basins, type BasinsOfFit } from "../../src/views/laws/basins.ts";
import { lawErrors } from "../../src/views/laws/law-errors.ts";
import { lawOptima } from "../../src/views/laws/law-optima.ts";
import { lawPredictions } from "../../src/views/laws/law-predictions.ts";
import { scaleOf } from "../../src/views/laws/parameter-scale.ts";
import { type ParameterRow, parameters } from "../../src/views/laws/parameters.ts";

const HOSTILE = `<img onerror="x">`;
const frame = (width = 800) => ({
  document: parseHTML("<html><body></body></html>").document,
  width,
});
/** What must hold of every picture. */
function checked(drawn: Element): Element {
  expect(drawn.querySelectorAll("img")).toHaveLength(0);
  expect(drawn.outerHTML).not.toMatch(/NaN|undefined/);
  return drawn;
}

describe("parameters", () => {
  const row = (over: Partial<ParameterRow> = {}): ParameterRow => ({
    law: "additive",
    target: "loss_a",
    family: "C",
    domain: HOSTILE,
    value: 1,
    interval: [0.5, 2],
    standardError: 0.3,
    state: "determined",
    atBound: false,
    ...over,
  });
  const rows = [
    row(),
    row({ domain: "code", value: null, interval: [null, null], state: "not determined" }),
    row({ family: "E", domain: null, interval: [null, 2] }),
    row({ law: "joint", value: 7 }),
  ];
  const data = { rows, used: [{ target: "loss_a", law: "additive" }], intervals: ["made so"] };

  test("of the law in use are drawn, a panel a family, and what is not determined is named so", () => {
    const drawn = checked(parameters.draw(data, frame()));
    const titles = [...drawn.querySelectorAll("h4")].map((title) => title.textContent);
    expect(titles).toEqual(["E", "C"]);
    expect(drawn.textContent).toContain("not determined by the runs");
    expect(drawn.textContent).toContain("made so");
    expect(drawn.textContent).toContain("∞");
  });

  test("of many targets are drawn without intervals", () => {
    const targets = Array.from({ length: 30 }, (_, i) => `loss_${i}`);
    const many = targets.map((target) => row({ target }));
    const used = targets.map((target) => ({ target, law: "additive" }));
    const drawn = checked(parameters.draw({ rows: many, used, intervals: [] }, frame()));
    expect(drawn.querySelectorAll("[aria-label=dot] circle")).toHaveLength(30);
    expect(drawn.querySelectorAll("[aria-label=link] path")).toHaveLength(0);
  });

  test("of all laws are in the table", () => {
    const { header, rows: cells } = parameters.table?.(data) ?? { header: [], rows: [] };
    expect(cells).toHaveLength(rows.length);
    expect(cells.every((each) => each.length === header.length)).toBe(true);
  });

  test("an axis leaves outliers and huge intervals out, and does not go below 0 without need", () => {
    const at = (value: number, high = value) => row({ value, interval: [value, high] });
    const { low, high } = scaleOf([at(1), at(1.2), at(1.1), at(1.3, 1e9), at(500)]);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(1.3);
    expect(high).toBeLessThan(2);
    expect(scaleOf([at(1), at(1e4)]).isLog).toBe(true);
  });
});

describe("basins", () => {
  const fit = (over: Partial<BasinsOfFit> = {}): BasinsOfFit => ({
    law: "joint",
    target: HOSTILE,
    starts: 512,
    followed: 128,
    reachedBest: 128,
    basins: [{ objective: 1e-5, starts: 128, hops: 100, distance: 0 }],
    objectives: new Float64Array(128).fill(1e-5),
    others: 0,
    unseen: 0,
    ...over,
  });

  test("where all starts reach the best there is one dot, and it is said", () => {
    const drawn = checked(basins.draw({ fits: [fit()] }, frame()));
    expect(drawn.querySelectorAll("[aria-label=dot] circle")).toHaveLength(1);
    expect(drawn.textContent).toContain("128 of 128");
    expect(drawn.textContent).toContain("best");
  });

  test("starts that did not reach the best have ticks where they ended", () => {
    const objectives = Float64Array.of(1e-5, 1.0005e-5, 1.2e-5, 1.2e-5, 3e-5, 9);
    const drawn = checked(basins.draw({ fits: [fit({ objectives })] }, frame()));
    expect(drawn.querySelectorAll("[aria-label=tick] line")).toHaveLength(3);
  });

  test("an exact fit, and optima far above the best, stay in the picture", () => {
    const far = { objective: 3, starts: 2, hops: 0, distance: 4 };
    const exact = { objective: 0, starts: 126, hops: 0, distance: 0 };
    for (const width of [320, 800]) {
      const drawn = checked(basins.draw({ fits: [fit({ basins: [exact, far], unseen: null })] }, frame(width))); // prettier-ignore
      expect(drawn.querySelectorAll("[aria-label=dot] circle")).toHaveLength(2);
    }
  });

  test("the table has a row a basin", () => {
    const { header, rows } = basins.table?.({ fits: [fit(), fit()] }) ?? { header: [], rows: [] };
    expect(rows.map((cells) => cells.length)).toEqual([header.length, header.length]);
  });
});

describe("laws beside each other", () => {
  const optima = {
    optima: [
      { law: HOSTILE, weights: { web: 0.7, code: 0.3 }, isProved: true },
      { law: "joint", weights: { web: 0.4, code: 0.6 }, isProved: false },
    ],
    against: "uniform",
    objectives: [
      [2, 2.1],
      [2.05, 1.9],
    ],
    base: [2.2, 2],
  } as const;

  test("gains are those of the row's mixture by the column's law, in cells and in words", () => {
    const drawn = checked(lawOptima.draw(optima, frame()));
    const cells = [...drawn.querySelectorAll("[aria-label=cell] rect")];
    expect(cells).toHaveLength(4);
    expect(drawn.textContent).toContain("The best mixture of joint gains 0.1000 by joint itself, 0.1500 by"); // prettier-ignore
    const { header, rows } = lawOptima.table?.(optima) ?? { header: [], rows: [] };
    expect(rows.map((row) => row[header.indexOf("gain")])).toEqual([0.2, -0.1, 0.15, 0.1].map((x) => expect.closeTo(x, 12))); // prettier-ignore
  });

  test("predictions have a row a law and a panel a target", () => {
    const rows = [HOSTILE, "joint"].map((law) => ({ law, target: "loss_a", loss: 2, interval: [null, 2.1] as const })); // prettier-ignore
    const data = { laws: [HOSTILE, "joint"], rows, intervals: { of: "run", level: 0.95 } } as const;
    const drawn = checked(lawPredictions.draw(data, frame()));
    expect(drawn.querySelectorAll("svg")).toHaveLength(1);
    expect(drawn.textContent).toContain("95 % intervals of the loss of a new run");
    const bare = {
      ...data,
      rows: rows.map((row) => ({ ...row, interval: null })),
      intervals: null,
    };
    expect(checked(lawPredictions.draw(bare, frame())).textContent).toContain("--bootstrap 1000");
  });

  test("errors have a panel for each set of rows that there is", () => {
    const errors = [
      { law: HOSTILE, target: "loss_a", of: "train", percent: 0.4 },
      { law: "joint", target: "loss_a", of: "train", percent: 0 },
      { law: "joint", target: "loss_a", of: "backtest", percent: 1 },
    ] as const;
    const chosen = {
      chosen: "joint",
      alike: ["joint"],
      by: "back-tests",
      errors,
      chosenErrors: [],
    };
    const drawn = checked(lawErrors.draw(chosen, frame()));
    const titles = [...drawn.querySelectorAll("h4")].map((title) => title.textContent);
    expect(titles).toEqual(["rows that were fitted", "back-tests at larger runs"]);
  });
});

import { describe, expect, test } from "vitest";
import { summary } from "../../../src/cli/print/fit/summary.ts";
import { COLORED, PLAIN } from "../../../src/cli/text/style.ts";
import type { Fit } from "../../../src/fit/result/fit-file.ts";
import { file, fit } from "./sample-fit.ts";

const text = (fits: readonly Fit[], width = 110, parameters = false): string =>
  summary(file(fits), { width, style: PLAIN, charts: false, parameters });
const names = ["chinchilla", "mixture", "mixture-tokens", "simple", "additive", "joint", "full"];
const targets = ["loss_web", "loss_code", "loss_a_rather_long_name"];
const many = names.flatMap((law) => targets.map((target) => fit(law, target)));

describe("the summary", () => {
  test.each([60, 80, 110])("of seven laws stays within %i columns", (width) => {
    const lines = text(many, width).split("\n");
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    for (const law of names)
      expect(lines.some((line) => line.split(/ +/).includes(law))).toBe(true);
  });

  test("of two laws, as it looks", () => {
    const slow = fit("joint", "loss_web", {
      search: { ...fit("", "").search, status: "not-converged" },
      warnings: ["did not converge"],
    });
    expect(text([fit("additive", "loss_web"), slow])).toMatchInlineSnapshot(`
      "runs.csv
      100 rows fitted, 20 held out · 2 domains (web, code) · 1 target
      WebGPU: a card · Huber loss, δ 0.001 · seed 1 · 3.2 s

                                additive                                 joint
      target      train %  test %  objective   agreed     train %  test %  objective   agreed
      ────────    ────────────────────────────────────    ────────────────────────────────────
      loss_web       0.27    1.20   8.368e-6  300/512        0.27    1.20   8.368e-6  300/512!

      %: mean relative error. agreed: of the starts followed to their end, how many ended within 0.1 % of the best
      objective, a mean over the fitted rows.

      note: left out: 3 rows that --where does not keep
      note: a note about the data a note about the data a note about the data a note about the data a note about the
            data a note about the data a note about the data a note about the data
      warning: joint loss_web: did not converge"
    `);
  });

  test("says δ where it follows losses of unusual size, and only there", () => {
    const [small, large] = [
      fit("additive", "loss_web", { delta: 3.378e-6 }),
      fit("additive", "loss_code", { delta: 0.0253 }),
    ];
    expect(text([small])).toMatch(/Huber loss, δ 3\.38e-6 ·/);
    expect(text([small, large])).toMatch(/Huber loss, δ 3\.38e-6 to 0\.0253 ·/);
    expect(text([small, large])).toMatch(
      /note: δ is 0\.001 times the median loss where that is below 0\.1 or above 20 \(loss_web 3\.38e-6, loss_code\s+0\.0253\): --delta X sets it/,
    );
    expect(text([fit("additive", "loss_web", { delta: 1e-3 })])).not.toMatch(/δ is/);
  });

  test("of one law has a line a target, with R² and condition number, and the parameters when asked", () => {
    expect(text([fit("additive", "loss_web"), fit("additive", "loss_code")], 110, true))
      .toMatchInlineSnapshot(`
        "runs.csv
        100 rows fitted, 20 held out · 2 domains (web, code) · 2 targets (loss_web, loss_code)
        WebGPU: a card · Huber loss, δ 0.001 · seed 1 · 3.2 s

        additive  L = E + …

        target     train %  test %      R²  objective   agreed  condition
        ─────────────────────────────────────────────────────────────────
        loss_web      0.27    1.20  0.9990   8.368e-6  300/512      1.2e4
        loss_code     0.27    1.20  0.9990   8.368e-6  300/512      1.2e4

        parameters, additive

        target          E       A    alpha  gamma
        ─────────────────────────────────────────
        loss_web   1.5000  400.00  0.31000      –
        loss_code  1.5000  400.00  0.31000      –

        loss_web       C
        ────────────────
        web       1.2500
        code           –

        loss_code       C
        ─────────────────
        web        1.2500
        code            –

        %: mean relative error. agreed: of the starts followed to their end, how many ended within 0.1 % of the best
        objective, a mean over the fitted rows.

        note: left out: 3 rows that --where does not keep
        note: a note about the data a note about the data a note about the data a note about the data a note about the
              data a note about the data a note about the data a note about the data"
      `);
  });

  test("tells a repeated warning once", () => {
    const told = text(targets.map((target) => fit("additive", target, { warnings: ["beware"] })));
    expect(told.match(/beware/g)).toHaveLength(1);
    expect(told).toContain("warning: every fit: beware");
    const some = text([...many, fit("extra", "loss_web", { warnings: ["beware"] })]);
    expect(some).toContain("warning: extra loss_web: beware");
  });

  test("says when hops found what no start did", () => {
    const search = { ...fit("", "").search, reachedBest: 0 };
    expect(text([fit("joint", "loss_web", { search })]).replaceAll(/\s+/g, " ")).toContain(
      "hops from the best starts found it, and agreed: joint loss_web 100 of 128",
    );
  });

  test("is bold only where the test error is the least of several laws", () => {
    const better = fit("joint", "loss_web", { test: { ...fit("", "").train, mrePercent: 0.5 } });
    const told = summary(file([fit("additive", "loss_web"), better]), {
      width: 110,
      style: COLORED,
      charts: false,
      parameters: false,
    });
    expect(told).toContain("\u001b[1m0.50\u001b[22m");
    expect(told).not.toContain("\u001b[1m1.20");
  });
});

describe("parameters that the runs do not determine", () => {
  const direction = {
    coordinates: { E: 0.5, lnA: 0.5 },
    eigenvalue: 1e-9,
    standardError: 30,
    sentence: "E against A/N^α: your runs have one size only (N = 70M)",
  };
  const open = fit("additive", "loss_web", {
    parameters: { E: 1, A: 2, C: { web: 3, code: 4 } },
    coordinates: { E: 1, lnA: 1, "lnC[web]": 1, "lnC[code]": 1 },
    certificate: {
      gradientNorm: 0,
      conditionNumber: 1e9,
      spectrum: [],
      notIdentified: ["E", "C[web]"],
      directions: [direction],
      atBound: [],
    },
  });

  test("are counted where parameters are not printed", () => {
    expect(text([open]).replaceAll(/\s+/g, " ")).toContain(
      "parameters that the runs do not determine one by one: additive 2 of 4",
    );
    expect(text([fit("additive", "loss_web")])).not.toContain("do not determine");
  });

  test("are named, with the reason, where they are", () => {
    const said = text([open], 110, true).replaceAll(/\s+/g, " ");
    expect(said).toContain(
      "not determined: E, C[web] (E against A/N^α: your runs have one size only (N = 70M)). Predictions inside",
    );
    expect(said).toMatch(/web 3\.0000\? code 4\.0000/);
    expect(said).toContain("?: not determined by these runs, other values fit as well.");
  });
});

/** Observed losses against predicted ones: the law that is drawn, and where its points stand. */
import { describe, expect, test } from "vitest";
import { observedPanels } from "../../../src/cli/print/fit/observed-panels.ts";
import { COLORED, PLAIN } from "../../../src/cli/text/style.ts";
import type { Runs, RunSet } from "../../../src/data/runs/run-set.ts";
import type { Fit, FitFile } from "../../../src/fit/result/fit-file.ts";
import { predictRows } from "../../../src/fit/result/predictor.ts";
import { bind } from "../../../src/laws/bind.ts";
import { chinchilla } from "../../../src/laws/catalog/scale/chinchilla.ts";
import { start } from "../../laws/fixture.ts";
import { fileOf } from "../../mixture/fixture.ts";

const law = bind(chinchilla, [], { signs: "positive" }, { params: 1e8, tokens: 2e9 });
const theta = start(law);
const fitted = fileOf([{ target: "loss_a", law: "chinchilla", weight: 1, fitted: { law, theta } }]);
const terminal = { width: 80, style: PLAIN, charts: true };

/** Rows of growing size whose losses are so many percent above the law's. */
function setOf(percents: readonly number[], from = 1e8): RunSet {
  const rows = percents.length;
  const inputs = {
    params: Float64Array.from(percents, (_, i) => from * 2 ** i),
    tokens: new Float64Array(rows).fill(2e9),
  };
  const weights = new Float64Array();
  const predicted = predictRows(law, theta, { rows, inputs, weights });
  const losses = [predicted.map((loss, i) => loss * (1 + (percents[i] ?? NaN) / 100))];
  return { rows, rowNumbers: Int32Array.from(percents, (_, i) => i + 1), inputs, weights, losses };
}

const runsOf = (train: RunSet, held?: RunSet): Runs => ({
  source: "runs.csv",
  sha256: "",
  domains: [],
  targets: ["loss_a"],
  train,
  test: held,
  dropped: [],
  notes: [],
});
const [fit] = fitted.fits as [Fit];
const scored = (name: string, trainError: number, testError: number | null): Fit => ({
  ...fit,
  law: name,
  train: { ...fit.train, mrePercent: trainError },
  test: testError === null ? null : { ...fit.train, mrePercent: testError },
});
const title = (file: FitFile): string =>
  observedPanels(file, runsOf(setOf([1, -1])), terminal).split("\n")[0];

test("points stand as many percent above or below 0 as the losses do, rows held out apart", () => {
  const text = observedPanels(fitted, runsOf(setOf([2, 0.01, -2]), setOf([1], 8e8)), terminal);
  const lines = text.split("\n");
  expect(lines[0]).toBe("chinchilla: observed values, above or below the predicted");
  expect(lines[1]).toBe("⠶ rows fitted  ○ held out  across: predicted");
  expect(lines[2].trim()).toBe("loss_a");
  const plot = lines.slice(3, 10);
  // The largest model has the lowest predicted loss: it stands at the left.
  expect(plot[0]).toMatch(/^ ?\+2 % {2,}⠈$/);
  expect(plot[3]).toMatch(/^ +0 ┄+[\u2801-\u28ff]┄+$/);
  expect(plot[6]).toMatch(/^ ?-2 % +[\u2801-\u28ff]$/);
  expect(plot.slice(1, 3).join("\n")).toMatch(/○/);
  expect(observedPanels(fitted, runsOf(setOf([1])), { ...terminal, charts: false })).toBe("");
  expect(observedPanels(fitted, runsOf(setOf([1])), { ...terminal, style: COLORED })).toContain(
    COLORED.bar("⠶"),
  );
});

test("a few points that are far off stand at the edge, and that is told", () => {
  const near = Array.from({ length: 99 }, (_, i) => 1 - (i % 3));
  const runs = runsOf(setOf([...near.map((y) => y + 1e-6), 40], 1e7));
  expect(observedPanels(fitted, runs, terminal)).toContain("at the edges: beyond them");
  expect(observedPanels(fitted, runsOf(setOf([1, -1])), terminal)).not.toContain("at the edges");
});

describe("of several laws is drawn", () => {
  test("the one in use, if the file has one", () => {
    const fits = [scored("chinchilla", 1, 2), scored("kaplan", 0.5, 1)];
    const chosen = { law: "chinchilla", by: "back-tests", alike: [], errors: {} } as const;
    expect(title({ ...fitted, fits, chosen })).toMatch(/^chinchilla \(used where no law is asked/);
  });

  test("else the one with the least error on the rows held out, or on those fitted", () => {
    const held = [scored("chinchilla", 1, 1), scored("kaplan", 0.5, 2)];
    expect(title({ ...fitted, fits: held })).toContain(
      "chinchilla (least error on the rows held out)",
    );
    const alone = [scored("chinchilla", 1, null), scored("kaplan", 2, null)];
    expect(title({ ...fitted, fits: alone })).toContain(
      "chinchilla (least error on the rows fitted)",
    );
  });

  test("none where every fit has failed", () => {
    const fits = [{ ...fit, verdict: { status: "failed", findings: [] } } as const];
    expect(title({ ...fitted, fits })).toBe("");
  });
});

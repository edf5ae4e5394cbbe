/** Shares below any that a run had. */
import { describe, expect, test } from "vitest";
import { percent, roundedUp } from "../../src/base/format-number.ts";
import { toRuns } from "../../src/data/runs/runs.ts";
import type { Finding } from "../../src/base/verdict.ts";
import { optimize } from "../../src/mixture/optimize.ts";
import type { OptimizeOptions } from "../../src/mixture/request/optimize-options.ts";
import type { Optimum } from "../../src/mixture/request/optimum.ts";
import { withFlagNames } from "../../src/words/option-flags.ts";
import { laws, lawNamed } from "../../src/laws/catalog/catalog.ts";
import { cpuEngine } from "../fit/engines.ts";
import { PHASES, phasedRows } from "../fit/phased-runs.ts";
import { AT, drawLosses, drawMixture, fileOf } from "./fixture.ts";

const k = 4;
const losses = drawLosses("additive", k, 1, 21);
/** 24 mixtures with at least `least` of each domain. */
const runsFrom = (least: number): number[][] =>
  Array.from({ length: 24 }, (_, n) =>
    [...drawMixture(k, 31, n)].map((x) => least + (1 - k * least) * x),
  );
const file = fileOf(losses, [...runsFrom(0.02), Array.from({ length: k }, () => 1 / k)]);
const low = (weights: readonly number[]): OptimizeOptions => ({
  constraints: {
    caps: Object.fromEntries(weights.map((share, i) => [`d${i}`, share])),
    floors: Object.fromEntries(weights.map((share, i) => [`d${i}`, share])),
  },
});
const best = (options: OptimizeOptions, trained = file): Promise<Optimum> =>
  optimize(trained, { ...AT, samples: 0, epsilon: 0, ...options });
const said = ({ verdict }: Optimum): Finding | undefined =>
  verdict.findings.find(({ code }) => code === "below-trained-shares");
/** The floors that a sentence names. */
const floorsIn = (sentence = ""): Record<string, number> =>
  Object.fromEntries(
    [...sentence.matchAll(/([\w/]+)=([\d.]+)/g)].map(([, name = "", share]) => [
      name,
      Number(share),
    ]),
  );
const leastOf = (i: number): number => Math.min(...file.data.mixtures.map(({ weights }) => weights[i] ?? 0)); // prettier-ignore

describe("an optimum with less of a domain than any run had", () => {
  test("says of which, the least trained, and the floors that keep to it", async () => {
    const optimum = await best(low([0, 0.01, 0.5, 0.49]));
    const finding = said(optimum);
    expect(finding?.about).toEqual(["d0", "d1"]);
    expect(finding?.sentence).toMatch(/^less than any run had of d0 0 % \(2\.\d %\), d1 1 % \(2\.\d %\): what so little of a domain does, no run tells\. ‘constraints\.floors: d0=0\.02\d,d1=0\.02\d’ keeps to the least that was trained$/); // prettier-ignore
    expect(withFlagNames(finding?.sentence ?? "")).toMatch(/--floor d0=0\.02\d,d1=0\.02\d keeps/);
  });

  test("and the floors cost no more than is said, by the law", async () => {
    const free = await best({});
    const sentence = said(free)?.sentence ?? "";
    const floors = floorsIn(sentence);
    expect(Object.keys(floors)).not.toEqual([]);
    const most = Number(/for at most (\S+) more by the law$/.exec(sentence)?.[1]);
    const kept = await best({ constraints: { floors } });
    expect(said(kept)).toBeUndefined();
    const cost = kept.objective - free.objective;
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(most);
    for (const [i, name] of file.data.domains.entries())
      expect(floors[name] ?? 1).toBeGreaterThanOrEqual(leastOf(i));
  });

  test("says nothing at the least trained share, or a little below, or where it is fixed", async () => {
    const [a, b] = [leastOf(0), leastOf(1) / 1.4];
    expect(said(await best(low([a, b, 0.5, 0.5 - a - b])))).toBeUndefined();
    expect(said(await best({ constraints: { fixed: { d0: 0, d1: 0.3, d2: 0.3, d3: 0.4 } } }))).toBeUndefined(); // prettier-ignore
  });

  test("says nothing where a run had next to none, or where mixtures are not all known", async () => {
    const bare = fileOf(losses, [...runsFrom(0.02), [0.004, 0.3, 0.3, 0.396]]);
    expect(said(await best(low([0, 0.25, 0.5, 0.25]), bare))).toBeUndefined();
    const some = { ...file, data: { ...file.data, distinctMixtures: 5000 } };
    expect(said(await best(low([0, 0.25, 0.5, 0.25]), some))).toBeUndefined();
    expect(said(await best(low([0, 0.25, 0.5, 0.25]), fileOf(losses)))).toBeUndefined();
  });
});

test("in phases, least shares are those of the phase", async () => {
  const { targets, train, ...rest } = toRuns(phasedRows(40), { phases: PHASES });
  const t = targets.indexOf("loss_each");
  const runs = { ...rest, targets: ["loss_each"], train: { ...train, losses: train.losses.slice(t, t + 1) } }; // prettier-ignore
  const engine = await cpuEngine();
  const fit = await engine.fit(lawNamed("log-linear-by-phase") ?? laws.linear, runs, {
    restarts: 8,
  });
  const mixtures = fit.data.mixtures.filter(({ weights: [web = 0, , , code = 0] }) => web >= 0.075 && code >= 0.025); // prettier-ignore
  const kept = { ...fit, data: { ...fit.data, mixtures } };
  const optimum = await optimize(kept, { tokens: 1e10, samples: 0, epsilon: 0, beyond: true });
  const least = Math.min(...mixtures.map(({ weights: [web = 0] }) => web / 0.75));
  const { about, sentence } = said(optimum) ?? {};
  expect(about).toEqual(["h0/web", "h1/code"]);
  expect(sentence).toContain(`h0/web 0 % (${percent(least, 2)})`);
  // Two domains a phase: where a floor binds in each, no other mixture is left.
  const raised = await optimize(kept, { tokens: 1e10, samples: 0, epsilon: 0, beyond: true, constraints: { floors: floorsIn(sentence) } }); // prettier-ignore
  const most = Number(/for at most (\S+) more by the law$/.exec(sentence ?? "")?.[1]);
  expect(roundedUp(raised.objective - optimum.objective, 2)).toBe(most);
});

/** Charts of optima and validations: what is drawn, and that it is drawn for terminals alone. */
import { describe, expect, test } from "vitest";
import { errorsChart } from "../../../src/cli/print/errors-chart.ts";
import { pathChart } from "../../../src/cli/print/optimum/path-chart.ts";
import { sharesChart } from "../../../src/cli/print/optimum/shares-chart.ts";
import { PLAIN } from "../../../src/cli/text/style.ts";
import type { PathRow } from "../../../src/mixture/at-scale.ts";
import type { LawScore, Validation } from "../../../src/validate/validation.ts";
import { optimum } from "../../mixture/sample-optimum.ts";

const terminal = { width: 60, style: PLAIN, charts: true };
const pipe = { ...terminal, charts: false };

describe("the shares of an optimum", () => {
  test("have near-optimal ranges, and the uniform mixture beside them", () => {
    expect(sharesChart(optimum(), terminal)).toBe(
      [
        "█▓ share  ▓░ near-optimal range  │ uniform mixture",
        "web   75.00  ██████████████████████████│██████████▓▓░░░",
        "code  25.00  ██████████▓▓▓░░░          │",
        "             0          20        40         60        80 %",
      ].join("\n"),
    );
    expect(sharesChart(optimum(), pipe)).toBe("");
  });

  test("have intervals of a bootstrap, but where its replicates change basin", () => {
    const interval = { level: 0.9, weights: { web: [0.5, 0.9], code: [0.1, 0.5] } };
    const withBootstrap = optimum({ interval: interval as never });
    expect(sharesChart(withBootstrap, terminal)).toContain("▓░ 90 % interval");
    const moved = { code: "replicates-change-basin", sentence: "" } as const;
    const verdict = { status: "local", findings: [moved] } as const;
    expect(sharesChart({ ...withBootstrap, verdict }, terminal)).toContain("near-optimal range");
  });

  test("that are not determined have no bar", () => {
    const text = sharesChart(optimum({ undetermined: { code: [0, 0.5] } }), terminal);
    expect(text).toContain("╌ not determined: the range allowed");
    expect(text).toMatch(/^code +\? {2}╌+│$/m);
  });

  test("stand beside the reference, where that is a mixture of its own", () => {
    const reference = { ...optimum().uniform, weights: { web: 0.1, code: 0.9 } };
    expect(sharesChart(optimum({ reference }), terminal)).toContain("│ reference mixture");
  });
});

describe("the errors of laws", () => {
  const score = (mrePercent: number | null) =>
    ({ rows: 9, mrePercent, rmse: 1, r2: null, spearman: null, regret: null }) as const;
  const law = (name: string, error: number, interval: [number, number] | null): LawScore =>
    ({
      law: name,
      mean: score(error),
      behind: interval === null ? null : { difference: error - 1, interval },
      targets: { loss_a: score(error / 2), loss_b: score(error * 1.5) },
    }) as unknown as LawScore;
  const validation = (laws: readonly LawScore[]): Validation =>
    ({
      level: 0.95,
      laws,
      baselines: [
        { name: "constant", mean: score(50), behind: { difference: 49, interval: null }, targets: {} },
      ],
    }) as unknown as Validation; // prettier-ignore

  test("stand beside the best law's, with intervals; what is no law may go beyond the scale", () => {
    const laws = [law("joint", 1, null), law("simple", 2, [-0.5, 2.2])];
    expect(errorsChart(validation(laws), terminal)).toBe(
      [
        "█▓ mean relative error",
        "▓░ 95 % interval of how far behind the best  │ the best law",
        "joint      1.000  █████████│",
        "simple     2.000  █████▓▓▓▓│▓▓▓▓▓▓▓▓░░░░░░░░░░░░",
        "constant  50.000  █████████│██████████████████████████»",
        "                  0        1         2        3        4 %",
      ].join("\n"),
    );
    expect(errorsChart(validation(laws), pipe)).toBe("");
  });

  test("have the span over the targets where there are no intervals", () => {
    const laws = [law("joint", 1, null), law("simple", 2, null)];
    const text = errorsChart(validation(laws), terminal);
    expect(text).toContain("▓░ from the target with the least to that with the most");
    expect(text).toMatch(/^simple +2\.000 {2}█+│▓+░+$/m);
  });

  test("are not drawn of one law alone, nor where they are not relative", () => {
    const alone = { ...validation([law("joint", 1, null)]), baselines: [] };
    expect(errorsChart(alone, terminal)).toBe("");
    const other = { ...law("simple", 2, null), mean: score(null) };
    expect(errorsChart(validation([law("joint", 1, null), other]), terminal)).toBe("");
  });
});

describe("the shares along a path", () => {
  const rowOf = (web: number, over: Partial<Parameters<typeof optimum>[0]> = {}): PathRow => ({
    params: 1e9,
    tokens: 2e10,
    flops: null,
    outside: [],
    optimum: optimum({ weights: { web, code: 0.9 - web, books: 0.1 }, ...over }),
  });

  test("rise and fall between their least and their most, with both ends beside", () => {
    expect(pathChart([rowOf(0.3), rowOf(0.45), rowOf(0.5)], terminal)).toBe(
      [
        "▁▂▃▄▅▆▇█ each share from its least to its most",
        "web     30.00  ▁▁▁▁▁▁▆▆▆▆▆▆██████   50.00",
        "code    60.00  ██████▃▃▃▃▃▃▁▁▁▁▁▁   40.00",
        "books   10.00  ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅   10.00",
      ].join("\n"),
    );
  });

  test("that are not determined have no height", () => {
    const open = rowOf(0.5, { undetermined: { web: [0, 1] } });
    expect(pathChart([rowOf(0.3), open], terminal)).toMatch(/^web +30\.00 {2}.{6}┄{6} +\?$/m);
  });

  test("are not drawn in pipes, nor of one point", () => {
    expect(pathChart([rowOf(0.3), rowOf(0.5)], pipe)).toBe("");
    expect(pathChart([rowOf(0.3)], terminal)).toBe("");
  });
});

/** Designs as tables and CSV. */
import { entryOf, firstOf, lastOf } from "../../base/known.ts";
import { count } from "../../base/wording.ts";
import { coverageOf } from "../../fit/result/coverage.ts";
import type { DesignedRun } from "../../design/initial-runs.ts";
import type { NextRuns } from "../../design/next-options.ts";
import { wrap } from "../text/layout.ts";
import { left, right, table } from "../text/table.ts";
import type { Medium } from "../io/output.ts";
import { compact, fixed, flops, inPercent, NONE, number } from "../../base/format-number.ts";
import type { RowTable } from "../../data/write/row-table.ts";

/** First runs as a table to fill in. */
export const plannedRows = (
  domains: readonly string[],
  runs: readonly DesignedRun[],
  phases: readonly string[] = ["h"],
): RowTable => ({
  fields: ["mixture_id", "run_id", "n_params", "n_tokens", "flops", ...phases.flatMap((phase) => domains.map((d) => `${phase}_${d}`))], // prettier-ignore
  rows: runs.map(({ mixture, params, tokens, flops: cost, weights }, i) => [
    mixture,
    i,
    params,
    tokens,
    cost,
    ...weights,
  ]),
});

/** What first runs cover: a line for each size. */
export function firstTable(
  domains: readonly string[],
  runs: readonly DesignedRun[],
  width: number,
): string {
  const costOf = (some: readonly DesignedRun[]): string =>
    flops(some.reduce((sum, run) => sum + run.flops, 0));
  const increasing = (values: readonly number[]): number[] =>
    [...new Set(values)].toSorted((a, b) => a - b);
  const lines = increasing(runs.map(({ params }) => params)).map((size) => {
    const ofSize = runs.filter(({ params }) => params === size);
    const counts = increasing(ofSize.map(({ tokens }) => tokens));
    return [compact(size), String(ofSize.length), counts.map(compact).join(", "), costOf(ofSize)];
  });
  const inputs = {
    params: Float64Array.from(runs, ({ params }) => params),
    tokens: Float64Array.from(runs, ({ tokens }) => tokens),
  };
  const { correlation } = coverageOf({ inputs, rows: runs.length });
  const mixtures = new Set(runs.map(({ mixture }) => mixture)).size;
  const what =
    domains.length === 0
      ? count(runs.length, "run")
      : `${count(runs.length, "run")} of ${count(mixtures, "mixture")} of ${count(domains.length, "domain")}`;
  const together =
    correlation === null ? "" : ` ln N and ln D correlate by ${fixed(correlation, 2)}.`;
  return [
    wrap(`${what}, ${costOf(runs)} FLOPs (6ND).${together}`, width),
    table([right("N"), right("runs"), right("D"), right("FLOPs")], lines, { width }),
  ].join("\n\n");
}

/** Chosen runs in their order. */
export function chosenRows({ chosen }: NextRuns): RowTable {
  const domains = Object.keys(chosen[0]?.weights ?? {});
  return {
    fields: ["order", "row", "n_params", "n_tokens", "flops", "spent", ...domains.map((d) => `h_${d}`)], // prettier-ignore
    rows: chosen.map(({ row, params, tokens, cost, spent, weights }, i) => [
      i + 1,
      row,
      params,
      tokens,
      cost,
      spent,
      ...domains.map((d) => entryOf(weights, d)),
    ]),
  };
}

/** Domains whose shares still fit beside the rest. */
const FEW = 8;

const WHAT = {
  mixture: "the shares of the best mixture",
  loss: "the predicted objective",
  points: "the losses at the points",
} as const satisfies Readonly<Record<NextRuns["goal"], string>>;

/** What `left` is of. */
const LEFT = {
  mixture: "all shares together",
  loss: "the objective",
  points: "the losses at the points, the root of their mean square added over the targets,",
} as const satisfies Readonly<Record<NextRuns["goal"], string>>;

/** What `mixlaw design FIT` prints. */
export function nextTable(next: NextRuns, options: Medium & { readonly source: string }): string {
  const { goal, at, chosen, replicates } = next;
  const { source, width, style } = options;
  const scale = [
    ...(at.params === null ? [] : [`N ${compact(at.params)}`]),
    ...(at.tokens === null ? [] : [`D ${compact(at.tokens)}`]),
  ].join(", ");
  const what = WHAT[goal];
  const about = `runs that tell most about ${what}${scale === "" ? "" : ` at ${scale}`}, for their cost${goal === "points" ? "" : ` · ${replicates} replicates`}`;
  const title = `${style.bold(source)}\n${wrap(about, width)}`;
  if (chosen.length === 0)
    return `${title}\n\n${wrap(`No run of the pool that the budget pays for would tell more about ${what}.`, width)}`;
  const legend = `left: standard deviation of ${LEFT[goal]} once this run and those above are trained. Expected, to first order; sd, random runs: what as many FLOPs of runs drawn from the pool would leave.`;
  return [
    title,
    chosenTable(next, width),
    goalTable(next, width),
    sizesTable(next, width),
    style.dim(wrap(legend, width)),
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

/** Shares are printed in percent, losses as they are. */
const unitOf = ({ goal }: NextRuns): number => (goal === "mixture" ? 100 : 1);

/** A line a chosen run. */
function chosenTable(next: NextRuns, width: number): string {
  const { goal, chosen } = next;
  const domains = Object.keys(firstOf(chosen).weights);
  const shown = domains.length <= FEW ? domains : [];
  const remaining = (deviations: Readonly<Record<string, number>>): number =>
    unitOf(next) * Math.hypot(...Object.values(deviations));
  const size = (value: number | null): string => (value === null ? NONE : compact(value));
  return table(
    [
      right("row"),
      right("N"),
      right("D"),
      right("FLOPs"),
      right("spent"),
      right(goal === "mixture" ? "left, points" : "left"),
      ...shown.map((domain) => right(domain, "shares, %")),
    ],
    chosen.map(({ row, params, tokens, cost, spent, deviations, weights }) => [
      String(row),
      size(params),
      size(tokens),
      flops(cost),
      flops(spent),
      number(remaining(deviations), 3),
      ...shown.map((domain) => inPercent(entryOf(weights, domain), 1)),
    ]),
    { width },
  );
}

/** A line a size: what its best run alone would leave. */
function sizesTable(next: NextRuns, width: number): string {
  const { bySize } = next;
  if (bySize.length < 2) return "";
  const remaining = (deviations: Readonly<Record<string, number>>): string =>
    number(unitOf(next) * Math.hypot(...Object.values(deviations)), 3);
  return table(
    [right("one run of N"), right("row"), right("FLOPs"), right("left")],
    bySize.map(({ row, params, cost, deviations }) => [
      params === null ? NONE : compact(params),
      String(row),
      flops(cost),
      remaining(deviations),
    ]),
    { width },
  );
}

/** A line a goal: what is known of it now, and once the chosen runs are trained. */
function goalTable(next: NextRuns, width: number): string {
  const { goal, now, chosen, random } = next;
  const unit = unitOf(next);
  const then = lastOf(chosen).deviations;
  return table(
    [
      left(goal === "mixture" ? "share of the best mixture, %" : goal === "points" ? "target" : ""),
      right("mean"),
      right("sd now"),
      right("sd then"),
      ...(random === null ? [] : [right("sd, random runs")]),
    ],
    Object.entries(now).map(([name, { mean, deviation }]) => [
      name,
      number(unit * mean, 4),
      number(unit * deviation, 3),
      number(unit * entryOf(then, name), 3),
      ...(random === null ? [] : [number(unit * entryOf(random, name), 3)]),
    ]),
    { width },
  );
}

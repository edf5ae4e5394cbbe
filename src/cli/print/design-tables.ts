/** Designs as tables and CSV. */
import { count } from "../../base/wording.ts";
import { coverageOf } from "../../fit/result/coverage.ts";
import type { DesignedRun } from "../../design/initial-runs.ts";
import type { NextRuns } from "../../design/next-options.ts";
import { type Heading, table, wrap } from "../text/layout.ts";
import type { Style } from "../io/output.ts";
import { compact, fixed, flops, inPercent, number } from "../../base/format-number.ts";
import { csvText } from "../../data/table/write-csv.ts";

const right = (title: string): Heading => ({ title, align: "right" });

/** First runs as a table to fill in. */
export const runsCsv = (domains: readonly string[], runs: readonly DesignedRun[]): string =>
  csvText(
    ["mixture_id", "run_id", "n_params", "n_tokens", "flops", ...domains.map((d) => `h_${d}`)],
    runs.map(({ mixture, params, tokens, flops: cost, weights }, i) => [
      mixture,
      i,
      params,
      tokens,
      cost,
      ...weights,
    ]),
  );

/** What they cover: a line for each size. */
export function firstTable(
  domains: readonly string[],
  runs: readonly DesignedRun[],
  width: number,
): string {
  const sizes = [...new Set(runs.map(({ params }) => params))].toSorted((a, b) => a - b);
  const total = runs.reduce((sum, run) => sum + run.flops, 0);
  const lines = sizes.map((n) => {
    const mine = runs.filter(({ params }) => params === n);
    const counts = [...new Set(mine.map(({ tokens }) => tokens))].toSorted((a, b) => a - b);
    return [
      compact(n),
      String(mine.length),
      counts.map(compact).join(", "),
      flops(mine.reduce((sum, run) => sum + run.flops, 0)),
    ];
  });
  const inputs = {
    params: Float64Array.from(runs, (r) => r.params),
    tokens: Float64Array.from(runs, (r) => r.tokens),
  };
  const { correlation } = coverageOf({ inputs, rows: runs.length });
  const mixtures = new Set(runs.map(({ mixture }) => mixture)).size;
  const what =
    domains.length === 0
      ? count(runs.length, "run")
      : `${count(runs.length, "run")} of ${count(mixtures, "mixture")} of ${count(domains.length, "domain")}`;
  const apart = correlation === null ? "" : ` ln N and ln D correlate by ${fixed(correlation, 2)}.`;
  return [
    wrap(`${what}, ${flops(total)} FLOPs (6ND).${apart}`, width),
    table([right("N"), right("runs"), right("D"), right("FLOPs")], lines),
  ].join("\n\n");
}

/** Chosen runs in their order. */
export function nextCsv({ chosen }: NextRuns): string {
  const domains = Object.keys(chosen[0]?.weights ?? {});
  return csvText(
    ["order", "row", "n_params", "n_tokens", "flops", "spent", ...domains.map((d) => `h_${d}`)],
    chosen.map(({ row, params, tokens, cost, spent, weights }, i) => [
      i + 1,
      row,
      params,
      tokens,
      cost,
      spent,
      ...domains.map((d) => weights[d]),
    ]),
  );
}

/** Domains whose shares still fit beside the rest. */
const FEW = 8;

export function nextTable(
  found: NextRuns,
  {
    source,
    width,
    style,
  }: { readonly source: string; readonly width: number; readonly style: Style },
): string {
  const { goal, at, now, chosen, random, replicates } = found;
  const scale = [
    ...(at.params === null ? [] : [`N ${compact(at.params)}`]),
    ...(at.tokens === null ? [] : [`D ${compact(at.tokens)}`]),
  ].join(", ");
  const what = goal === "mixture" ? "the shares of the best mixture" : "the predicted objective";
  const title = [
    style.bold(source),
    wrap(
      `runs that tell most about ${what}${scale === "" ? "" : ` at ${scale}`}, per cost · ${replicates} replicates`,
      width,
    ),
  ].join("\n");
  if (chosen.length === 0)
    return `${title}\n\nNo run of the pool that is affordable tells anything about it.`;
  const domains = Object.keys(chosen[0].weights);
  const few = domains.length <= FEW ? domains : [];
  const unit = goal === "mixture" ? 100 : 1;
  const total = (deviations: Readonly<Record<string, number>>): number =>
    unit * Math.sqrt(Object.values(deviations).reduce((sum, d) => sum + d * d, 0));
  const runs = table(
    [
      right("row"),
      right("N"),
      right("D"),
      right("FLOPs"),
      right("spent"),
      right(goal === "mixture" ? "left, points" : "left"),
      ...few.map((title_): Heading => ({ title: title_, align: "right", group: "shares, %" })),
    ],
    chosen.map(({ row, params, tokens, cost, spent, deviations, weights }) => [
      String(row),
      params === null ? "–" : compact(params),
      tokens === null ? "–" : compact(tokens),
      flops(cost),
      flops(spent),
      number(total(deviations), 3),
      ...few.map((d) => inPercent(weights[d], 1)),
    ]),
  );
  const last = chosen[chosen.length - 1].deviations;
  const goals = table(
    [
      { title: goal === "mixture" ? "share of the best mixture, %" : "", align: "left" },
      right("mean"),
      right("sd now"),
      right("sd then"),
      ...(random === null ? [] : [right("sd, random runs")]),
    ],
    Object.entries(now).map(([name, { mean, deviation }]) => [
      name,
      number(unit * mean, 4),
      number(unit * deviation, 3),
      number(unit * last[name], 3),
      ...(random === null ? [] : [number(unit * random[name], 3)]),
    ]),
  );
  const legend = wrap(
    `left: standard deviation of ${goal === "mixture" ? "all shares together" : "the objective"} once this run and those above are trained. Expected, to first order; sd, random runs: what as many FLOPs of runs drawn from the pool would leave.`,
    width,
  );
  return [title, runs, goals, style.dim(legend)].join("\n\n");
}

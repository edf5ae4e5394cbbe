/** The shares of an optimum as bars, with what is known of them, beside another mixture. */
import { inPercent, percent } from "../../../base/format-number.ts";
import { entryOf } from "../../../base/known.ts";
import { changesBasin } from "../../../mixture/request/optimum-verdict.ts";
import type { Optimum } from "../../../mixture/request/optimum.ts";
import { hasOwnReference } from "../../../words/phrases.ts";
import type { Medium } from "../../io/output.ts";
import { type Bar, barChart, BLOCKS } from "../../text/bars.ts";
import { packed } from "../../text/layout.ts";

/**
 * A bar a domain, in percent: with the bootstrap's interval of the best share where there is one,
 * else with the near-optimal range. A share that is not determined has its range alone. Empty where
 * charts are not drawn.
 */
export function sharesChart(optimum: Optimum, { charts, width, style }: Medium): string {
  if (!charts) return "";
  const interval = changesBasin(optimum.verdict) ? null : optimum.interval;
  const { name, weights } = comparedWith(optimum);
  const bars = Object.entries(optimum.weights).map(([domain, share]): Bar => {
    const open = optimum.undetermined[domain];
    const [low, high] = open ??
      interval?.weights[domain] ??
      optimum.sharpness.ranges[domain] ?? [share, share];
    return {
      name: domain,
      label: open === undefined ? inPercent(share) : "?",
      value: open === undefined ? 100 * share : null,
      interval: [100 * (low ?? 0), 100 * (high ?? 1)],
      mark: 100 * entryOf(weights, domain),
    };
  });
  const chart = barChart({ bars, unit: " %" }, width, style);
  if (chart === "") return "";
  const range = interval === null ? "near-optimal range" : `${percent(interval.level)} interval`;
  const legend = [
    `${style.bar(BLOCKS.sure + BLOCKS.below)} share`,
    `${style.bar(BLOCKS.below + BLOCKS.above)} ${range}`,
    ...(bars.some(({ value }) => value === null)
      ? [`${style.warn(BLOCKS.open)} not determined: the range allowed`]
      : []),
    `${style.mark(BLOCKS.mark)} ${name} mixture`,
  ];
  return `${packed(legend, width)}\n${chart}`;
}

/** The reference where it is a mixture of its own, else the uniform mixture. */
const comparedWith = (optimum: Optimum): { name: string; weights: Optimum["weights"] } =>
  hasOwnReference(optimum)
    ? { name: "reference", weights: optimum.reference.weights }
    : { name: "uniform", weights: optimum.uniform.weights };

/** The errors of laws on rows held out, as bars beside the best law's. */
import { fixed, percent } from "../../base/format-number.ts";
import type { HeldScore, LawScore, Validation } from "../../validate/validation.ts";
import type { Medium } from "../io/output.ts";
import { type Bar, barChart, BLOCKS } from "../text/bars.ts";
import { packed } from "../text/layout.ts";

type Ranked = Pick<LawScore, "behind" | "mean" | "targets"> & { readonly name: string };

/** Bars of what is no law may go beyond the scale, whose end is this many times the laws'. */
const BEYOND = 1.25;

/**
 * A bar a law and baseline, of its mean relative error. The interval is that of how far it is
 * behind the best law, drawn from the best law's error on; where there are no such intervals it is
 * the span of its errors over the targets. Empty where charts are not drawn, or errors are not
 * relative.
 */
export function errorsChart(
  { laws, baselines, level }: Validation,
  { charts, width, style }: Medium,
): string {
  const ranked = [...laws.map((law) => ({ ...law, name: law.law })), ...baselines].toSorted(
    (a, b) => errorOf(a) - errorOf(b),
  );
  const best = Math.min(...laws.map(errorOf));
  if (!charts || ranked.length < 2 || !ranked.every((each) => Number.isFinite(errorOf(each))))
    return "";
  const isCompared = ranked.some(({ behind }) => (behind?.interval ?? null) !== null);
  const bars = ranked.map((each): Bar => ({
    name: each.name,
    label: fixed(errorOf(each), 3),
    value: errorOf(each),
    interval: isCompared ? aroundBest(each, best) : overTargets(each),
    mark: best,
  }));
  const end = BEYOND * Math.max(...laws.flatMap((law) => [errorOf(law), ...endsOf(law, best)]));
  const chart = barChart({ bars, unit: " %", end }, width, style);
  if (chart === "") return "";
  const range = isCompared
    ? `${percent(level)} interval of how far behind the best`
    : "from the target with the least to that with the most";
  const legend = [
    `${style.bar(BLOCKS.sure + BLOCKS.below)} mean relative error`,
    `${style.bar(BLOCKS.below + BLOCKS.above)} ${range}`,
    `${style.mark(BLOCKS.mark)} the best law`,
  ];
  return `${packed(legend, width)}\n${chart}`;
}

const errorOf = ({ mean }: { readonly mean: HeldScore }): number => mean.mrePercent ?? Infinity;

/** Where the error lies if the best law's is as it is; the best law has no such interval. */
function aroundBest({ behind }: Pick<Ranked, "behind">, best: number): Bar["interval"] {
  const interval = behind?.interval ?? null;
  return interval === null ? null : [Math.max(0, best + interval[0]), best + interval[1]];
}

/** The least and the most error of a target; null where there is one. */
function overTargets({ targets }: Pick<Ranked, "targets">): Bar["interval"] {
  const errors = Object.values(targets).map((score) => errorOf({ mean: score }));
  return errors.length < 2 ? null : [Math.min(...errors), Math.max(...errors)];
}

const endsOf = (law: LawScore, best: number): readonly number[] =>
  aroundBest(law, best) ?? overTargets(law) ?? [];

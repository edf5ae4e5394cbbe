/** Back-tests as `mixlaw validate` prints them. */
import { compact, fixed } from "../../base/format-number.ts";
import { listed } from "../../base/wording.ts";
import type { Backtest } from "../../fit/result/backtests.ts";
import type { Validation } from "../../validate/validation.ts";
import { wrap } from "../text/layout.ts";
import { left, right, table } from "../text/table.ts";

/**
 * The refits' errors, a row a law, prefix and level, over the targets; empty where there are none.
 */
export function backtestTable({ backtests }: Validation, width: number): string {
  if (backtests.length === 0) return "";
  const groups = new Map<string, { law: string; tests: Backtest[]; scales: number[] }>();
  for (const { law, backtests: tested } of backtests)
    for (const test of tested.list) {
      const key = [law, test.fittedTo, test.predicted].join();
      const group = groups.get(key) ?? { law, tests: [], scales: [] };
      group.tests.push(test);
      group.scales.push(tested.scale);
      groups.set(key, group);
    }
  const rows = [...groups.values()].map(({ law, tests, scales }) => {
    const percent = (size: (test: Backtest) => number): string => {
      const squares = tests.reduce((sum, test, t) => sum + (size(test) / (scales[t] ?? 1)) ** 2, 0);
      return fixed(100 * Math.sqrt(squares / tests.length), 2);
    };
    const [{ fittedTo, predicted, distance }] = tests as [Backtest, ...Backtest[]];
    return [
      law,
      compact(fittedTo),
      compact(predicted),
      fixed(distance, 2),
      percent(({ error }) => error),
      percent(({ scatter }) => scatter),
      percent(({ noise }) => noise),
      `${tests.filter(({ error }) => error > 0).length} of ${tests.length}`,
    ];
  });
  const headings = ["fitted to ≤", "predicted", "distance", "error %", "scatter %", "noise %", "too high"]; // prettier-ignore
  const legend =
    "Back-tests: refits to the smaller runs, and their errors at the larger ones, root mean squares over targets. error: the mean over the runs; scatter: around it; noise: of the refit's own runs; too high: targets predicted above what came.";
  return [
    table([left("law"), ...headings.map((title) => right(title))], rows, { width, keys: 3 }),
    wrap(legend, width),
  ].join("\n\n");
}

/** The error to expect at the scale that was asked for. */
export function expectedSentence({ expected, level }: Validation, width: number): string {
  if (expected === null || expected.length === 0) return "";
  const each = expected.map(({ law, percent }) => `${law} ± ${fixed(percent, 2)} %`);
  const far = Math.max(...expected.map(({ distance }) => distance));
  const where = far > 0 ? `e^${fixed(far, 2)} times beyond the runs` : "inside the runs' range";
  return wrap(
    `Error to expect of a new run there (${where}; ${fixed(100 * level, 0)} %, mean over targets): ${listed(each)}.`,
    width,
  );
}

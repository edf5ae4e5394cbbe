/** How much runs differ that differ by their seed alone. */
import { table } from "../report.ts";
import { meanOf } from "./outcomes.ts";

type Row = Readonly<Record<string, string>>;

/** Standard deviations over seeds, pooled over mixtures and tokens, by size and target. */
export function noiseTable(rows: readonly Row[]): string {
  const targets = Object.keys(rows[0] ?? {}).filter((name) => name.startsWith("loss_"));
  const sizes = [...new Set(rows.map((row) => row["n_params"] ?? ""))];
  const deviation = (size: string, target: string): string => {
    const cells = new Map<string, number[]>();
    for (const row of rows.filter((one) => one["n_params"] === size)) {
      const key = `${row["mixture_id"]} ${row["n_tokens"]}`;
      cells.set(key, [...(cells.get(key) ?? []), Number(row[target])]);
    }
    const repeated = [...cells.values()].filter((values) => values.length > 1);
    const squares = repeated.map((values) => {
      const mean = meanOf(values);
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    });
    const freedom = repeated.reduce((sum, values) => sum + values.length - 1, 0);
    if (freedom === 0) return "";
    return Math.sqrt(squares.reduce((a, b) => a + b, 0) / freedom).toFixed(4);
  };
  return table(
    ["parameters", ...targets.map((name) => name.replace("loss_", ""))],
    sizes.map((size) => [size, ...targets.map((target) => deviation(size, target))]),
  );
}

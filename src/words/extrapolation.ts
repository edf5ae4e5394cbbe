/**
 * Where points lie outside what was trained: predictions there are extrapolations, and a user
 * should know.
 */
import { extremesOf } from "../stats/moments.ts";
import { itemAt } from "../base/known.ts";
import { pointsOf } from "../base/wording.ts";
import type { Runs } from "../data/runs/run-set.ts";
import type { FitFile } from "../fit/result/fit-file.ts";
import { compact, rounded } from "../base/format-number.ts";

/** Shares are renormalized and written in few digits: nearer to a range than this is inside. */
const SLACK = 1e-3;

/** Sentences, one for each input and one for the shares; none when every point is inside. */
export const outside = (fit: FitFile, points: Runs): string[] => [
  ...inputsOutside(fit, points),
  ...sharesOutside(fit, points),
];

function inputsOutside({ data: { range } }: FitFile, { train }: Runs): string[] {
  const inputs = [
    { name: "params", what: "parameters", trained: range.params },
    { name: "tokens", what: "tokens", trained: range.tokens },
    ...Object.entries(range.inputs ?? {}).map(([name, trained]) => ({ name, what: name, trained })),
  ];
  return inputs.flatMap(({ name, what, trained }) => {
    const values = train.inputs[name];
    if (trained === null || values === undefined) return [];
    const { min, max } = trained;
    const beyond = values.filter((x) => x < min * (1 - SLACK) || x > max * (1 + SLACK));
    if (beyond.length === 0) return [];
    return [
      `${pointsOf(beyond.length, train.rows, "lies")} outside the range of the training runs (${compact(min)} to ${compact(max)} ${what}), as far as ${compact(farthest(beyond, min, max))}: extrapolated`,
    ];
  });
}

function sharesOutside({ data }: FitFile, { domains, train }: Runs): string[] {
  const { rows, weights } = train;
  const rowsOutside = new Set<number>();
  const ranges: string[] = [];
  for (const [j, domain] of domains.entries()) {
    const at = data.domains.indexOf(domain);
    if (at < 0) continue;
    const trained = data.mixtures.map((mixture) => itemAt(mixture.weights, at));
    const [least, most] = extremesOf(trained);
    const beyond = Array.from({ length: rows }, (_, row) => row).filter((row) => {
      const share = itemAt(weights, row * domains.length + j);
      return share < least - SLACK || share > most + SLACK;
    });
    for (const row of beyond) rowsOutside.add(row);
    if (beyond.length > 0)
      ranges.push(`${domain} was trained at ${rounded(least, 3)} to ${rounded(most, 3)}`);
  }
  if (rowsOutside.size === 0) return [];
  return [
    `${pointsOf(rowsOutside.size, rows, "is one")} with shares that no training run had (${ranges.join(", ")}): extrapolated`,
  ];
}

/** The value that is farthest from a range, as a ratio. */
function farthest(values: Float64Array, min: number, max: number): number {
  const distance = (value: number): number => Math.max(value / max, min / value);
  return values.reduce((worst, value) => (distance(value) > distance(worst) ? value : worst));
}

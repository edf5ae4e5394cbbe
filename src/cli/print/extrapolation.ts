/**
 * Where points lie outside what was trained: predictions there are extrapolations, and a user
 * should know.
 */
import { count } from "../../base/wording.ts";
import type { Runs } from "../../data/runs/run-set.ts";
import type { FitFile } from "../../node.ts";
import { compact, rounded } from "../../base/format-number.ts";

// Shares are renormalized and written in few digits: nearer than this is not outside.
const slack = 1e-3;

/** Sentences, one for each input and one for the shares; none when every point is inside. */
export function outside({ data }: FitFile, points: Runs): string[] {
  const { rows, inputs, weights } = points.train;
  const said: string[] = [];
  const ranges = [
    ["params", "parameters", data.range.params],
    ["tokens", "tokens", data.range.tokens],
    ...Object.entries(data.range.inputs ?? {}).map(([name, range]) => [name, name, range] as const),
  ] as const;
  for (const [name, what, range] of ranges) {
    const values = inputs[name];
    if (range === null || values === undefined) continue;
    const beyond = values.filter(
      (value) => value < range.min * (1 - slack) || value > range.max * (1 + slack),
    );
    if (beyond.length === 0) continue;
    said.push(
      `${count(beyond.length, "point")} of ${rows} outside the range of the training runs (${compact(range.min)} to ${compact(range.max)} ${what}), as far as ${compact(farthest(beyond, range))}: extrapolated`,
    );
  }
  const k = points.domains.length;
  const strange = new Set<number>();
  const shares: string[] = [];
  for (const [j, domain] of points.domains.entries()) {
    const at = data.domains.indexOf(domain);
    if (at < 0) continue;
    const trained = data.mixtures.map((mixture) => mixture.weights[at]);
    const [least, most] = [Math.min(...trained), Math.max(...trained)];
    const mine = Array.from({ length: rows }, (_, row) => weights[row * k + j]);
    const found = mine.flatMap((share, row) =>
      share < least - slack || share > most + slack ? [row] : [],
    );
    for (const row of found) strange.add(row);
    if (found.length > 0)
      shares.push(`${domain} was trained at ${rounded(least, 3)} to ${rounded(most, 3)}`);
  }
  if (strange.size > 0)
    said.push(
      `${count(strange.size, "point")} of ${rows} with shares that no training run had (${shares.join(", ")}): extrapolated`,
    );
  return said;
}

function farthest(
  values: Float64Array,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const far = (value: number): number => Math.max(value / max, min / value);
  return values.reduce((worst, value) => (far(value) > far(worst) ? value : worst));
}

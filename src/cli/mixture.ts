/** An optimum as a person reads it. */
import { shorten } from "../data/names.ts";
import type { Active, Optimum } from "../mixture/optimum.ts";
import { short } from "./extrapolation.ts";
import { type Heading, number, table, wrap } from "./layout.ts";
import type { Style } from "./output.ts";

export interface MixtureOptions {
  readonly width: number;
  readonly style: Style;
  /** The fit file. */
  readonly source: string;
}

/** What `mixlaw optimize` prints, without the last line end; `about` stands under the heading. */
export function mixture(optimum: Optimum, options: MixtureOptions, about = ""): string {
  const { width } = options;
  const blocks = [heading(optimum, options), wrap(about, width), shares(optimum, options), losses(optimum), findings(optimum, options)];
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** A loss, a ratio, or a difference of either, in columns of equal decimals. */
export const loss = (x: number): string => (Math.abs(x) < 1e4 ? x.toFixed(4) : number(x, 5));
/** A gain that may be small. */
export const gain = (x: number): string => (x !== 0 && Math.abs(x) < 5e-4 ? number(x, 2) : x.toFixed(4));
const percent = (x: number): string => (100 * x).toFixed(2);

/** "a", "a and b", "a, b and c". */
const listed = (names: readonly string[]): string =>
  names.length > 6 ? shorten(names, 5) : names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

/** The objective in words. */
export function goalWords({ goal, predicted }: Pick<Optimum, "goal" | "predicted">): string {
  if (goal === "worst") return `the worst of ${listed(Object.keys(predicted))}, relative to the reference mixture`;
  const weights = Object.entries(goal).filter(([, w]) => w !== 0);
  const sum = weights.reduce((total, [, w]) => total + w, 0);
  const equal = weights.every(([, w]) => Math.abs(w / weights[0][1] - 1) < 1e-9);
  const names = weights.map(([target]) => target);
  if (names.length === 1) return names[0];
  if (equal) return `the mean of ${listed(names)}`;
  return weights.map(([target, w]) => `${number(w / sum, 3)} × ${target}`).join(" + ");
}

/** "additive", or "joint (loss_a), additive (loss_b)". */
export function lawWords(laws: Optimum["laws"]): string {
  const names = [...new Set(Object.values(laws))];
  const of = (name: string): string[] => Object.keys(laws).filter((target) => laws[target] === name);
  return names.length === 1 ? `${names[0]} law` : names.map((name) => `${name} (${listed(of(name))})`).join(", ");
}

/** "N 7B, D 150B (21 tokens per parameter)". */
export function scaleWords({ params, tokens }: Optimum["at"]): string {
  const parts = [...(params === null ? [] : [`N ${short(params)}`]), ...(tokens === null ? [] : [`D ${short(tokens)}`])];
  if (parts.length === 0) return "";
  const ratio = params === null || tokens === null ? "" : ` (${short(tokens / params)} tokens per parameter)`;
  return `at ${parts.join(", ")}${ratio}`;
}

function heading(optimum: Optimum, { source, style, width }: MixtureOptions): string {
  const lines = [`${style.bold(source)} · ${lawWords(optimum.laws)}`, `minimizes ${goalWords(optimum)}`, scaleWords(optimum.at)];
  return lines
    .filter((line) => line !== "")
    .map((line) => wrap(line, width))
    .join("\n");
}

/** Whether the reference is a mixture of its own, and not the uniform one. */
const other = ({ reference, uniform }: Optimum): boolean =>
  Object.entries(reference.weights).some(([domain, share]) => Math.abs(share - uniform.weights[domain]) > 1e-12);

const right = (title: string): Heading => ({ title, align: "right" });
const left = (title: string): Heading => ({ title, align: "left" });

function shares(optimum: Optimum, { style }: MixtureOptions): string {
  const { weights, sharpness, reference, allocation, lattice } = optimum;
  const parts = Object.keys(weights).map((domain) => allocation?.[domain]);
  const epochs = parts.some((part) => part !== undefined && part.epochs !== null);
  const compared = other(optimum);
  const headings = [
    left("domain"),
    right("share %"),
    ...(lattice === null ? [] : [right(`of ${lattice.denominator}`)]),
    right("near-optimal %"),
    ...(compared ? [right("reference %")] : []),
    ...(allocation === null ? [] : [right("tokens")]),
    ...(epochs ? [right("epochs"), left("")] : []),
  ];
  const rows = Object.entries(weights).map(([domain, share], i) => {
    const [low, high] = sharpness.ranges[domain] ?? [share, share];
    const part = parts[i];
    const many = part?.epochs ?? null;
    return [
      domain,
      style.bold(percent(share)),
      ...(lattice === null ? [] : [String(lattice.units[domain])]),
      `${percent(low)} … ${percent(high).padStart(5)}`,
      ...(compared ? [percent(reference.weights[domain])] : []),
      ...(part === undefined ? [] : [short(part.tokens)]),
      ...(epochs ? [many === null ? "–" : epochsText(many), part?.passes == null ? "" : style.warn(`over ${part.passes}`)] : []),
    ];
  });
  return table(headings, rows);
}

const epochsText = (epochs: number): string => (epochs >= 99.95 ? epochs.toFixed(0) : epochs.toFixed(epochs < 0.995 ? 2 : 1));

function losses(optimum: Optimum): string {
  const { predicted, uniform, reference, goal } = optimum;
  const compared = other(optimum);
  const targets = Object.keys(predicted);
  const row = (name: string, at: number, even: number, ref: number): string[] => [
    name,
    loss(at),
    loss(even),
    gain(even - at),
    ...(compared ? [loss(ref), gain(ref - at)] : []),
  ];
  const headings: Heading[] = [
    left("predicted"),
    right("optimum"),
    ...["uniform", ...(compared ? ["reference"] : [])].flatMap((group) =>
      ["loss", "gain"].map((title): Heading => ({ ...right(title), group })),
    ),
  ];
  const rows = targets.map((t) => row(t, predicted[t], uniform.predicted[t], reference.predicted[t]));
  const name = goal === "worst" ? "worst ratio" : "objective";
  const total = targets.length === 1 && goal !== "worst" ? [] : [row(name, optimum.objective, uniform.objective, reference.objective)];
  return table(headings, [...rows, ...total]);
}

/** Sentences under the tables. */
function findings(optimum: Optimum, { width, style }: MixtureOptions): string {
  const { sharpness, active, certificate: c, monteCarlo, reach, lattice, warnings } = optimum;
  const near = `Near-optimal: the shares of mixtures whose objective is within ${gain(sharpness.epsilon)} of the best.`;
  const proof = `stationarity ${residual(c.stationarity)}, feasibility ${residual(c.feasibility)}, complementarity ${residual(c.complementarity)}`;
  const lines = [
    [near, trade(optimum)].join(" "),
    ...active.map(price),
    ...(lattice === null ? [] : [`Rounded to multiples of 1/${lattice.denominator}, which costs ${gain(lattice.cost)}.`]),
    c.certified ? `Certified as an optimum: ${proof}.` : style.warn(`Not certified as an optimum: ${proof}.`),
    ...(monteCarlo === null ? [] : [sampled(optimum)]),
    ...(reach.insideHull ? ["It is a blend of mixtures that were trained: an interpolation."] : []),
    ...repeats(optimum),
  ];
  const warned = warnings.map((text) => wrap(text, width, style.warn("warning: ")));
  return [...lines.map((line) => wrap(line, width)), ...warned].join("\n");
}

/** Rounding errors are 0 to a reader. */
const residual = (x: number): string => (Math.abs(x) < 1e-15 ? "0" : number(x, 1));

/** A range this wide is a trade "almost freely". */
const WIDE = 0.05;

function trade({ sharpness: { trade: pair, ranges } }: Optimum): string {
  if (pair === null) return "The optimum is sharp: no share can move.";
  const widest = Math.max(...Object.values(ranges).map(([low, high]) => high - low));
  return widest >= WIDE ? `${pair} can be exchanged almost freely.` : `The widest trade is ${pair}, over ${percent(widest)} points.`;
}

function price({ constraint, perPercent, perEpoch }: Active): string {
  const epoch = perEpoch === null ? "" : `, one more epoch ${gain(perEpoch)}`;
  return `${constraint}: one more percent would gain ${gain(perPercent)}${epoch}.`;
}

function sampled({ monteCarlo, objective, lattice }: Optimum): string {
  if (monteCarlo === null) return "";
  const { samples, feasible, best } = monteCarlo;
  const grouped = (n: number): string => n.toLocaleString("en-US");
  const many = `${grouped(samples)} random ${samples === 1 ? "mixture" : "mixtures"}${feasible < samples ? ` (${grouped(feasible)} of them feasible)` : ""}`;
  if (best === null) return `None of ${many} is better.`;
  const exact = objective - (lattice?.cost ?? 0);
  return best >= exact
    ? `None of ${many} is better; the best of them is ${gain(best - exact)} worse.`
    : `The best of ${many} is ${gain(exact - best)} better.`;
}

/** Muennighoff et al. 2023, "Scaling Data-Constrained Language Models". */
const EPOCHS = [
  { over: 40, says: "further repeats are worth almost nothing" },
  { over: 16, says: "further repeats are worth much less than new data" },
  { over: 4, says: "repeats begin to be worth less than new data" },
] as const;

function repeats({ allocation }: Optimum): string[] {
  const parts = Object.entries(allocation ?? {});
  return EPOCHS.flatMap(({ over, says }) => {
    const names = parts.filter(([, { passes }]) => passes === over).map(([domain]) => domain);
    return names.length === 0
      ? []
      : [`Over ${over} epochs (${listed(names)}): ${says} (Muennighoff et al. 2023), which the law does not know.`];
  });
}

/**
 * From the sums over a group's runs to the coordinates: gradient += Gᵀv and H += GᵀSG. G is the
 * group's factor of the Jacobian, columns × coordinates (program.ts). It is sparse: most
 * coordinates feed one column. The two forms, in loops and written out, give the same bits.
 */
import type { Evaluator64 } from "./evaluator.ts";
import type { Program } from "./program.ts";

type Scatter = Evaluator64["scatter"];

/** A nonzero of G. */
interface Entry {
  readonly column: number;
  readonly param: number;
  /** The slot that has its value. */
  readonly slot: number;
}

const entriesOf = ({ columns }: Program): Entry[] =>
  columns.flatMap(({ entries }, column) => entries.map((e) => ({ column, ...e })));

/** Where an entry of a symmetric matrix is in its packed lower triangle. */
const packed = (a: number, b: number): number =>
  a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a;

/** In loops. */
export function scatterLoop(program: Program): Scatter {
  const [p, q] = [program.params, program.columns.length];
  const entries = entriesOf(program);
  const SG = new Float64Array(q * p);
  return (values, { S, v }, gradient, H) => {
    SG.fill(0);
    for (const { column: b, param: i, slot } of entries) {
      const g = values[slot];
      if (g === 0) continue; // a domain that is not in this mixture
      for (let a = 0; a < q; a++) SG[a * p + i] += S[packed(a, b)] * g;
    }
    for (const { column, param: i, slot } of entries) {
      const g = values[slot];
      if (g === 0) continue;
      const row = (i * (i + 1)) / 2;
      const from = column * p;
      gradient[i] += g * v[column];
      for (let j = 0; j <= i; j++) H[row + j] += g * SG[from + j];
    }
  };
}

/**
 * The most statements that are written out. More are no faster than loops: engines leave long
 * functions unoptimized.
 */
const LONGEST = 1500;

/**
 * The text of the function, written out; undefined where that is too long. Long laws have many
 * zeros in G, which only loops can skip.
 */
export function scatterText(program: Program): string | undefined {
  const entries = entriesOf(program);
  const used = [...new Set(entries.map((e) => e.param))].sort((a, b) => a - b);
  const feeds = (j: number): Entry[] => entries.filter((e) => e.param === j);
  const columns = [...new Set(entries.map((e) => e.column))];
  if (columns.length * used.length + (entries.length * (entries.length + 1)) / 2 > LONGEST)
    return undefined;
  const g = (e: Entry): string => `g${e.slot}`;
  const slots = [...new Set(entries.map((e) => e.slot))];
  return `(values, { S, v }, gradient, H) => {
${slots.map((slot) => `const g${slot} = values[${slot}];`).join(" ")}
${columns
  .flatMap((c) =>
    used.map(
      (j) =>
        `const t${c}_${j} = ${feeds(j)
          .map((e) => `S[${packed(c, e.column)}] * ${g(e)}`)
          .join(" + ")};`,
    ),
  )
  .join("\n")}
${entries
  .flatMap((e) => [
    `gradient[${e.param}] += ${g(e)} * v[${e.column}];`,
    ...used
      .filter((j) => j <= e.param)
      .map((j) => `H[${packed(e.param, j)}] += ${g(e)} * t${e.column}_${j};`),
  ])
  .join("\n")}
}`;
}

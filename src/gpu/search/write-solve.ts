/**
 * The damped step of the search, written out with constant indices, with which it runs 10 to 50 ×
 * faster on a software adapter than with loops over private arrays. What it computes is
 * shaders/lib/solve.wgsl.
 *
 * Few coordinates are solved for in single assignments. Of many, the factor's first rows are, and
 * the others follow in a loop, a row a turn, from the rows before (Cholesky by bordering); the
 * right side is the row after the last, so that its row of the factor is L⁻¹ times it, and the only
 * one that a second right side needs. That is half of the text, and so of the time to compile, for
 * two indices by variables a number of a row.
 */

const tri = (i: number, j: number): number => (i * (i + 1)) / 2 + j;

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

const less = (terms: readonly string[]): string =>
  terms.length === 0 ? "" : ` - (${terms.join(" + ")})`;

/**
 * From how many coordinates on rows follow in a loop: with fewer, the text that this saves compiles
 * in a tenth of a second.
 */
const BORDERED = 24;
/** How many rows are written out then. */
const WRITTEN = 12;

/**
 * `fn solve_step(lambda) -> bool` for p coordinates. `bounded(i)`: whether coordinate i has a bound
 * to be pinned at.
 */
export function solveSource(p: number, bounded: (i: number) => boolean): string {
  const n = p < BORDERED ? p : WRITTEN;
  const all = range(0, p);
  const [written, bordered] = [range(0, n), range(n, p)];
  const last = p - n; // the right side's row
  const diagonal = (i: number): string => {
    const damped = `H[${tri(i, i)}] * swell + ridge`;
    return bounded(i) ? `select(HUGE, ${damped}, displaced[${i}] == FREE)` : `(${damped})`;
  };
  const dot = (count: number, a: (k: number) => string, b: (k: number) => string): string =>
    less(range(0, count).map((k) => `${a(k)} * ${b(k)}`));
  const l = (i: number, j: number): string => (i < n ? `l${i}_${j}` : `rows[${i - n}][${j}]`);
  const reciprocal = (i: number): string => (i < n ? `d${i}` : `reciprocals[${i - n}]`);
  const z = (i: number): string => (n < p ? `rows[${last}][${i}]` : `z${i}`);
  const body = [
    `let trace = ${all.map((i) => `H[${tri(i, i)}]`).join(" + ")};`,
    "let ridge = lambda * DAMPING_TRACE * trace + TINY;",
    "let swell = 1.0 + lambda;",
    ...written.flatMap((i) => [
      ...range(0, i).map((j) => `let l${i}_${j} = (H[${tri(i, j)}]${dot(j, (k) => l(i, k), (k) => l(j, k))}) * d${j};`),
      `let p${i} = ${diagonal(i)}${dot(i, (k) => l(i, k), (k) => l(i, k))};`,
      `let d${i} = inverseSqrt(max(p${i}, TINY));`,
    ]),
    `var positive = ${written.map((i) => `p${i} > 0.0`).join(" && ")};`,
  ]; // prettier-ignore
  if (n === p) {
    body.push(...all.map((i) => `let z${i} = (pull[${i}]${dot(i, (k) => l(i, k), (k) => `z${k}`)}) * d${i};`)); // prettier-ignore
  } else {
    body.push(
      ...all.map((i) => `matrix[${last}][${i}] = pull[${i}];`),
      "if (!factored) {",
      ...bordered.map((i) => `  reciprocals[${i - n}] = ${diagonal(i)};`),
      "}",
      // Bounds that no compiler knows: it would unroll a loop of so many turns. A record has more
      // words than there are coordinates.
      `for (var r = select(0u, ${last}u, factored); r < min(settings.words, ${last + 1}u); r++) {`,
      ...written.map((j) => `  let y${j} = (matrix[r][${j}]${dot(j, (k) => `y${k}`, (k) => l(j, k))}) * d${j};`),
      // Of a row, entries from the diagonal on are not its own.
      ...bordered.map((j) => `  let y${j} = select(0.0, (matrix[r][${j}]${dot(j, (k) => `y${k}`, (k) => l(j, k))}) * ${reciprocal(j)}, r > ${j - n}u);`),
      `  let pivot = reciprocals[r]${dot(p, (k) => `y${k}`, (k) => `y${k}`)};`,
      ...all.map((j) => `  rows[r][${j}] = y${j};`),
      `  reciprocals[r] = inverseSqrt(max(pivot, TINY));`,
      `  positive = positive && (pivot > 0.0 || r == ${last}u);`,
      "}",
    ); // prettier-ignore
  }
  body.push(
    ...all
      .toReversed()
      .map(
        (i) =>
          `let x${i} = (${z(i)}${less(range(i + 1, p).map((k) => `${l(k, i)} * x${k}`))}) * ${reciprocal(i)};`,
      ),
    ...all.map((i) => `step[${i}] = x${i};`),
    "return positive;",
  );
  const arrays = [
    "// The rows after those written out, of the matrix and of its factor, and the reciprocals of the factor's diagonal.",
    `var<private> matrix: array<array<f32, ${p}>, ${last + 1}>;\nvar<private> rows: array<array<f32, ${p}>, ${last + 1}>;\nvar<private> reciprocals: array<f32, ${last + 1}>;\n\n`,
  ].join("\n");
  const copies = bordered.flatMap((i) =>
    range(0, i).map((j) => `  matrix[${i - n}][${j}] = H[${tri(i, j)}];`),
  );
  return `${n < p ? arrays : ""}fn begin_solve() {\n${copies.join("\n")}\n}\n\nfn solve_step(lambda: f32) -> bool {\n${body.map((line) => `  ${line}`).join("\n")}\n}`;
}

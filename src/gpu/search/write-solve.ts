/**
 * The damped step of the search, written out with constant indices, with which it runs 10 to 50 ×
 * faster on a software adapter than with loops over private arrays. It computes what
 * shaders/lib/solve.wgsl computes, by a Cholesky factor A = LLᵀ.
 *
 * Few coordinates are solved for in single assignments. Of many, the first rows of L are, and the
 * others follow in a loop, a row a turn, from the rows before (Cholesky by bordering). The right
 * side is appended to A as one more row: its row of L is then L⁻¹ times the right side, and the
 * only row that a second right side needs. Against writing all rows out that is half of the text,
 * and so of the time to compile, for two indices by variables a number of a row.
 */

/** Entry (i, j) of a packed lower triangle. */
const packed = (i: number, j: number): number => (i * (i + 1)) / 2 + j;

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** ` - (a₀·b₀ + a₁·b₁ + …)` over some k; nothing where there are none. */
const lessDot = (
  ks: readonly number[],
  a: (k: number) => string,
  b: (k: number) => string,
): string => (ks.length === 0 ? "" : ` - (${ks.map((k) => `${a(k)} * ${b(k)}`).join(" + ")})`);

/**
 * From how many coordinates on rows follow in a loop: with fewer, the text that this saves compiles
 * in a tenth of a second.
 */
const BORDERED = 24;
/** How many rows are written out then. */
const WRITTEN = 12;

/** The solve for p coordinates, of which rows 0 … written − 1 of L are written out. */
interface Solve {
  readonly p: number;
  readonly written: number;
  /** Whether a coordinate has a bound to be pinned at. */
  readonly isBounded: (i: number) => boolean;
}

/** The name of entry (i, j) of L, left of its diagonal. */
const entryOf = ({ written }: Solve, i: number, j: number): string =>
  i < written ? `l${i}_${j}` : `rows[${i - written}][${j}]`;

/** The name of the reciprocal of entry (i, i) of L. */
const reciprocalOf = ({ written }: Solve, i: number): string =>
  i < written ? `d${i}` : `reciprocals[${i - written}]`;

/** The name of entry i of L⁻¹ times the right side. */
const forwardOf = ({ p, written }: Solve, i: number): string =>
  written < p ? `rows[${p - written}][${i}]` : `z${i}`;

/** One of two, by whether a coordinate is pinned; see `displaced` in shaders/search.wgsl. */
const ifPinned = ({ isBounded }: Solve, i: number, pinned: string, free: string): string =>
  isBounded(i) ? `select(${pinned}, ${free}, displaced[${i}] == FREE)` : `(${free})`;

/** Entry (i, i) of the damped matrix. */
const diagonalOf = (solve: Solve, i: number): string =>
  ifPinned(solve, i, "pin", `H[${packed(i, i)}] * swell + ridge`);

/** Entry i of the right side. */
const rightOf = (solve: Solve, i: number): string =>
  ifPinned(solve, i, `pin * pull[${i}]`, `pull[${i}]`);

/** The first rows of L; with all of them, L⁻¹ times the right side too. */
function writtenRows(solve: Solve): string[] {
  const { p, written } = solve;
  const l = (i: number) => (j: number) => entryOf(solve, i, j);
  const rows = range(0, written).flatMap((i) => [
    ...range(0, i).map((j) => `let l${i}_${j} = (H[${packed(i, j)}]${lessDot(range(0, j), l(i), l(j))}) * d${j};`),
    `let p${i} = ${diagonalOf(solve, i)}${lessDot(range(0, i), l(i), l(i))};`,
    `let d${i} = inverseSqrt(max(p${i}, TINY));`,
  ]); // prettier-ignore
  const forward = range(0, written < p ? 0 : p).map(
    (i) =>
      `let z${i} = (${rightOf(solve, i)}${lessDot(range(0, i), l(i), (k) => `z${k}`)}) * d${i};`,
  );
  const positive = range(0, written).map((i) => `p${i} > 0.0`);
  return [...rows, `var positive = ${positive.join(" && ")};`, ...forward];
}

/** The other rows of L, and the right side's, in a loop. */
function borderedRows(solve: Solve): string[] {
  const { p, written } = solve;
  const all = range(0, p);
  const right = p - written;
  const y = (k: number): string => `y${k}`;
  const entry = (j: number): string =>
    `(matrix[r][${j}]${lessDot(range(0, j), y, (k) => entryOf(solve, j, k))}) * ${reciprocalOf(solve, j)}`;
  return [
    ...all.map((i) => `matrix[${right}][${i}] = ${rightOf(solve, i)};`),
    "if (!factored) {",
    ...range(written, p).map((i) => `reciprocals[${i - written}] = ${diagonalOf(solve, i)};`),
    "}",
    "// A bound that no compiler knows: it would unroll a loop of so many turns. A record has more",
    "// words than there are coordinates.",
    `for (var r = select(0u, ${right}u, factored); r < min(settings.words, ${right + 1}u); r++) {`,
    ...range(0, written).map((j) => `let y${j} = ${entry(j)};`),
    "// Row r has entries only left of its diagonal.",
    ...range(written, p).map((j) => `let y${j} = select(0.0, ${entry(j)}, r > ${j - written}u);`),
    `let pivot = reciprocals[r]${lessDot(all, y, y)};`,
    ...all.map((j) => `rows[r][${j}] = y${j};`),
    "reciprocals[r] = inverseSqrt(max(pivot, TINY));",
    `positive = positive && (pivot > 0.0 || r == ${right}u);`,
    "}",
  ];
}

/** step = L⁻ᵀ L⁻¹ pull, from the last coordinate to the first. */
function backSubstitution(solve: Solve): string[] {
  const all = range(0, solve.p);
  const x = (i: number): string => {
    const later = lessDot(range(i + 1, solve.p), (k) => entryOf(solve, k, i), (k) => `x${k}`); // prettier-ignore
    return `let x${i} = (${forwardOf(solve, i)}${later}) * ${reciprocalOf(solve, i)};`;
  };
  return [...all.toReversed().map(x), ...all.map((i) => `step[${i}] = x${i};`)];
}

/** What the loop over the bordered rows works on, and `begin_solve`, which fills it from H. */
function borderedArrays({ p, written }: Solve): string[] {
  const rows = p - written + 1;
  return [
    "// The rows after those written out, and the right side's: of the damped matrix and of L, and the",
    "// reciprocals of L's diagonal.",
    `var<private> matrix: array<array<f32, ${p}>, ${rows}>;`,
    `var<private> rows: array<array<f32, ${p}>, ${rows}>;`,
    `var<private> reciprocals: array<f32, ${rows}>;`,
    "",
    "fn begin_solve() {",
    ...range(written, p).flatMap((i) =>
      range(0, i).map((j) => `matrix[${i - written}][${j}] = H[${packed(i, j)}];`),
    ),
    "}",
    "",
  ];
}

/** `fn begin_solve()` and `fn solve_step(lambda) -> bool` for p coordinates. */
export function solveSource(p: number, isBounded: (i: number) => boolean): string {
  const solve: Solve = { p, written: p < BORDERED ? p : WRITTEN, isBounded };
  const bordered = solve.written < p;
  const trace = range(0, p).map((i) => `H[${packed(i, i)}]`);
  return [
    ...(bordered
      ? borderedArrays(solve)
      : ["// Nothing is laid out beforehand.", "fn begin_solve() {", "}", ""]),
    "// step ← (H + λ(diag H + c·tr H·I))⁻¹ pull by a Cholesky factor; false: not positive definite.",
    "fn solve_step(lambda: f32) -> bool {",
    `let trace = ${trace.join(" + ")};`,
    "let ridge = lambda * DAMPING_TRACE * trace + TINY;",
    "let pin = PIN * min(trace, MOST_TRACE) + TINY;",
    "let swell = 1.0 + lambda;",
    ...writtenRows(solve),
    ...(bordered ? borderedRows(solve) : []),
    ...backSubstitution(solve),
    "return positive;",
    "}",
  ].join("\n");
}

/**
 * The damped step of the search, written out in single assignments. What it computes is shaders/lib/solve.wgsl; with constant indices it runs
 * 50 × faster on a software adapter (0.2 against 10 µs at 33 coordinates), and as `let`s it compiles several times faster than through arrays.
 *
 * Many coordinates are solved for in two blocks, A = [A₁ Bᵀ; B A₂]: the factor L of A₁ is written out; a loop that stays one makes Y = BL⁻ᵀ and YYᵀ, a row a turn;
 * and the factor of the Schur complement A₂ − YYᵀ is written out again. That is half of the text, and so of the time to compile, for a few dozen indices by variables.
 */

const tri = (i: number, j: number): number => (i * (i + 1)) / 2 + j;

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const less = (terms: readonly string[]): string => (terms.length === 0 ? "" : ` - (${terms.join(" + ")})`);

/** From how many coordinates on there are two blocks: with fewer, the text that this saves compiles in a tenth of a second. */
const TWO_BLOCKS = 24;

/** A bound that no compiler knows: one that it knows has the loop unrolled. A record has as many words as coordinates, and more. */
const upTo = (count: number): string => `min(settings.words, ${count}u)`;

/** Lets `l`, `d` and `z` of the factor of `matrix` and of its solution for `right`, for the coordinates from … to − 1; `p` are its pivots. */
function factor(from: number, to: number, matrix: (i: number, j: number) => string, right: (i: number) => string): string[] {
  const out: string[] = [];
  for (const i of range(from, to)) {
    for (const j of range(from, i))
      out.push(`let l${i}_${j} = (${matrix(i, j)}${less(range(from, j).map((k) => `l${i}_${k} * l${j}_${k}`))}) * d${j};`);
    out.push(
      `let p${i} = ${matrix(i, i)}${less(range(from, i).map((k) => `l${i}_${k} * l${i}_${k}`))};`,
      `let d${i} = inverseSqrt(max(p${i}, TINY));`,
      `let z${i} = (${right(i)}${less(range(from, i).map((k) => `l${i}_${k} * z${k}`))}) * d${i};`,
    );
  }
  return out;
}

/** Lets `x`: Lᵀx = right. */
const backward = (from: number, to: number, right: (i: number) => string): string[] =>
  range(from, to)
    .toReversed()
    .map((i) => `let x${i} = (${right(i)}${less(range(i + 1, to).map((k) => `l${k}_${i} * x${k}`))}) * d${i};`);

/** `fn solve_step(lambda) -> bool` for p coordinates. `bounded(i)`: whether coordinate i has a bound to be pinned at. */
export function solveSource(p: number, bounded: (i: number) => boolean): string {
  const all = range(0, p);
  const damped = (i: number, j: number): string => {
    if (j < i) return `H[${tri(i, j)}]`;
    const diagonal = `H[${tri(i, i)}] * swell + ridge`;
    return bounded(i) ? `select(HUGE, ${diagonal}, displaced[${i}] == FREE)` : `(${diagonal})`;
  };
  const pull = (i: number): string => `pull[${i}]`;
  const z = (i: number): string => `z${i}`;
  const n = p < TWO_BLOCKS ? p : Math.ceil(p / 2);
  const [first, second] = [range(0, n), range(n, p)];
  const row = (i: number): number => i - n;
  const twice = [
    ...second.flatMap((i) => [...first.map((k) => `below[${k}][${row(i)}] = ${damped(i, k)};`), `below[${n}][${row(i)}] = ${pull(i)};`]),
    `for (var r = 0u; r < ${upTo(p - n)}; r++) {`,
    ...first.map((k) => `  let y${k} = (below[${k}][r]${less(range(0, k).map((j) => `y${j} * l${k}_${j}`))}) * d${k};`),
    ...first.map((k) => `  below[${k}][r] = y${k};`),
    `  below[${n}][r] -= ${first.map((k) => `y${k} * z${k}`).join(" + ")};`,
    ...second.map((i) => `  squares[${row(i)}][r] = ${first.map((k) => `y${k} * below[${k}][${row(i)}]`).join(" + ")};`),
    "}",
    ...factor(
      n,
      p,
      (i, j) => `${damped(i, j)} - squares[${row(j)}][${row(i)}]`,
      (i) => `below[${n}][${row(i)}]`,
    ),
    ...backward(n, p, z),
  ];
  const body = [
    `let trace = ${all.map((i) => `H[${tri(i, i)}]`).join(" + ")};`,
    "let ridge = lambda * DAMPING_TRACE * trace + TINY;",
    "let swell = 1.0 + lambda;",
    ...factor(0, n, damped, pull),
    ...(n < p ? twice : []),
    ...backward(0, n, (i) => (n < p ? `z${i}${less(second.map((k) => `below[${i}][${row(k)}] * x${k}`))}` : z(i))),
    ...all.map((i) => `step[${i}] = x${i};`),
    `return ${all.map((i) => `p${i} > 0.0`).join(" && ")};`,
  ];
  const array =
    n < p
      ? `var<private> below: array<array<f32, ${p - n}>, ${n + 1}>;\nvar<private> squares: array<array<f32, ${p - n}>, ${p - n}>;\n\n`
      : "";
  return `${array}fn solve_step(lambda: f32) -> bool {\n${body.map((line) => `  ${line}`).join("\n")}\n}`;
}

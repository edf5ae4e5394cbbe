/**
 * What the runs of a group are summed to, and how a group adds that to the gradient and the matrix,
 * as WGSL. With d the derivatives of a run's residual with respect to the q columns of the factored
 * Jacobian, and G theirs with respect to the coordinates (src/expr/program.ts), the sums are
 * v = Σ ψ·d and S = Σ ω·d·dᵀ, and the group adds Gᵀv to the gradient and GᵀSG to the matrix H.
 */
import type { Program } from "../../expr/program.ts";
import { reference } from "../../expr/wgsl.ts";

/** 0 … count − 1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A private array of numbers set to 0: at once, or in a loop where it is long. */
export const cleared = (name: string, length: string, atOnce: boolean): string[] =>
  atOnce
    ? [`${name} = array<f32, ${length}>();`]
    : [`for (var i = 0u; i < ${length}; i++) {`, `${name}[i] = 0.0;`, "}"];

/** `factor` times a slot of the program; alone where that is 1. */
export function scaled(factor: string, program: Program, at: number): string {
  const slot = program.slots[at];
  const isOne = slot.kind === "const" && slot.value === 1;
  return isOne ? factor : `${factor} * ${reference(program, at)}`;
}

/** One line with a statement for every entry of v. */
export const ofVector = (q: number, statement: (v: string, column: number) => string): string =>
  range(q)
    .map((c) => statement(`v${c}`, c))
    .join(" ");

/** Entry (a, b) of S, of which the lower triangle is kept. */
export const entry = (a: number, b: number): string => (a >= b ? `s${a}_${b}` : `s${b}_${a}`);

/** A line for every row of the lower triangle of S, with a statement for every entry. */
export const ofTriangle = (
  q: number,
  statement: (s: string, row: number, column: number) => string,
): string[] =>
  range(q).map((a) =>
    range(a + 1)
      .map((b) => statement(entry(a, b), a, b))
      .join(" "),
  );

/** The sums over the runs of a group: the loss, v and S. */
export const sumNames = (q: number): string[] => [
  "sum",
  ...range(q).map((c) => `v${c}`),
  ...range(q).flatMap((a) => range(a + 1).map((b) => entry(a, b))),
];

/** Lines that declare them. */
export const declareSums = (q: number): string[] => [
  "// Sums over its runs: the loss, v = Σ ψ·d and S = Σ ω·d·dᵀ, d a run's derivatives by columns.",
  "var sum = 0.0;",
  ofVector(q, (v) => `var ${v} = 0.0;`),
  ...ofTriangle(q, (s) => `var ${s} = 0.0;`),
];

/** A nonzero entry of G: of column c, for some coordinate, in a slot of the program. */
interface Nonzero {
  readonly c: number;
  readonly slot: number;
}

/** The nonzero entries of G by coordinate. */
export const nonzerosOf = ({ columns, params }: Program): Nonzero[][] =>
  range(params).map((i) =>
    columns.flatMap(({ entries }, c) =>
      entries.filter(({ param }) => param === i).map(({ slot }) => ({ c, slot })),
    ),
  );

/** Adds a group's sums with every index a constant, skipping the zeros of G. */
export function addSums(program: Program): string[] {
  const dot = (nonzeros: readonly Nonzero[], factor: (c: number) => string): string =>
    nonzeros.map(({ c, slot }) => scaled(factor(c), program, slot)).join(" + ");
  const rows = nonzerosOf(program)
    .map((nonzeros, i) => ({ i, nonzeros }))
    .filter(({ nonzeros }) => nonzeros.length > 0);
  const used = new Set<number>(); // columns of the coordinates so far: all that H asks SG for
  return rows.flatMap(({ i, nonzeros }, at) => {
    for (const { c } of nonzeros) used.add(c);
    const products = Array.from(used, (c) => ({ c, text: dot(nonzeros, (a) => entry(c, a)) }));
    const isName = (text: string): boolean => /^\w+$/.test(text); // an entry of S itself
    const names = new Map(products.map(({ c, text }) => [c, isName(text) ? text : `t${i}_${c}`]));
    return [
      `gradient[${i}] += ${dot(nonzeros, (c) => `v${c}`)};`,
      // t_i_c = (SG)_ci
      ...products.flatMap(({ c, text }) => (isName(text) ? [] : [`let t${i}_${c} = ${text};`])),
      ...rows
        .slice(0, at + 1)
        .map(
          ({ i: j, nonzeros: theirs }) =>
            `H[${(i * (i + 1)) / 2 + j}] += ${dot(theirs, (c) => names.get(c) ?? "0.0")};`,
        ),
    ];
  });
}

/** The same for many coordinates, as loops: short to compile, slow to run. */
export function addSumsInLoops(program: Program): string[] {
  const { columns } = program;
  const q = columns.length;
  const sum = (term: (c: number) => string): string => range(q).map(term).join(" + ");
  return [
    `var G = array<array<f32, P>, ${q}>();`,
    `var SG = array<array<f32, P>, ${q}>();`,
    ...columns.flatMap(({ entries }, c) =>
      entries.map(({ param, slot }) => `G[${c}][${param}] = ${reference(program, slot)};`),
    ),
    "for (var i = 0u; i < P; i++) {",
    `gradient[i] += ${sum((c) => `v${c} * G[${c}][i]`)};`,
    ...range(q).map((a) => `SG[${a}][i] = ${sum((b) => `${entry(a, b)} * G[${b}][i]`)};`),
    "}",
    "for (var i = 0u; i < P; i++) {",
    "for (var j = 0u; j <= i; j++) {",
    `H[i * (i + 1u) / 2u + j] += ${sum((c) => `SG[${c}][i] * G[${c}][j]`)};`,
    "}",
    "}",
  ];
}

/**
 * The evaluation of a program over all runs as WGSL: `normal_equations` and `bend`.
 *
 * Both are a loop over groups (runs of one mixture) around a loop over a group's runs. With d the
 * derivatives of a run's residual r with respect to the columns of the factored Jacobian, and G
 * theirs with respect to the coordinates (src/expr/program.ts), a group's runs are summed to
 * v = Σ ψ·d and S = Σ ω·d·dᵀ, which the group then adds to gradient += Gᵀv and H += GᵀSG.
 */
import { input, mul } from "../../expr/graph.ts";
import { lossOf } from "../../expr/loss.ts";
import type { Program } from "../../expr/program.ts";
import { lines, reference, statements, type TableAccess } from "../../expr/wgsl.ts";
import type { Plan } from "./kernel-plan.ts";
import { cell, loopOver } from "./tables.ts";

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Entry (a, b) of S, of which the lower triangle is kept. */
const entry = (a: number, b: number): string => (a >= b ? `s${a}_${b}` : `s${b}_${a}`);

/** The lower triangle of S row by row, a line a row. */
const triangle = (columns: number, statement: (a: number, b: number) => string): string[] =>
  range(columns).map((a) =>
    range(a + 1)
      .map((b) => statement(a, b))
      .join(" "),
  );

/** `factor` times a slot of the program; alone where that is 1. */
function scaled(factor: string, program: Program, at: number): string {
  const slot = program.slots[at];
  const isOne = slot.kind === "const" && slot.value === 1;
  return isOne ? factor : `${factor} * ${reference(program, at)}`;
}

/** Where the columns of a program are in the tables. */
const accessOf = ({ tables }: Program, { mixes, runs }: Plan, run: string): TableAccess => ({
  mix: (column) => cell(mixes, "group", column),
  run: (column) => cell(runs, run, column),
  response: (column) => cell(runs, run, tables.run.length + column),
});

const sampleWeight = (block: string): string =>
  `f32(sample_weights[u32(${block}) * settings.samples + sample_index])`;

/** What the candidate's sample gives a group, where groups are weighed. */
const groupWeight = ({ tables }: Program, { mixes, weighting }: Plan): string | undefined =>
  weighting === "group" ? sampleWeight(cell(mixes, "group", tables.mix.length + 1)) : undefined;

/** What a run weighs in the mean; nothing where `missing`, a condition, holds. */
function shareOf(
  { tables }: Program,
  { weighting, runs }: Plan,
  run: string,
  missing: string | undefined,
): string {
  const at = tables.run.length + tables.response.length;
  const own = cell(runs, run, at);
  const share = weighting === "run" ? `${own} * ${sampleWeight(cell(runs, run, at + 1))}` : own;
  return missing === undefined ? share : `select(${share}, 0.0, ${missing})`;
}

/**
 * The loop over the groups, `group` around the loop over each one's runs, `run` around that over
 * the lines of a run; both know their loop's variable.
 */
function overRuns(
  { tables }: Program,
  { mixes, runs, style }: Plan,
  run: (row: string, missing: string | undefined) => readonly string[],
  group: (loop: readonly string[]) => readonly string[],
): string[] {
  const end = `let end = u32(${cell(mixes, "group", tables.mix.length)});`;
  const loop = [end, ...loopOver(runs, "run", ["first", "end"], run, style.times), "first = end;"];
  return ["var first = 0u;", ...loopOver(mixes, "group", ["0u", "groups"], () => group(loop))];
}

/** The run's share in the mean. */
const SHARE = input("share");
/** What the loss table calls by other names. */
const LEAVES = { delta: "settings.delta" };

/** The lines of a run, once its residual is known: its part of the group's loss, v and S. */
function addRun(program: Program, plan: Plan, share: string): string[] {
  const { columns } = program;
  const loss = lossOf(plan.loss);
  const weighted = columns.map(({ partial }, a) => {
    const product = scaled("omega", program, partial);
    return product === "omega" ? { name: product } : { name: `d${a}`, product };
  });
  return [
    `let share = ${share};`,
    `let residual = ${reference(program, program.value)};`,
    ...statements({ cost: mul(SHARE, loss.rho), omega: mul(SHARE, loss.omega(1)) }, LEAVES),
    "sum += cost;",
    "let psi = omega * residual;",
    ...columns.map(({ partial }, a) => `v${a} += ${scaled("psi", program, partial)};`),
    ...weighted.flatMap(({ name, product }) =>
      product === undefined ? [] : [`let ${name} = ${product};`],
    ),
    ...triangle(
      columns.length,
      (a, b) => `${entry(a, b)} += ${scaled(weighted[a].name, program, columns[b].partial)};`,
    ),
  ];
}

/**
 * `fn normal_equations(sample_index) -> f32`: `NormalEquations.evaluate` of
 * src/solve/normal-equations.ts in WGSL.
 */
export function normalEquations(program: Program, plan: Plan): string {
  const q = program.columns.length;
  const writtenOut = program.params <= plan.style.matrix;
  const weight = groupWeight(program, plan);
  const level = (name: "fit" | "mix" | "run", row = "run") =>
    lines(program, name, accessOf(program, plan, row), "point");
  const run = (row: string, missing: string | undefined): string[] => [
    ...level("run", row),
    ...addRun(program, plan, shareOf(program, plan, row, missing)),
  ];
  const group = (loop: readonly string[]): string[] => [
    "// once a mixture",
    ...level("mix"),
    "// Sums over its runs: the loss, v = Σ ψ·d and S = Σ ω·d·dᵀ, d the residual's derivatives.",
    "var sum = 0.0;",
    range(q).map((a) => `var v${a} = 0.0;`).join(" "),
    ...triangle(q, (a, b) => `var ${entry(a, b)} = 0.0;`),
    ...loop,
    ...(weight === undefined ? [] : weigh(q, weight)),
    "total += sum;",
    "// gradient += Gᵀv and H += GᵀSG",
    ...(writtenOut ? spread(program) : spreadLoop(program)),
  ]; // prettier-ignore
  return [
    "// Loss, gradient and Gauss–Newton matrix at `point`.",
    "fn normal_equations(sample_index: u32) -> f32 {",
    ...cleared("gradient", "P", writtenOut),
    ...cleared("H", "T", writtenOut),
    "// from the parameters alone",
    ...level("fit"),
    "var total = 0.0;",
    ...overRuns(program, plan, run, group),
    "return total;",
    "}",
  ].join("\n");
}

/**
 * `fn bend(sample_index)`: `NormalEquations.bend` in WGSL, of the direction in `velocity`; nothing
 * bends without second derivatives.
 */
export function bendSource({ bent }: Program, plan: Plan): string {
  const head = [
    "// slope = JᵀΩr″, r″ the second derivative of the residuals along `velocity` at `theta`.",
    "fn bend(sample_index: u32) {",
  ];
  if (bent === undefined) return [...head, ...cleared("slope", "P", false), "}"].join("\n");
  const { columns } = bent;
  const weight = groupWeight(bent, plan);
  const level = (name: "fit" | "mix" | "run", row = "run") =>
    lines(bent, name, accessOf(bent, plan, row), "theta", "velocity");
  const run = (row: string, missing: string | undefined): string[] => [
    ...level("run", row),
    `let share = ${shareOf(bent, plan, row, missing)};`,
    `let residual = ${reference(bent, bent.value)};`,
    ...statements({ omega: mul(SHARE, lossOf(plan.loss).omega(1)) }, LEAVES),
    `let along = ${scaled("omega", bent, bent.bend)};`,
    ...columns.map(({ partial }, a) => `v${a} += ${scaled("along", bent, partial)};`),
  ];
  const group = (loop: readonly string[]): string[] => [
    ...level("mix"),
    columns.map((_, a) => `var v${a} = 0.0;`).join(" "),
    ...loop,
    ...(weight === undefined ? [] : [`let weight = ${weight};`]),
    ...columns.flatMap(({ entries }, a) => [
      ...(weight === undefined ? [] : [`v${a} *= weight;`]),
      ...entries.map(({ param, slot }) => `slope[${param}] += ${scaled(`v${a}`, bent, slot)};`),
    ]),
  ];
  return [
    ...head,
    ...cleared("slope", "P", bent.params <= plan.style.matrix),
    ...level("fit"),
    ...overRuns(bent, plan, run, group),
    "}",
  ].join("\n");
}

/** A private array of numbers set to 0, at once or, where it is long, in a loop. */
const cleared = (name: string, length: string, atOnce: boolean): string[] =>
  atOnce
    ? [`${name} = array<f32, ${length}>();`]
    : [`for (var i = 0u; i < ${length}; i++) {`, `${name}[i] = 0.0;`, "}"];

/** A group's sums times what the sample gives it. */
const weigh = (q: number, weight: string): string[] => [
  `let weight = ${weight};`,
  "sum *= weight;",
  range(q).map((a) => `v${a} *= weight;`).join(" "),
  ...triangle(q, (a, b) => `${entry(a, b)} *= weight;`),
]; // prettier-ignore

/** gradient += Gᵀv and H += GᵀSG with every index a constant, skipping the zeros of G. */
function spread(program: Program): string[] {
  const { columns, params } = program;
  /** By coordinate i, its nonzeros in G: G_ci is in `slot`. */
  const nonzeros = range(params).map((i) =>
    columns.flatMap(({ entries }, c) =>
      entries.filter(({ param }) => param === i).map(({ slot }) => ({ c, slot })),
    ),
  );
  const text: string[] = [];
  const used = new Set<number>(); // columns of the coordinates so far: all that H asks SG for
  for (const [i, mine] of nonzeros.entries()) {
    if (mine.length === 0) continue;
    const along = (factor: (c: number) => string, list = mine): string =>
      list.map(({ c, slot }) => scaled(factor(c), program, slot)).join(" + ");
    for (const { c } of mine) used.add(c);
    text.push(`gradient[${i}] += ${along((c) => `v${c}`)};`);
    // (SG)_ci, where it is not an entry of S itself
    const product = new Map([...used].map((c) => [c, along((a) => entry(c, a))]));
    for (const [c, sum] of product) {
      if (/^\w+$/.test(sum)) continue;
      text.push(`let t${i}_${c} = ${sum};`);
      product.set(c, `t${i}_${c}`);
    }
    for (const [j, theirs] of nonzeros.slice(0, i + 1).entries())
      if (theirs.length > 0)
        text.push(
          `H[${(i * (i + 1)) / 2 + j}] += ${along((c) => product.get(c) ?? "0.0", theirs)};`,
        );
  }
  return text;
}

/** The same for many coordinates, as loops: short to compile, slow to run. */
function spreadLoop(program: Program): string[] {
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

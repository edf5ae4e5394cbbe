/** The evaluation of a program over all runs as WGSL: `normal_equations` and `bend`. */
import type { Column, Program } from "../../expr/program.ts";
import { lines, reference, type TableAccess } from "../../expr/wgsl.ts";
import type { Plan } from "./kernel-plan.ts";
import { cell, loopOver } from "./tables.ts";

const pairs = (q: number): (readonly [number, number])[] =>
  Array.from({ length: q }, (_, a) =>
    Array.from({ length: a + 1 }, (__, b) => [a, b] as const),
  ).flat();

/** Where the columns of a program are in the tables. */
const accessOf = ({ tables }: Program, { mixes, runs }: Plan, run: string): TableAccess => ({
  mix: (column) => cell(mixes, "group", column),
  run: (column) => cell(runs, run, column),
  response: (column) => cell(runs, run, tables.run.length + column),
});

const sampleWeight = (block: string): string =>
  `f32(sample_weights[u32(${block}) * settings.samples + sample_index])`;

const groupWeight = ({ tables }: Program, { mixes }: Plan): string =>
  sampleWeight(cell(mixes, "group", tables.mix.length + 1));

/** What a run weighs in the mean. */
function shareOf(
  { tables }: Program,
  { weighting, runs }: Plan,
  run: string,
  missing: string | undefined,
): string {
  const at = tables.run.length + tables.response.length;
  const share = `${cell(runs, run, at)}${weighting === "run" ? ` * ${sampleWeight(cell(runs, run, at + 1))}` : ""}`;
  return missing === undefined ? share : `select(${share}, 0.0, ${missing})`;
}

const indented = (text: readonly string[], by: number): string[] =>
  text.map((line) => " ".repeat(by) + line);

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

/**
 * `fn normal_equations(sample_index) -> f32`: `Normal.evaluate` of src/solve/normal-equations.ts in
 * WGSL.
 */
export function normalEquations(program: Program, plan: Plan): string {
  const { weighting } = plan;
  const { columns } = program;
  const q = columns.length;
  const small = program.params <= plan.style.matrix;
  const partial = columns.map((c) => reference(program, c.partial));
  const level = (name: "fit" | "mix" | "run", row = "run") =>
    lines(program, name, accessOf(program, plan, row), "point");
  const run = (row: string, missing: string | undefined): string[] => [
    ...level("run", row),
    `let share = ${shareOf(program, plan, row, missing)};`,
    `let residual = ${reference(program, program.value)};`,
    "let size = abs(residual);",
    "let inside = size <= settings.delta;",
    "sum += share * select(settings.delta * (size - 0.5 * settings.delta), 0.5 * residual * residual, inside);",
    "let omega = share * select(settings.delta / max(size, TINY), 1.0, inside);",
    "let psi = omega * residual;",
    ...columns.map((_, a) => `v${a} += psi * ${partial[a]}; let d${a} = omega * ${partial[a]};`),
    ...pairs(q).map(([a, b]) => `s${a}_${b} += d${a} * ${partial[b]};`),
  ];
  const group = (loop: readonly string[]): string[] => [
    "// mix level: once a mixture",
    ...level("mix"),
    columns.map((_, a) => `var v${a} = 0.0;`).join(" "),
    pairs(q).map(([a, b]) => `var s${a}_${b} = 0.0;`).join(" "), // prettier-ignore
    "var sum = 0.0;",
    ...loop,
    ...(weighting === "group" ? weigh(q, groupWeight(program, plan)) : []),
    "total += sum;",
    ...(small ? spread(program, columns) : spreadLoop(program, columns)),
  ];
  return [
    "fn normal_equations(sample_index: u32) -> f32 {",
    ...(small
      ? ["  gradient = array<f32, P>();", "  H = array<f32, T>();"]
      : [
          "  for (var i = 0u; i < P; i++) {\n    gradient[i] = 0.0;\n  }\n  for (var i = 0u; i < T; i++) {\n    H[i] = 0.0;\n  }",
        ]),
    "  // fit level: from the parameters alone",
    ...indented(level("fit"), 2),
    "  var total = 0.0;",
    ...indented(overRuns(program, plan, run, group), 2),
    "  return total;",
    "}",
  ].join("\n");
}

/**
 * `fn bend(sample_index)`: `Normal.bend` in WGSL, of the direction in `velocity`; nothing bends
 * without second derivatives.
 */
export function bendSource({ bent }: Program, plan: Plan): string {
  const { weighting } = plan;
  const clear = "  for (var i = 0u; i < P; i++) {\n    slope[i] = 0.0;\n  }";
  if (bent === undefined) return `fn bend(sample_index: u32) {\n${clear}\n}`;
  const { columns } = bent;
  const level = (name: "fit" | "mix" | "run", row = "run") =>
    lines(bent, name, accessOf(bent, plan, row), "theta", "velocity");
  const run = (row: string, missing: string | undefined): string[] => [
    ...level("run", row),
    `let share = ${shareOf(bent, plan, row, missing)};`,
    `let size = abs(${reference(bent, bent.value)});`,
    `let along = share * select(settings.delta / max(size, TINY), 1.0, size <= settings.delta) * ${reference(bent, bent.bend)};`,
    ...columns.map(({ partial }, a) => `v${a} += along * ${reference(bent, partial)};`),
  ];
  const group = (loop: readonly string[]): string[] => [
    ...level("mix"),
    columns.map((_, a) => `var v${a} = 0.0;`).join(" "),
    ...loop,
    ...(weighting === "group" ? [`let weight = ${groupWeight(bent, plan)};`] : []),
    ...columns.flatMap(({ entries }, a) => [
      ...(weighting === "group" ? [`v${a} *= weight;`] : []),
      ...entries.map(({ param, slot }) => `slope[${param}] += v${a} * ${reference(bent, slot)};`),
    ]),
  ];
  return [
    "fn bend(sample_index: u32) {",
    bent.params <= plan.style.matrix ? "  slope = array<f32, P>();" : clear,
    ...indented(level("fit"), 2),
    ...indented(overRuns(bent, plan, run, group), 2),
    "}",
  ].join("\n");
}

/** A group's sums times what the sample gives it. */
const weigh = (q: number, weight: string): string[] => [
  `let weight = ${weight};`,
  "sum *= weight;",
  Array.from({ length: q }, (_, a) => `v${a} *= weight;`).join(" "),
  pairs(q).map(([a, b]) => `s${a}_${b} *= weight;`).join(" "), // prettier-ignore
];

/** gradient += Gᵀv and H += GᵀSG with every index a constant, skipping the zeros of G. */
function spread(program: Program, columns: readonly Column[]): string[] {
  const feeds = new Map<number, { c: number; g: string }[]>(); // coordinate → its nonzeros in G
  for (const [c, column] of columns.entries()) {
    for (const e of column.entries)
      feeds.set(e.param, [...(feeds.get(e.param) ?? []), { c, g: reference(program, e.slot) }]);
  }
  const S = (a: number, b: number): string => (a >= b ? `s${a}_${b}` : `s${b}_${a}`);
  const out: string[] = [];
  for (const [i, mine] of [...feeds].sort(([a], [b]) => a - b)) {
    out.push(`gradient[${i}] += ${mine.map(({ c, g }) => `v${c} * ${g}`).join(" + ")};`);
    // t_i_c = Σ_a S_ca G_ai
    for (const c of columns.keys())
      out.push(`let t${i}_${c} = ${mine.map((x) => `${S(c, x.c)} * ${x.g}`).join(" + ")};`);
  }
  for (const i of [...feeds.keys()].sort((a, b) => a - b)) {
    for (const [j, theirs] of [...feeds].sort(([a], [b]) => a - b)) {
      if (j > i) continue;
      out.push(
        `H[${(i * (i + 1)) / 2 + j}] += ${theirs.map(({ c, g }) => `t${i}_${c} * ${g}`).join(" + ")};`,
      );
    }
  }
  return out;
}

/** The same for many coordinates, as loops: short to compile, slow to run. */
function spreadLoop(program: Program, columns: readonly Column[]): string[] {
  const q = columns.length;
  const out = [`var G = array<array<f32, P>, ${q}>();`, `var TG = array<array<f32, P>, ${q}>();`];
  for (const [c, column] of columns.entries())
    for (const e of column.entries)
      out.push(`G[${c}][${e.param}] = ${reference(program, e.slot)};`);
  const S = (a: number, b: number): string => (a >= b ? `s${a}_${b}` : `s${b}_${a}`);
  const terms = (f: (c: number) => string): string => columns.map((_, c) => f(c)).join(" + ");
  out.push(
    "for (var i = 0u; i < P; i++) {",
    `  gradient[i] += ${terms((c) => `v${c} * G[${c}][i]`)};`,
  );
  for (const a of columns.keys())
    out.push(`  TG[${a}][i] = ${terms((b) => `${S(a, b)} * G[${b}][i]`)};`);
  out.push("}", "for (var i = 0u; i < P; i++) {", "  for (var j = 0u; j <= i; j++) {");
  out.push(
    `    H[i * (i + 1u) / 2u + j] += ${terms((c) => `TG[${c}][i] * G[${c}][j]`)};`,
    "  }",
    "}",
  );
  return out;
}

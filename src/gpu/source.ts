/** Assembles the text of the search kernel for one program. */
import special from "../../shaders/lib/special.wgsl";
import solveLoop from "../../shaders/lib/solve.wgsl";
import search from "../../shaders/search.wgsl";
import type { Column, Program } from "../expr/program.ts";
import { lines, literal, reference, type TableAccess } from "../expr/wgsl.ts";
import { DAMPING } from "../solve/lm.ts";
import type { Packed } from "../solve/pack.ts";
import { type Box, MOST_BENT, PINNINGS } from "../solve/step.ts";
import { type Binding, declare, declareUniforms, type Uniforms } from "./layout.ts";
import { solveSource } from "./solve.ts";
import { HARDWARE, type Style } from "./style.ts";
import { cell, fillTable, type Layout, layOutAll, loopOver, tableBindings } from "./tables.ts";
import { unroll } from "./unroll.ts";

/** The most coordinates a kernel takes: WGSL ends at 361 (65 535 elements an array), memory per invocation well before. */
export const MOST_COORDINATES = 256;

/** Damping in float32: below `least` the matrix would not stay positive definite. */
const DAMPING32 = { ...DAMPING, least: 1e-7, most: 1e8 };
/** Iterations in a row with nothing to gain that end a candidate. */
const CALM = 4;

export const SETTINGS: Uniforms = {
  lanes: "u32",
  words: "u32",
  first_block: "u32",
  jobs: "u32",
  turns: "u32",
  iterations: "u32",
  groups: "u32",
  samples: "u32",
  tolerance: "f32",
  delta: "f32",
};

/** What sample weights are looked up by: nothing where there are none, the group where all its runs are in one block, else the run. */
export type Weighting = "none" | "group" | "run";

/**
 * What a kernel's text depends on beside its law. `mixes` has a row a group: its columns, the end of its runs, and its block where groups are weighed.
 * `runs` is one target's: run columns, response columns, the run's share of the mean (0 where the loss is missing), and its block where runs are weighed.
 */
export interface Plan {
  readonly weighting: Weighting;
  readonly mixes: Layout;
  readonly runs: Layout;
  readonly style: Style;
}

/** The mean number of runs from which a group is long: the last turn is on average half idle. */
const LONG = 8;

export function planOf(program: Program, groups: number, runs: number, weighting: Weighting = "none", style: Style = HARDWARE): Plan {
  const { mix, run, response } = program.tables;
  const block = (by: Weighting): number => (weighting === by ? 1 : 0);
  const shapes = [
    { name: "runs", width: run.length + response.length + 1 + block("run"), rows: runs },
    { name: "mixes", width: mix.length + 1 + block("group"), rows: groups },
  ];
  const [runTable, mixTable] = layOutAll(shapes, style.staged) as [Layout, Layout];
  return { weighting, mixes: mixTable, runs: runTable, style: { ...style, times: runs >= LONG * groups ? style.times : 1 } };
}

const BINDINGS: readonly Binding[] = [
  { name: "settings", type: "Settings", access: "uniform" },
  // A block is a workgroup's work: `jobs` candidates.
  { name: "schedule", type: "array<u32>", access: "read" },
  // By block: how many of them have been taken.
  { name: "taken", type: "array<atomic<u32>>", access: "read_write" },
  // Word w of a candidate's record at w·lanes + lane: neighbours in a workgroup are neighbours in memory.
  { name: "records", type: "array<u32>", access: "read_write" },
];

/** The weight of block b in sample s at b·samples + s. */
const WEIGHTS: Binding = { name: "sample_weights", type: "array<u32>", access: "read" };

export const bindingsOf = ({ weighting, mixes, runs }: Plan): readonly Binding[] => [
  ...BINDINGS,
  ...(weighting === "none" ? [] : [WEIGHTS]),
  ...tableBindings(mixes),
  ...tableBindings(runs),
];

/** The data of `mixes` and of a target's `runs` in float32; `unit` is the mean weight of a block in the samples. */
export function tablesOf(
  plan: Plan,
  program: Program,
  packed: Packed,
  blocks: Int32Array | undefined,
  unit: number,
): { mixes: Float32Array<ArrayBuffer>[]; runs: (target: number) => Float32Array<ArrayBuffer>[] } {
  const { mix, run, response } = program.tables;
  const { start, order } = packed;
  const mixValue = (g: number, c: number): number =>
    c < mix.length ? packed.mix[g * mix.length + c] : c === mix.length ? start[g + 1] : (blocks?.[order[start[g]]] ?? 0);
  return {
    mixes: fillTable(plan.mixes, start.length - 1, mixValue),
    runs: (target) => {
      const weights = packed.weights[target];
      const mass = weights.reduce((a, b) => a + b, 0) * unit;
      return fillTable(plan.runs, order.length, (at, c) => {
        if (c < run.length) return packed.run[at * run.length + c];
        const r = c - run.length;
        if (r < response.length) return packed.responses[target][at * response.length + r];
        return r === response.length ? weights[at] / mass : (blocks?.[order[at]] ?? 0);
      });
    },
  };
}

/** What a record holds of a candidate, by word: each start writes it, every round goes on from it. The coordinates follow the rest. */
export const RECORD = { objective: 0, lambda: 1, calm: 2, status: 3, sample: 4, used: 5, coordinates: 6 } as const;

/** The whole shader: constants, bindings, the generated evaluation, and shaders/search.wgsl unrolled as far as it pays. */
export function searchSource(program: Program, box: Box, title: string, plan: Plan = planOf(program, 1, 1)): string {
  const p = program.params;
  const constants = { P: p, T: (p * (p + 1)) / 2 };
  const { staged, solve, matrix, lanes } = plan.style;
  return [
    ...(staged ? ["enable subgroups;\ndiagnostic(off, subgroup_uniformity); // loops end for all lanes of a subgroup at once"] : []),
    `// ${title}: ${p} coordinates, ${program.columns.length} columns of the factored Jacobian.`,
    `const P = ${p}u;\nconst T = ${constants.T}u;\nconst WORKGROUP = ${lanes}u;\nconst CALM = ${CALM}u;\nconst PINNINGS = ${PINNINGS}u;\nconst MOST_BENT = ${literal(MOST_BENT)};`,
    ...Object.entries(RECORD).map(([name, word]) => `const RECORD_${name.toUpperCase()} = ${word}u;`),
    ...Object.entries(DAMPING32).map(([name, value]) => `const DAMPING_${name.toUpperCase()} = ${literal(value)};`),
    `const lower = array<f32, P>(${[...box.lower].map(literal).join(", ")});`,
    `const upper = array<f32, P>(${[...box.upper].map(literal).join(", ")});`,
    declareUniforms("Settings", SETTINGS),
    declare(bindingsOf(plan)),
    special,
    entry(staged),
    normalEquations(program, plan),
    bendSource(program, plan),
    p <= solve ? solveSource(p, (i) => Number.isFinite(box.lower[i]) || Number.isFinite(box.upper[i])) : solveLoop,
    p <= matrix ? unroll(search, constants) : search,
  ].join("\n\n");
}

/** The entry point. Where tables are staged the lanes of a subgroup go on until all of them are done. */
const entry = (staged: boolean): string =>
  staged
    ? `var<private> subgroup_lane: u32;
var<private> subgroup_lanes: u32;

fn all_done(done: bool) -> bool {
  return subgroupAll(done);
}

@compute @workgroup_size(WORKGROUP)
fn search(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) lane: u32, @builtin(subgroup_size) lanes: u32) {
  subgroup_lane = lane;
  subgroup_lanes = lanes;
  search_block(settings.first_block + workgroup.x, local);
}`
    : `fn all_done(done: bool) -> bool {
  return done;
}

@compute @workgroup_size(WORKGROUP)
fn search(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  search_block(settings.first_block + workgroup.x, local);
}`;

const pairs = (q: number): (readonly [number, number])[] =>
  Array.from({ length: q }, (_, a) => Array.from({ length: a + 1 }, (__, b) => [a, b] as const)).flat();

/** Where the columns of a program are in the tables. */
const accessOf = ({ tables }: Program, { mixes, runs }: Plan, run: string): TableAccess => ({
  mix: (column) => cell(mixes, "group", column),
  run: (column) => cell(runs, run, column),
  response: (column) => cell(runs, run, tables.run.length + column),
});

const sampleWeight = (block: string): string => `f32(sample_weights[u32(${block}) * settings.samples + sample_index])`;

const groupWeight = ({ tables }: Program, { mixes }: Plan): string => sampleWeight(cell(mixes, "group", tables.mix.length + 1));

/** What a run weighs in the mean. */
function shareOf({ tables }: Program, { weighting, runs }: Plan, run: string, missing: string | undefined): string {
  const at = tables.run.length + tables.response.length;
  const share = `${cell(runs, run, at)}${weighting === "run" ? ` * ${sampleWeight(cell(runs, run, at + 1))}` : ""}`;
  return missing === undefined ? share : `select(${share}, 0.0, ${missing})`;
}

const indented = (text: readonly string[], by: number): string[] => text.map((line) => " ".repeat(by) + line);

/** The loop over the groups, `group` around the loop over each one's runs, `run` around that over the lines of a run; both know their loop's variable. */
function overRuns(
  { tables }: Program,
  { mixes, runs, style }: Plan,
  run: (row: string, missing: string | undefined) => readonly string[],
  group: (loop: readonly string[]) => readonly string[],
): string[] {
  const end = `let end = u32(${cell(mixes, "group", tables.mix.length)});`;
  const loop = [end, ...loopOver(runs, "run", ["first", "end"], run, style.times), "first = end;"];
  return ["var first = 0u;", ...loopOver(mixes, "group", ["0u", "settings.groups"], () => group(loop))];
}

/** `fn normal_equations(sample_index) -> f32`: `Normal.evaluate` of src/solve/normal.ts in WGSL. */
function normalEquations(program: Program, plan: Plan): string {
  const { weighting } = plan;
  const { columns } = program;
  const q = columns.length;
  const small = program.params <= plan.style.matrix;
  const partial = columns.map((c) => reference(program, c.partial));
  const level = (name: "fit" | "mix" | "run", row = "run") => lines(program, name, accessOf(program, plan, row), "point");
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
      ? ["  slope = array<f32, P>();", "  curvature = array<f32, T>();"]
      : ["  for (var i = 0u; i < P; i++) {\n    slope[i] = 0.0;\n  }\n  for (var i = 0u; i < T; i++) {\n    curvature[i] = 0.0;\n  }"]),
    "  // fit level: from the parameters alone",
    ...indented(level("fit"), 2),
    "  var total = 0.0;",
    ...indented(overRuns(program, plan, run, group), 2),
    "  return total;",
    "}",
  ].join("\n");
}

/** `fn bend(sample_index)`: `Normal.bend` in WGSL, of the direction in `velocity`; nothing bends without second derivatives. */
function bendSource({ bent }: Program, plan: Plan): string {
  const { weighting } = plan;
  const clear = "  for (var i = 0u; i < P; i++) {\n    slope[i] = 0.0;\n  }";
  if (bent === undefined) return `fn bend(sample_index: u32) {\n${clear}\n}`;
  const { columns } = bent;
  const level = (name: "fit" | "mix" | "run", row = "run") => lines(bent, name, accessOf(bent, plan, row), "theta", "velocity");
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

/** slope += Gᵀv and curvature += GᵀSG with every index a constant, skipping the zeros of G. */
function spread(program: Program, columns: readonly Column[]): string[] {
  const feeds = new Map<number, { c: number; g: string }[]>(); // coordinate → its nonzeros in G
  for (const [c, column] of columns.entries()) {
    for (const e of column.entries) feeds.set(e.param, [...(feeds.get(e.param) ?? []), { c, g: reference(program, e.slot) }]);
  }
  const S = (a: number, b: number): string => (a >= b ? `s${a}_${b}` : `s${b}_${a}`);
  const out: string[] = [];
  for (const [i, mine] of [...feeds].sort(([a], [b]) => a - b)) {
    out.push(`slope[${i}] += ${mine.map(({ c, g }) => `v${c} * ${g}`).join(" + ")};`);
    // t_i_c = Σ_a S_ca G_ai
    for (const c of columns.keys()) out.push(`let t${i}_${c} = ${mine.map((x) => `${S(c, x.c)} * ${x.g}`).join(" + ")};`);
  }
  for (const i of [...feeds.keys()].sort((a, b) => a - b)) {
    for (const [j, theirs] of [...feeds].sort(([a], [b]) => a - b)) {
      if (j > i) continue;
      out.push(`curvature[${(i * (i + 1)) / 2 + j}] += ${theirs.map(({ c, g }) => `t${i}_${c} * ${g}`).join(" + ")};`);
    }
  }
  return out;
}

/** The same for many coordinates, as loops: short to compile, slow to run. */
function spreadLoop(program: Program, columns: readonly Column[]): string[] {
  const q = columns.length;
  const out = [`var G = array<array<f32, P>, ${q}>();`, `var TG = array<array<f32, P>, ${q}>();`];
  for (const [c, column] of columns.entries())
    for (const e of column.entries) out.push(`G[${c}][${e.param}] = ${reference(program, e.slot)};`);
  const S = (a: number, b: number): string => (a >= b ? `s${a}_${b}` : `s${b}_${a}`);
  const terms = (f: (c: number) => string): string => columns.map((_, c) => f(c)).join(" + ");
  out.push("for (var i = 0u; i < P; i++) {", `  slope[i] += ${terms((c) => `v${c} * G[${c}][i]`)};`);
  for (const a of columns.keys()) out.push(`  TG[${a}][i] = ${terms((b) => `${S(a, b)} * G[${b}][i]`)};`);
  out.push("}", "for (var i = 0u; i < P; i++) {", "  for (var j = 0u; j <= i; j++) {");
  out.push(`    curvature[i * (i + 1u) / 2u + j] += ${terms((c) => `TG[${c}][i] * G[${c}][j]`)};`, "  }", "}");
  return out;
}

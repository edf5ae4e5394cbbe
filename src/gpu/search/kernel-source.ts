/** Assembles the text of the search kernel for one program; shaders/README.md walks through one. */
import special from "../../../shaders/lib/special.wgsl";
import solveLoop from "../../../shaders/lib/solve.wgsl";
import search from "../../../shaders/search.wgsl";
import type { Program } from "../../expr/program.ts";
import { literal } from "../../expr/wgsl.ts";
import { DAMPING, SHORTER } from "../../solve/levenberg-marquardt.ts";
import { type Box, MOST_BENT, PINNINGS } from "../../solve/damped-step.ts";
import { bendSource, normalEquations } from "./write-evaluation.ts";
import { declareBindings, declareConstants, declareStruct } from "../layout.ts";
import { tidy } from "../tidy.ts";
import { unroll } from "../unroll.ts";
import { bindingsOf, NOBODY, type Plan, RECORD, SETTINGS, STATUS } from "./kernel-plan.ts";
import { solveSource } from "./write-solve.ts";

/**
 * The most coordinates a kernel takes: WGSL ends at 361 (65 535 elements an array), memory per
 * invocation well before.
 */
export const MOST_COORDINATES = 256;

/** Damping in float32: below `least` the matrix would not stay positive definite. */
const DAMPING32 = { ...DAMPING, least: 1e-7, most: 1e8 };
/** Iterations in a row with nothing to gain that end a candidate. */
const CALM = 4;

/** The lengths of the kernel's arrays: coordinates, and entries of the packed matrix. */
const sizesOf = ({ params: p }: Program): { P: number; T: number } => ({
  P: p,
  T: (p * (p + 1)) / 2,
});

const prefixed = <T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}_${name.toUpperCase()}`, value]),
  );

/** What comes before the kernel's functions: extensions, constants and bindings. */
export function prelude(program: Program, box: Box, title: string, plan: Plan): string {
  const damping = Object.entries(DAMPING32).map(([name, value]) => [name, literal(value)]);
  const bound = (limits: Float64Array): string =>
    `array<f32, P>(${Array.from(limits, literal).join(", ")})`;
  return [
    `// ${title}: ${program.params} coordinates, ${program.columns.length} columns of the factored Jacobian.`,
    ...(plan.style.staged
      ? [
          "enable subgroups;\n// Loops end for all lanes of a subgroup at once.\ndiagnostic(off, subgroup_uniformity);",
        ]
      : []),
    declareConstants({
      ...sizesOf(program),
      WORKGROUP: plan.style.lanes,
      CALM,
      PINNINGS,
      MOST_BENT: literal(MOST_BENT),
      SHORTER: literal(SHORTER),
    }),
    declareConstants(prefixed("RECORD", RECORD)),
    declareConstants({ ...prefixed("STATUS", STATUS), NOBODY }),
    declareConstants(prefixed("DAMPING", Object.fromEntries(damping))),
    declareConstants({ lower: bound(box.lower), upper: bound(box.upper) }),
    declareStruct("Settings", SETTINGS),
    declareBindings(bindingsOf(plan)),
  ].join("\n\n");
}

/** The special functions, where a kernel's text calls one. */
const librariesOf = (text: string): string[] =>
  Array.from(special.matchAll(/^fn (\w+)/gm)).some(([, name]) => text.includes(`${name}(`))
    ? [special]
    : [];

/**
 * The whole shader: constants, bindings, the entry point, the generated evaluation, the solve, and
 * shaders/search.wgsl, unrolled as far as it pays.
 */
export function searchSource(program: Program, box: Box, title: string, plan: Plan): string {
  const { solve, matrix } = plan.style;
  const isBounded = (i: number): boolean =>
    Number.isFinite(box.lower[i]) || Number.isFinite(box.upper[i]);
  const evaluation = [normalEquations(program, plan), bendSource(program, plan)].join("\n\n");
  const text = [
    prelude(program, box, title, plan),
    ...librariesOf(evaluation),
    entry(plan),
    evaluation,
    program.params <= solve ? solveSource(program.params, isBounded) : solveLoop,
    program.params <= matrix ? unroll(search, sizesOf(program)) : search,
  ].join("\n\n");
  return `${tidy(text)}\n`;
}

/** The entry point `search`, and `all_done`, which a staged kernel asks of a whole subgroup. */
function entry({ looped, style: { staged } }: Plan): string {
  const subgroup =
    "@builtin(subgroup_invocation_id) own_lane: u32, @builtin(subgroup_size) lanes: u32,";
  const iteration = [
    "groups = select(settings.groups, 0u, all_done(idle));",
    "iterate();",
    `if (!idle${looped ? " && (status != STATUS_RUNNING || turn + 1u == settings.turns)" : ""}) {`,
    "store(lane);",
    "}",
  ];
  const loop = [
    "for (var turn = 0u; turn < settings.turns; turn++) {",
    ...iteration,
    "idle = idle || status != STATUS_RUNNING;",
    "if (all_done(idle)) {",
    "break;",
    "}",
    "}",
  ];
  return [
    ...(staged
      ? ["var<private> subgroup_lane: u32;", "var<private> subgroup_lanes: u32;", ""]
      : []),
    "// Whether no lane that reads for this one goes on.",
    "fn all_done(done: bool) -> bool {",
    `return ${staged ? "subgroupAll(done)" : "done"};`,
    "}",
    "",
    `// ${looped ? "`turns` iterations" : "An iteration"} of the candidate that has the invocation's place in the schedule.`,
    "// What becomes of a candidate does not depend on its place, or on when.",
    "@compute @workgroup_size(WORKGROUP)",
    "fn search(",
    "@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32,",
    ...(staged ? [subgroup] : []),
    ") {",
    ...(staged ? ["subgroup_lane = own_lane;", "subgroup_lanes = lanes;"] : []),
    "let lane = schedule[(settings.first_block + workgroup.x) * WORKGROUP + local];",
    "load(min(lane, settings.lanes - 1u));",
    "var idle = lane == NOBODY || status != STATUS_RUNNING;",
    ...(looped ? loop : iteration),
    "}",
  ].join("\n");
}

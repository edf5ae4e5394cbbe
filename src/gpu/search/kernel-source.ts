/** Assembles the text of the search kernel for one program. */
import special from "../../../shaders/lib/special.wgsl";
import solveLoop from "../../../shaders/lib/solve.wgsl";
import search from "../../../shaders/search.wgsl";
import type { Program } from "../../expr/program.ts";
import { literal } from "../../expr/wgsl.ts";
import { DAMPING, SHORTER } from "../../solve/levenberg-marquardt.ts";
import { type Box, MOST_BENT, PINNINGS } from "../../solve/damped-step.ts";
import { bendSource, normalEquations } from "./write-evaluation.ts";
import { declare, declareUniforms } from "../layout.ts";
import { bindingsOf, type Plan, planOf, RECORD, SETTINGS } from "./kernel-plan.ts";
import { solveSource } from "./write-solve.ts";
import { unroll } from "../unroll.ts";

/**
 * The most coordinates a kernel takes: WGSL ends at 361 (65 535 elements an array), memory per
 * invocation well before.
 */
export const MOST_COORDINATES = 256;

/** Damping in float32: below `least` the matrix would not stay positive definite. */
const DAMPING32 = { ...DAMPING, least: 1e-7, most: 1e8 };
/** Iterations in a row with nothing to gain that end a candidate. */
const CALM = 4;

/**
 * The whole shader: constants, bindings, the generated evaluation, and shaders/search.wgsl unrolled
 * as far as it pays.
 */
export function searchSource(
  program: Program,
  box: Box,
  title: string,
  plan: Plan = planOf(program, 1, 1),
): string {
  const p = program.params;
  const constants = { P: p, T: (p * (p + 1)) / 2 };
  const { staged, solve, matrix, lanes } = plan.style;
  return [
    ...(staged
      ? [
          "enable subgroups;\ndiagnostic(off, subgroup_uniformity); // loops end for all lanes of a subgroup at once",
        ]
      : []),
    `// ${title}: ${p} coordinates, ${program.columns.length} columns of the factored Jacobian.`,
    `const P = ${p}u;\nconst T = ${constants.T}u;\nconst WORKGROUP = ${lanes}u;\nconst CALM = ${CALM}u;\nconst PINNINGS = ${PINNINGS}u;\nconst MOST_BENT = ${literal(MOST_BENT)};\nconst SHORTER = ${literal(SHORTER)};`,
    ...Object.entries(RECORD).map(
      ([name, word]) => `const RECORD_${name.toUpperCase()} = ${word}u;`,
    ),
    ...Object.entries(DAMPING32).map(
      ([name, value]) => `const DAMPING_${name.toUpperCase()} = ${literal(value)};`,
    ),
    `const lower = array<f32, P>(${[...box.lower].map(literal).join(", ")});`,
    `const upper = array<f32, P>(${[...box.upper].map(literal).join(", ")});`,
    declareUniforms("Settings", SETTINGS),
    declare(bindingsOf(plan)),
    special,
    entry(plan),
    normalEquations(program, plan),
    bendSource(program, plan),
    p <= solve
      ? solveSource(p, (i) => Number.isFinite(box.lower[i]) || Number.isFinite(box.upper[i]))
      : solveLoop,
    p <= matrix ? unroll(search, constants) : search,
  ].join("\n\n");
}

/**
 * The entry point: an iteration of the candidate that has the invocation's place in the schedule,
 * or `turns` of them. What becomes of a candidate does not depend on its place, or on when.
 */
function entry({ looped, style: { staged } }: Plan): string {
  const subgroup = staged
    ? ",\n  @builtin(subgroup_invocation_id) own_lane: u32, @builtin(subgroup_size) lanes: u32"
    : "";
  const turn = [
    "groups = select(settings.groups, 0u, all_done(idle));",
    "iterate();",
    `if (!idle${looped ? " && (status != RUNNING || turn + 1u == settings.turns)" : ""}) {`,
    "  store(lane);",
    "}",
  ];
  return [
    ...(staged ? ["var<private> subgroup_lane: u32;\nvar<private> subgroup_lanes: u32;\n"] : []),
    `fn all_done(done: bool) -> bool {\n  return ${staged ? "subgroupAll(done)" : "done"};\n}\n`,
    "@compute @workgroup_size(WORKGROUP)",
    `fn search(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32${subgroup}) {`,
    ...(staged ? ["  subgroup_lane = own_lane;", "  subgroup_lanes = lanes;"] : []),
    "  let lane = schedule[(settings.first_block + workgroup.x) * WORKGROUP + local];",
    "  load(min(lane, settings.lanes - 1u));",
    "  var idle = lane == NOBODY || status != RUNNING;",
    ...(looped
      ? [
          "  for (var turn = 0u; turn < settings.turns; turn++) {",
          ...turn.map((line) => `    ${line}`),
          "    idle = idle || status != RUNNING;",
          "    if (all_done(idle)) {\n      break;\n    }",
          "  }",
        ]
      : turn.map((line) => `  ${line}`)),
    "}",
  ].join("\n");
}

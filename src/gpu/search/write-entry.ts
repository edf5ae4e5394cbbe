/**
 * The search kernel's entry point `search`: iterations of the candidate that has the invocation's
 * place in the schedule. What becomes of a candidate does not depend on its place, or on when.
 */
import type { Plan } from "./kernel-plan.ts";

/**
 * `all_done`. Where tables are staged, the lanes of a subgroup read them for one another, so that
 * none leaves a loop before all do.
 */
const allDone = (staged: boolean): string[] => [
  staged
    ? "// Whether all lanes of the subgroup are done: they read tables for one another."
    : "// Whether the lane is done: it reads tables for itself.",
  "fn all_done(done: bool) -> bool {",
  `return ${staged ? "subgroupAll(done)" : "done"};`,
  "}",
  "",
];

/** An iteration, and the record written where `storing`, a condition, holds. */
const iteration = (storing: string): string[] => [
  "groups = select(settings.groups, 0u, all_done(idle));",
  "iterate();",
  `if (${storing}) {`,
  "store(lane);",
  "}",
];

/** Iterations in a loop. */
const loop = (): string[] => [
  "for (var turn = 0u; turn < settings.turns; turn++) {",
  ...iteration("!idle && (status != STATUS_RUNNING || turn + 1u == settings.turns)"),
  "idle = idle || status != STATUS_RUNNING;",
  "if (all_done(idle)) {",
  "break;",
  "}",
  "}",
];

export const entrySource = ({ looped, staged }: Plan): string =>
  [
    ...(staged
      ? ["var<private> subgroup_lane: u32;", "var<private> subgroup_lanes: u32;", ""]
      : []),
    ...allDone(staged),
    `// ${looped ? "`turns` iterations" : "An iteration"} of the candidate in the invocation's place in the schedule.`,
    "@compute @workgroup_size(WORKGROUP)",
    "fn search(",
    "@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32,",
    ...(staged
      ? ["@builtin(subgroup_invocation_id) own_lane: u32, @builtin(subgroup_size) lanes: u32,"]
      : []),
    ") {",
    ...(staged ? ["subgroup_lane = own_lane;", "subgroup_lanes = lanes;"] : []),
    "let block = settings.first_block + workgroup.x;",
    "read_block(block);",
    "let lane = schedule[block * WORKGROUP + local];",
    "load(min(lane, settings.lanes - 1u));",
    "var idle = lane == NOBODY || status != STATUS_RUNNING;",
    ...(looped ? loop() : iteration("!idle")),
    "}",
  ].join("\n");

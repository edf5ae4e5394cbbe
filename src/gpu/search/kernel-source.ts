/** Assembles the text of the search kernel for one program; shaders/README.md walks through one. */
import block from "../../../shaders/lib/block.wgsl";
import progress from "../../../shaders/lib/progress.wgsl";
import special from "../../../shaders/lib/special.wgsl";
import solveLoop from "../../../shaders/lib/solve.wgsl";
import search from "../../../shaders/search.wgsl";
import teamSearch from "../../../shaders/team-search.wgsl";
import { contentOf, type Program } from "../../expr/program.ts";
import { literal } from "../../expr/wgsl.ts";
import { DAMPING, MANNERS, SHORTER } from "../../solve/levenberg-marquardt.ts";
import { type Box, MOST_BENT, PINNINGS } from "../../solve/damped-step.ts";
import { bendSource } from "./write-bend.ts";
import { entrySource } from "./write-entry.ts";
import { normalEquations } from "./write-evaluation.ts";
import { LastUsed } from "../../wasm/last-used.ts";
import { declareBindings, declareConstants, declareStruct } from "../layout.ts";
import { tidy } from "../tidy.ts";
import { unbounded, unroll } from "../unroll.ts";
import {
  bindingsOf,
  candidatesOf,
  NOBODY,
  type Plan,
  RECORD,
  SETTINGS,
  STATUS,
} from "./kernel-plan.ts";
import { publishedBy, rowLength } from "./team-layout.ts";
import { solveSource } from "./write-solve.ts";
import { lengthOf, teamSource } from "./write-team.ts";

/**
 * The most coordinates a kernel takes: WGSL ends at 361 (65 535 elements an array), memory per
 * invocation well before.
 */
export const MOST_COORDINATES = 256;

/** Damping in float32: below `least` the matrix would not stay positive definite. */
const DAMPING32 = { ...DAMPING, least: 1e-7, most: 1e8 };

/** The lengths of the kernel's arrays: coordinates, and entries of the packed matrix. */
const sizesOf = ({ params: p }: Program): { P: number; T: number } => ({
  P: p,
  T: (p * (p + 1)) / 2,
});

/** The constants that only a team's kernel has. */
const teamSizes = (program: Program, plan: Plan): Record<string, number> => ({
  ROW: rowLength(program),
  TEAM: plan.team,
  TEAMS: candidatesOf(plan),
  LENGTH: lengthOf(plan, publishedBy(program).vectors),
  MIXTURE: plan.mixes.vectors,
});

/** Constants by the names that they have in WGSL: { least } with DAMPING is DAMPING_LEAST. */
export const prefixed = <T>(
  prefix: string,
  values: Readonly<Record<string, T>>,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}_${name.toUpperCase()}`, value]),
  );

/** What comes before the kernel's functions: extensions, constants and bindings. */
export function prelude(program: Program, box: Box, plan: Plan): string {
  const damping = Object.entries(DAMPING32).map(([name, value]) => [name, literal(value)]);
  const bound = (limits: Float64Array): string =>
    `array<f32, P>(${Array.from(limits, literal).join(", ")})`;
  const manner = (name: keyof typeof MANNERS): Record<string, number | string> => {
    const { tau, shrink, calm } = MANNERS[name];
    return prefixed(name.toUpperCase(), { tau: literal(tau), shrink: literal(shrink), calm });
  };
  const staging = [
    "enable subgroups;",
    "// Loops end for all lanes of a subgroup at once: see all_done.",
    "diagnostic(off, subgroup_uniformity);",
  ];
  const { params, columns } = program;
  return [
    `// A search over ${params} coordinates, ${columns.length} columns of the factored Jacobian.`,
    ...(plan.staged ? [staging.join("\n")] : []),
    declareConstants({
      ...sizesOf(program),
      ...(plan.team > 1 ? teamSizes(program, plan) : {}),
      WORKGROUP: plan.workgroup,
      PINNINGS,
      MOST_BENT: literal(MOST_BENT),
      SHORTER: literal(SHORTER),
    }),
    declareConstants(prefixed("RECORD", RECORD)),
    declareConstants({ ...prefixed("STATUS", STATUS), NOBODY }),
    declareConstants(prefixed("DAMPING", Object.fromEntries(damping))),
    declareConstants({ ...manner("far"), ...manner("near") }),
    declareConstants({ lower: bound(box.lower), upper: bound(box.upper) }),
    declareStruct("Settings", SETTINGS),
    declareBindings(bindingsOf(plan)),
  ].join("\n\n");
}

/** The special functions, where a kernel's text calls one. */
function librariesOf(text: string): string[] {
  const names = Array.from(special.matchAll(/^fn (\w+)/gm), ([, name]) => name);
  return names.some((name) => text.includes(`${name}(`)) ? [special] : [];
}

/** The kernel's functions, where each invocation has a candidate of its own. */
function aloneSource(program: Program, box: Box, plan: Plan): string[] {
  const isBounded = (i: number): boolean =>
    Number.isFinite(box.lower[i]) || Number.isFinite(box.upper[i]);
  return [
    entrySource(plan),
    normalEquations(program, plan),
    bendSource(program, plan),
    plan.writtenSolve ? solveSource(program.params, isBounded) : solveLoop,
    progress,
    block,
    plan.writtenMatrix ? unroll(search, sizesOf(program)) : search,
  ];
}

/** The kernel's functions, where teams have candidates. */
function withTeams(program: Program, plan: Plan): string[] {
  const sizes = { ...sizesOf(program), ...teamSizes(program, plan), RECORD_COORDINATES: RECORD.coordinates }; // prettier-ignore
  return [teamSource(program, plan), progress, block, teamSearch].map((text) =>
    plan.writtenMatrix ? unroll(text, sizes) : unbounded(text),
  );
}

/** By all that they are made of. A text takes 50 ms, and each part of a bootstrap asks for one. */
const texts = new LastUsed<string>(16);

/**
 * The whole shader: constants, bindings, the entry point, the generated evaluation, the solve, and
 * shaders/search.wgsl, unrolled as far as it pays; or shaders/team-search.wgsl, which has loops.
 */
export const searchSource = (program: Program, box: Box, plan: Plan): string =>
  texts.get(
    [contentOf(program), box.lower.join(" "), box.upper.join(" "), JSON.stringify(plan)].join("\n"),
    () => writtenSource(program, box, plan),
  );

function writtenSource(program: Program, box: Box, plan: Plan): string {
  const functions = plan.team > 1 ? withTeams(program, plan) : aloneSource(program, box, plan);
  const text = [
    prelude(program, box, plan),
    ...librariesOf(functions.join("\n")),
    ...functions,
  ].join("\n\n");
  return `${tidy(text)}\n`;
}

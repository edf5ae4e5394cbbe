/**
 * The text of the Monte Carlo kernel: shaders/mixtures.wgsl for a weighted sum of laws whose
 * parameters are the shares. Coordinates and scale are data: other targets of a law, other fits of
 * them, another N and D run the same kernel.
 */
import rng from "../../../shaders/lib/rng.wgsl";
import spacing from "../../../shaders/lib/spacing.wgsl";
import special from "../../../shaders/lib/special.wgsl";
import mixtures from "../../../shaders/mixtures.wgsl";
import { lines, reference, type TableAccess } from "../../expr/wgsl.ts";
import {
  declareBindings,
  declareConstants,
  declareStruct,
  placeOf,
  vectorIndex,
} from "../layout.ts";
import { tidy } from "../tidy.ts";
import { unroll } from "../unroll.ts";
import { BINS, type Draws, type LawRows, TURNS, WORKGROUP } from "./draws.ts";
import { bindingsOf, BLOCK_RESULT, DOMAIN, SETTINGS, vectorsOf } from "./mixtures-layout.ts";

/**
 * Up to this many lines the targets of a law are written out: 1.5 × faster on lavapipe where a
 * target has few lines, no faster where it has many, and slow to compile.
 */
const WRITTEN_OUT = 600;

/**
 * Beyond this many blocks of random words a sample they are drawn in a loop: written out, the
 * generator would take longer to compile than the law.
 */
const UNROLLED_PHILOX = 4;

const noTable = (): never => {
  throw new Error("a program over shares reads no tables");
};

/** The loop over a law's targets, whose rows begin at vector `base` of `targets`. */
function targetLoop(law: LawRows, base: number): string[] {
  const { program, weights } = law;
  const cell = (column: number): string => {
    const { vector, component } = placeOf(column);
    return `targets[${vectorIndex("row", vectorsOf(law), base + vector)}].${component}`;
  };
  const access: TableAccess = {
    mix: noTable,
    run: (column) => cell(1 + column),
    response: noTable,
  };
  const each = lines(program, "run", access, "share");
  const mark = each.length * weights.length <= WRITTEN_OUT ? "/*unroll*/ " : "";
  return [
    ...lines(program, "fit", access, "share"),
    `${mark}for (var row = 0u; row < ${weights.length}u; row++) {`,
    ...each,
    `total += ${cell(0)} * ${reference(program, program.value)};`,
    "}",
  ];
}

/** `fn loss() -> f32`: what depends on the shares alone once a law, the rest once a target. */
function lossSource(laws: readonly LawRows[]): string {
  let base = 0;
  const blocks = laws.flatMap((law) => {
    const loop = targetLoop(law, base);
    base += law.weights.length * vectorsOf(law);
    return ["{", ...loop, "}"];
  });
  const body = unroll(blocks.join("\n"), {});
  return `fn loss() -> f32 {\nvar total = 0.0;\n${body}\nreturn total;\n}`;
}

/**
 * Whether a draw can be infeasible at all: floors hold by construction, other limits and a
 * reference of one's own have to be checked.
 */
const isChecked = (d: Draws): boolean =>
  d.rows.length > 0 ||
  d.upper.some((x) => x < 1) ||
  (d.nearBelow > d.sparseBelow && d.reference.some((x, i) => x < d.lower[i]));

/** The lengths of the kernel's arrays: domains, and blocks of four random words a sample. */
const sizesOf = ({ lower: { length } }: Draws): { K: number; PHILOX: number } => ({
  K: length,
  PHILOX: Math.ceil((1 + length) / 4), // a word for the kind and one a domain
});

/**
 * What comes before shaders/mixtures.wgsl for some laws and kind of draws: constants, bindings,
 * libraries and `loss`.
 */
export const prelude = (laws: readonly LawRows[], draws: Draws): string =>
  [
    declareConstants({
      CHECKED: String(isChecked(draws)),
      ...sizesOf(draws),
      BINS,
      WORKGROUP,
      TURNS,
      PURPOSE: draws.purpose,
    }),
    declareStruct("Settings", SETTINGS),
    declareStruct("Domain", DOMAIN),
    declareStruct("Block", BLOCK_RESULT),
    declareBindings(bindingsOf(laws)),
    rng,
    spacing,
    special,
    lossSource(laws),
  ].join("\n\n");

/** The whole shader. */
export function mixturesSource(laws: readonly LawRows[], draws: Draws): string {
  const sizes = sizesOf(draws);
  const main =
    sizes.PHILOX > UNROLLED_PHILOX
      ? mixtures.replace("/*unroll*/ for (var b ", "for (var b ")
      : mixtures;
  return `${tidy(`${prelude(laws, draws)}\n\n${unroll(main, sizes)}`)}\n`;
}

/**
 * What a ridge adds to the objective, its gradient and its matrix, as WGSL:
 * src/solve/penalty/ridge.ts in float32. `drawn` has √λ·sᵢ of each coordinate, 0 of those that are
 * not drawn, and of one target after the other: a block's own begin at `drawn_before`. Which
 * coordinates have their mean taken off is in the text.
 */
import type { Ridge } from "../../laws/ridge.ts";
import type { Plan } from "./kernel-plan.ts";
import { range } from "./group-sums.ts";

/** Where an entry (i, j) of the packed matrix is. */
const packed = (i: number, j: number): number => (i * (i + 1)) / 2 + j;

/** What is drawn of coordinate `i`, which is WGSL. */
const drawn = (i: number | string): string =>
  `drawn[drawn_before + ${typeof i === "number" ? `${i}u` : i}]`;

/** The name of the mean that is taken off a coordinate; undefined for one that is drawn to 0. */
const meanOf = ({ first, end }: Ridge, i: number): string | undefined =>
  first[i] < end[i] ? `mean${first[i]}` : undefined;

/** The lines with constant indices: see write-solve.ts for why. */
function writtenLines(ridge: Ridge): string[] {
  const { slopes, first, end } = ridge;
  const own = range(slopes.length).filter((i) => slopes[i] !== 0);
  const groups = [...new Set(own.filter((i) => first[i] < end[i]).map((i) => first[i]))];
  const value = (i: number): string => `${drawn(i)} * point[${i}]`;
  const count = (i: number): string => `${end[i] - first[i]}.0`;
  return [
    ...groups.map((from) => {
      const members = range(end[from]).slice(from);
      return `let mean${from} = (${members.map(value).join(" + ")}) / ${count(from)};`;
    }),
    ...own.flatMap((i) => {
      const mean = meanOf(ridge, i);
      const products = mean === undefined ? [] : range(i + 1).slice(first[i]);
      return [
        `let q${i} = ${value(i)}${mean === undefined ? "" : ` - ${mean}`};`,
        `total += 0.5 * q${i} * q${i};`,
        `gradient[${i}] += ${drawn(i)} * q${i};`,
        `H[${packed(i, i)}] += ${drawn(i)} * ${drawn(i)};`,
        ...products.map((j) => `H[${packed(i, j)}] -= ${drawn(i)} * ${drawn(j)} / ${count(i)};`),
      ];
    }),
  ];
}

/** The coordinates whose mean is taken off, as constants. */
function rangesOf({ first, end }: Ridge): string[] {
  const list = (name: string, values: Int32Array): string =>
    `var ${name} = array<u32, P>(${[...values].map((value) => `${value}u`).join(", ")});`;
  return [list("first_drawn", first), list("end_drawn", end)];
}

/** How a loop reads what it needs, for a candidate of an invocation and of a team. */
interface Reading {
  readonly point: string;
  /** How many coordinates there are. */
  readonly bound: string;
}

const ALONE: Reading = { point: "point", bound: "P" };
const TEAM: Reading = { point: "point[team]", bound: "coordinates()" };

/** The loop over coordinates; `add` adds to the gradient and the matrix. */
const loop = (ridge: Ridge, { point, bound }: Reading, add: readonly string[]): string[] => [
  ...rangesOf(ridge),
  `for (var i = 0u; i < ${bound}; i++) {`,
  `let own = ${drawn("i")};`,
  "let share = 1.0 / f32(max(end_drawn[i] - first_drawn[i], 1u));",
  "var mean = 0.0;",
  "for (var j = first_drawn[i]; j < end_drawn[i]; j++) {",
  `mean += share * ${drawn("j")} * ${point}[j];`,
  "}",
  `let q = own * ${point}[i] - mean;`,
  "total += 0.5 * q * q;",
  ...add,
  "}",
];

/** The lines that end the evaluation of a candidate that an invocation has for itself. */
export function ridgeLines({ ridge, writtenMatrix }: Plan): string[] {
  if (ridge === undefined) return [];
  const title = "// the ridge";
  if (writtenMatrix) return [title, ...writtenLines(ridge)];
  return [
    title,
    ...loop(ridge, ALONE, [
      "let row = i * (i + 1u) / 2u;",
      "gradient[i] += own * q;",
      "H[row + i] += own * own;",
      "for (var j = first_drawn[i]; j < min(end_drawn[i], i + 1u); j++) {",
      `H[row + j] -= share * own * ${drawn("j")};`,
      "}",
    ]),
  ];
}

/** The same of a team, whose members add to their own rows, on the diagonal and above. */
export const teamRidgeLines = ({ ridge }: Plan): string[] =>
  ridge === undefined
    ? []
    : [
        "// the ridge",
        ...loop(ridge, TEAM, [
          "if (member == (i & (TEAM - 1u))) {",
          "gradient[team][i] += own * q;",
          "matrix[team][i][i] += own * own;",
          "for (var j = max(first_drawn[i], i); j < end_drawn[i]; j++) {",
          `matrix[team][i][j] -= share * own * ${drawn("j")};`,
          "}",
          "}",
        ]),
      ];

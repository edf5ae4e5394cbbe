/**
 * `normal_equations` and `bend` of a kernel in which a team of invocations carries a candidate, as
 * WGSL: what write-evaluation.ts and write-bend.ts write for one invocation, in rounds. In a round
 * each member takes a piece (deal-pieces.ts), keeps the sums over its runs in registers and
 * publishes them, with the nonzeros of G, in workgroup memory. Then members add all pieces of the
 * round to their own rows of the matrix, in the order in which pieces are dealt.
 */
import type { Program } from "../../expr/program.ts";
import { reference } from "../../expr/wgsl.ts";
import { placeOf, VECTOR } from "../layout.ts";
import { DEAL } from "./deal-pieces.ts";
import { declareSums, entry, ofVector, range, scaled, sumNames } from "./group-sums.ts";
import { columnsOf, type Plan } from "./kernel-plan.ts";
import { levelLines, matrixWeightOf, mixtureCell, residualLines, weighed } from "./run-loop.ts";
import { vectorOf } from "./table-loops.ts";
import { publishedBy, sumsWidth } from "./team-layout.ts";
import { addBend } from "./write-bend.ts";
import { addRun } from "./write-evaluation.ts";
import { teamRidgeLines } from "./write-ridge.ts";

/** Where a law is evaluated: the member's copies of the team's vectors. */
const AT = ["here"] as const;
const BENT = ["here", "ahead"] as const;

/** A loop that is written out for a GPU: see shaders/team-search.wgsl. */
const written = (index: string, count: string, ...body: readonly string[]): string[] => [
  `/*unroll*/ for (var ${index} = 0u; ${index} < ${count}; ${index}++) {`,
  ...body,
  "}",
];

/** Lines that copy a vector of the team. */
const copied = (to: string, vector: string): string[] =>
  written("x", "P", `${to}[x] = ${vector}[team][x];`);

/** Lines that copy the mixture's row of the table. */
const mixture = ({ mixes }: Plan): string[] =>
  written("x", "MIXTURE", `mixture[x] = ${vectorOf(mixes, "group", "x")};`);

/**
 * The text of the number at a constant place of what is published: vectors for a GPU, which reads
 * four numbers at once, else numbers.
 */
function numberAt({ writtenMatrix }: Plan, array: string, place: number, base = ""): string {
  if (!writtenMatrix) return `${array}[${base}${place}u]`;
  const { vector, component } = placeOf(place);
  return `${array}[${base}${vector}u].${component}`;
}

/** Elements of such an array for so many vectors. */
export const lengthOf = ({ writtenMatrix }: Plan, vectors: number): number =>
  writtenMatrix ? vectors : VECTOR.length * vectors;

/** Lines that put numbers where they are published, from a place on. */
const numbered = (plan: Plan, from: number, numbers: readonly string[]): string[] =>
  numbers.map((text, n) => `${numberAt(plan, "mine", from + n)} = ${text};`);

/** Lines that publish them. */
const publish = (): string[] => written("x", "LENGTH", "published[own + x] = mine[x];");

/** The nonzeros of G among the numbers, which come first. */
function factor(program: Program, plan: Plan): string[] {
  const nonzeros = publishedBy(program).nonzeros.flat();
  const values = nonzeros.map(({ slot }) =>
    slot === undefined ? "0.0" : reference(program, slot),
  );
  return numbered(plan, 0, values);
}

/** Where the sums begin among the numbers. */
const placeOfSums = (program: Program): number => VECTOR.length * publishedBy(program).sums;

/** The loop over the runs of the member's piece. */
function overPiece(program: Program, run: readonly string[]): string[] {
  const { first, end } = columnsOf(program).mixes;
  return [
    `let end = rows_before + u32(${mixtureCell(end)});`,
    `for (var run = rows_before + u32(${mixtureCell(first)}); run < end; run += ${DEAL}u) {`,
    ...run,
    "}",
  ];
}

/** A round: `piece` publishes, `add` adds what is published. */
const overRounds = (piece: readonly string[], add: string): string[] => [
  "let own = (team * TEAM + member) * LENGTH;",
  "for (var first = 0u; first < settings.groups; first += TEAM) {",
  "let group = first + member;",
  ...piece,
  "workgroupBarrier();",
  add,
  "workgroupBarrier();",
  "}",
];

/** What a member does with its piece in an evaluation. */
function evaluatePiece(program: Program, plan: Plan): string[] {
  const q = program.columns.length;
  const rows = range(q).flatMap((a) => [`v${a}`, ...range(q).map((b) => entry(a, b))]);
  return [
    ...copied("here", "point"),
    ...mixture(plan),
    "// from the coordinates, and once a mixture",
    ...levelLines(program, plan, "fit", AT),
    ...levelLines(program, plan, "mix", AT),
    ...factor(program, plan),
    ...declareSums(q),
    ...overPiece(program, [
      ...levelLines(program, plan, "run", AT),
      ...residualLines(program, plan, "run", undefined, ["cost", "omega", matrixWeightOf(plan)]),
      ...addRun(program, plan),
    ]),
    ...weighed(program, plan, sumNames(q)),
    ...numbered(plan, placeOfSums(program), ["sum", ...rows]),
    ...publish(),
  ];
}

/** What a member does with its piece for the bend. */
function bendPiece(program: Program, plan: Plan): string[] {
  const { bent } = program;
  if (bent === undefined) return [];
  const sums = bent.columns.map((_, c) => `v${c}`);
  return [
    ...copied("here", "theta"),
    ...copied("ahead", "velocity"),
    ...mixture(plan),
    ...levelLines(bent, plan, "fit", BENT),
    ...levelLines(bent, plan, "mix", BENT),
    ...factor(bent, plan),
    ofVector(sums.length, (v) => `var ${v} = 0.0;`),
    ...overPiece(bent, [
      ...levelLines(bent, plan, "run", BENT),
      ...residualLines(bent, plan, "run", undefined, [matrixWeightOf(plan)]),
      ...addBend(bent, plan),
    ]),
    ...weighed(bent, plan, sums),
    ...numbered(plan, placeOfSums(bent), sums),
    ...publish(),
  ];
}

/** Lines that name where the nonzeros of row `i` are published, and their columns. */
const rowNonzeros = (most: number): string[] =>
  range(most).flatMap((n) => [
    `let place${n} = PLACES[i * ${most}u + ${n}u];`,
    `let column${n} = COLUMNS[i * ${most}u + ${n}u];`,
  ]);

/** The number that a piece has published at a place that depends on the member. */
const number = (place: string): string => `number(piece, ${place})`;

/** Σ over the row's nonzeros of g times a number that depends on its column. */
const overNonzeros = (most: number, times: (n: number) => string): string =>
  range(most)
    .map((n) => `g${n} * ${times(n)}`)
    .join(" + ");

/** The lines that add GᵀSG of a piece to the member's row `h`, from column `from` on. */
function addProducts(program: Program, plan: Plan, from: number): string[] {
  const { nonzeros } = publishedBy(program);
  return range(program.params)
    .slice(from)
    .flatMap((j) => {
      const terms = nonzeros[j].flatMap(({ column, place, slot }) => {
        if (slot === undefined) return [];
        const isOne = scaled("t", program, slot) === "t";
        return [isOne ? `t[${column}]` : `t[${column}] * ${numberAt(plan, "factor", place)}`];
      });
      return terms.length === 0 ? [] : [`h[${j}] += ${terms.join(" + ")};`];
    });
}

/**
 * Adds the pieces of a round to the member's row of those that a team takes at once: from column
 * `from` on, since what is left of it is above the diagonal in other rows. `t` is the row of GᵀS.
 */
function addRow(program: Program, plan: Plan, from: number): string[] {
  const { nonzeros, sums } = publishedBy(program);
  const [most, width, start] = [
    nonzeros[0]?.length ?? 1,
    sumsWidth(program),
    placeOfSums(program) + 1,
  ];
  const sumsOf = (column: string): string =>
    overNonzeros(most, (n) => number(`sums${n} + ${column}`));
  const columns = (...body: readonly string[]): string[] =>
    written("x", `${program.params - from}u`, ...body);
  return [
    "let i = min(row, P - 1u);",
    ...rowNonzeros(most),
    ...range(most).map((n) => `let sums${n} = ${start}u + column${n} * ${width}u;`),
    "let begins = first == 0u;",
    "var slope_i = select(gradient[team][i], 0.0, begins);",
    ...columns(`h[x + ${from}u] = select(matrix[team][i][x + ${from}u], 0.0, begins);`),
    "for (var m = 0u; m < many; m++) {",
    "let piece = (team * TEAM + m) * LENGTH;",
    ...range(most).map((n) => `let g${n} = ${number(`place${n}`)};`),
    `slope_i += ${sumsOf("0u")};`,
    ...written("x", `${program.columns.length}u`, `t[x] = ${sumsOf("1u + x")};`),
    ...written("x", `${lengthOf(plan, sums)}u`, "factor[x] = published[piece + x];"),
    ...addProducts(program, plan, from),
    "}",
    "if (row < P) {",
    "gradient[team][i] = slope_i;",
    ...columns(`matrix[team][i][x + ${from}u] = h[x + ${from}u];`),
    "}",
  ];
}

/** All rows: those that a team takes at once written out, or whole rows in a loop. */
function addRows(program: Program, plan: Plan): string[] {
  const { team, writtenMatrix } = plan;
  if (!writtenMatrix)
    return [
      "for (var row = member; row < coordinates() + member; row += TEAM) {",
      ...addRow(program, plan, 0),
      "}",
    ];
  return range(Math.ceil(program.params / team)).flatMap((block) => [
    "{",
    `let row = ${block * team}u + member;`,
    ...addRow(program, plan, block * team),
    "}",
  ]);
}

/**
 * The line that names the pieces of a round. A software adapter gets no constant in it: from a
 * minimum with one Mesa learns the most turns of loops, and writes them out; see unroll.ts.
 */
const piecesOfRound = ({ writtenMatrix }: Plan): string =>
  `let many = min(${writtenMatrix ? "TEAM" : "TEAM * min(settings.words, 1u)"}, settings.groups - first);`;

/** `fn add_pieces`, `fn normal_equations`. */
function normalEquations(program: Program, plan: Plan): string[] {
  const loss = numberAt(plan, "published", placeOfSums(program), "(team * TEAM + m) * LENGTH + ");
  return [
    "// Adds the pieces of a round to gradient and matrix; returns the loss with theirs.",
    "fn add_pieces(first: u32, before: f32) -> f32 {",
    piecesOfRound(plan),
    ...addRows(program, plan),
    "var loss = before;",
    "for (var m = 0u; m < many; m++) {",
    `loss += ${loss};`,
    "}",
    "return loss;",
    "}",
    "",
    "// The mean loss at `point`, its gradient and its Gauss–Newton matrix.",
    "fn normal_equations() -> f32 {",
    "workgroupBarrier();",
    "var total = 0.0;",
    ...overRounds(evaluatePiece(program, plan), "total = add_pieces(first, total);"),
    ...teamRidgeLines(plan),
    "return total;",
    "}",
  ];
}

/** `fn add_slopes`. */
function addSlopes(program: Program, plan: Plan): string[] {
  const most = publishedBy(program).nonzeros[0]?.length ?? 1;
  return [
    "// Adds the pieces of a round to the slope.",
    "fn add_slopes(first: u32) {",
    piecesOfRound(plan),
    "for (var i = member; i < coordinates(); i += TEAM) {",
    ...rowNonzeros(most),
    "var slope_i = select(slope[team][i], 0.0, first == 0u);",
    "for (var m = 0u; m < many; m++) {",
    "let piece = (team * TEAM + m) * LENGTH;",
    ...range(most).map((n) => `let g${n} = ${number(`place${n}`)};`),
    `slope_i += ${overNonzeros(most, (n) => number(`${placeOfSums(program)}u + column${n}`))};`,
    "}",
    "slope[team][i] = slope_i;",
    "}",
    "}",
    "",
  ];
}

/** `fn bend`. Nothing bends in a program without second derivatives. */
function bend(program: Program, plan: Plan): string[] {
  const none = [
    "for (var i = member; i < coordinates(); i += TEAM) {",
    "slope[team][i] = 0.0;",
    "}",
  ];
  return [
    ...(program.bent === undefined ? [] : addSlopes(program, plan)),
    "// slope = JᵀΩr″, r″ the second derivative of the residuals along `velocity` at `theta`.",
    "fn bend() {",
    "workgroupBarrier();",
    ...(program.bent === undefined
      ? none
      : overRounds(bendPiece(program, plan), "add_slopes(first);")),
    "}",
  ];
}

/** What members publish and keep, and how it is read. */
function memory(program: Program, plan: Plan): string[] {
  const { nonzeros, sums } = publishedBy(program);
  const element = plan.writtenMatrix ? "vec4<f32>" : "f32";
  const table = (name: string, values: readonly number[]): string =>
    `const ${name} = array<u32, ${values.length}>(${values.map((value) => `${value}u`).join(", ")});`;
  const places = nonzeros.flat().map(({ place }) => place);
  const columns = nonzeros.flat().map(({ column }) => column);
  const read = plan.writtenMatrix ? "[piece + place / 4u][place % 4u]" : "[piece + place]";
  return [
    "// Where pieces have the nonzeros of G of each coordinate, and the Jacobian's columns of them.",
    table("PLACES", places),
    table("COLUMNS", columns),
    "",
    "// What the members' pieces give: the nonzeros of G, the loss, and by column v and S.",
    `var<workgroup> published: array<${element}, WORKGROUP * LENGTH>;`,
    "",
    "// A member's own: what it publishes, the vectors that it reads, its mixture's row of the table,",
    "// the row of the matrix that it adds to, and of a piece the factor G and that row of GᵀS.",
    `var<private> mine: array<${element}, LENGTH>;`,
    "var<private> here: array<f32, P>;",
    ...(program.bent === undefined ? [] : ["var<private> ahead: array<f32, P>;"]),
    "var<private> mixture: array<vec4<f32>, MIXTURE>;",
    "var<private> h: array<f32, P>;",
    `var<private> factor: array<${element}, ${lengthOf(plan, sums)}>;`,
    `var<private> t: array<f32, ${program.columns.length}>;`,
    "",
    "fn number(piece: u32, place: u32) -> f32 {",
    `return published${read};`,
    "}",
    "",
  ];
}

/** The functions that a team's kernel has generated. */
export const teamSource = (program: Program, plan: Plan): string =>
  [...memory(program, plan), ...normalEquations(program, plan), "", ...bend(program, plan)].join(
    "\n",
  );

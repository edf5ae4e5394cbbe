/** `mixlaw laws`: the catalog. */
import type { Command } from "commander";
import { CATALOG, type Law } from "../../node.ts";
import { json } from "../../base/json.ts";
import { wrap, wrapFormula } from "../text/layout.ts";
import { left, right, table } from "../text/table.ts";
import { padRight, widthOf } from "../text/width.ts";
import { endHelp } from "../io/help.ts";
import { print, style, width } from "../io/output.ts";
import { lawOf } from "../flags/values.ts";
import { number } from "../../base/format-number.ts";

const EXAMPLES = `
Examples:
  mixlaw laws
  mixlaw laws joint
  mixlaw laws --json`;

export function addLaws(program: Command): void {
  const command = program
    .command("laws")
    .summary("list the laws, or describe one")
    .description(
      "Lists the laws with equation, source and number of parameters for k domains, or describes one.",
    )
    .argument("[NAME]", "a law")
    .option("--json", "print JSON");
  endHelp(command, EXAMPLES).action((name: string | undefined, flags: { json?: true }) => {
    if (name === undefined)
      print(flags.json === true ? json([...CATALOG.values()].map(record)) : list());
    else print(flags.json === true ? json(record(lawOf(name))) : details(lawOf(name)));
  });
}

/** Losses and domains for which start ranges are shown. */
const TYPICAL = { scale: { min: 2, mean: 3, max: 4 }, domains: 4 } as const;

/** A law for programs. */
function record(law: Law) {
  const specs = Object.entries(law.parameters({ signs: "positive" }));
  const each = specs.filter(([, spec]) => spec.per === "domain").length;
  const once = specs.length - each;
  return {
    name: law.name,
    equation: law.equation,
    about: law.about,
    source: law.source,
    uses: {
      ...law.uses,
      inputs: (law.uses.inputs ?? []).map(({ name, meaning, values }) => ({
        name,
        meaning,
        values,
      })),
    },
    parameters: {
      once,
      perDomain: each,
      formula: each === 0 ? `${once}` : `${once} + ${each === 1 ? "" : each}k`,
    },
    contains: Object.keys(law.contains),
    coordinates: specs.map(([name, spec]) => ({
      name,
      meaning: spec.meaning,
      per: spec.per,
      start: [...spec.start(TYPICAL.scale, TYPICAL.domains)],
      // JSON has no infinity: null is no bound.
      bounds: (spec.bounds ?? [-Infinity, Infinity]).map((bound) =>
        Number.isFinite(bound) ? bound : null,
      ),
    })),
  };
}

/** Columns from which on equations stand beside the names of the laws, and not below. */
const BROAD = 100;
const INDENT = " ".repeat(4);

function list(): string {
  const laws = [...CATALOG.values()].map(record);
  const name = Math.max(...laws.map((law) => law.name.length)) + 2;
  const size =
    Math.max(...laws.map((law) => law.parameters.formula.length), "parameters".length) + 2;
  const { bold, dim } = style();
  const isBroad = width() >= BROAD;
  const indent = isBroad ? " ".repeat(name + size) : INDENT;
  const rows = laws.map((law) => {
    const first = `${padRight(bold(law.name), name)}${padRight(law.parameters.formula, size)}`;
    const isBeside = isBroad && widthOf(first + law.equation) <= width();
    return [
      ...(isBeside
        ? [first + law.equation]
        : [first.trimEnd(), wrapFormula(law.equation, width(), INDENT)]),
      wrap(law.about, width(), indent),
      dim(wrap(law.source, width(), indent)),
    ].join("\n");
  });
  const heading = `${padRight("law", name)}${padRight("parameters", size)}equation, use and source`;
  const legend =
    "N parameters, D tokens, hᵢ the share of domain i of k, Uᵢ its unique tokens. One law is fitted to each target's loss. A law with shares, but bimix, has a form with parameters of each phase (fit --phases): NAME-by-phase, such as epochs-by-phase.";
  return [
    heading,
    "─".repeat(Math.min(width(), 100)),
    rows.join("\n\n"),
    "",
    wrap(legend, width()),
    '"mixlaw laws NAME" says more of one.',
  ].join("\n");
}

/** A command line that works once the columns are there. */
function exampleOf({ name, uses }: Law): string {
  const inputs = (uses.inputs ?? []).map((input) => ` --input ${input.name}=COLUMN`).join("");
  const supply = uses.supply === true ? " --available tokens.csv" : "";
  const phases = uses.phases === undefined ? "" : " --phases main=0.8,anneal=rest";
  return `mixlaw fit runs.csv --law ${name}${phases}${inputs}${supply} --out fit.json`;
}

/** The parameters as reports name them, where that differs from the coordinates. */
function symbolsOf(law: Law): string[] {
  const specs = Object.entries(law.parameters({ signs: "positive" }));
  return specs.flatMap(([name, { chart, per }]) =>
    chart === undefined ? [] : [`${name} as ${chart.symbol}${per === "domain" ? "ᵢ" : ""}`],
  );
}

function details(law: Law): string {
  const reported = symbolsOf(law);
  const { parameters, coordinates, contains } = record(law);
  const { bold, dim } = style();
  const needs = [
    ...(law.uses.params ? ["n_params (N)"] : []),
    ...(law.uses.tokens ? ["n_tokens (D)"] : []),
    ...(law.uses.weights
      ? [`${law.uses.phases === undefined ? "h" : "<phase>"}_<domain> (shares hᵢ)`]
      : []),
    ...(law.uses.inputs ?? []).map((input) => `${input.name} (${input.meaning})`),
    ...(law.uses.supply === true ? ["u_<domain> or --available (unique tokens Uᵢ)"] : []),
    "loss_<target>",
  ];
  const facts: [string, string][] = [
    ["use", law.about],
    ["source", law.source],
    ["needs", needs.join(", ")],
    ...(reported.length === 0
      ? []
      : ([["reported as", reported.join(", ")]] as [string, string][])),
    [
      "parameters",
      parameters.perDomain === 0 ? parameters.formula : `${parameters.formula} for k domains`,
    ],
    ...(contains.length === 0 ? [] : ([["contains", contains.join(", ")]] as [string, string][])),
    ["example", exampleOf(law)],
  ];
  const headings = [
    left("coordinate"),
    left("each"),
    right("starts from"),
    right("to"),
    right("bounds"),
    left("meaning"),
  ];
  const rows = coordinates.map(({ name, per, start, bounds: [low, high], meaning }) => [
    name,
    per,
    ...start.map((value) => number(value ?? null, 3)),
    low === null && high === null ? "none" : `${low ?? "−∞"} … ${high ?? "∞"}`,
    meaning,
  ]);
  const note = `Coordinates are what is optimized; N and D are divided by their geometric means before. Random starts are uniform in the range shown, which depends on the observed losses: here for losses from ${TYPICAL.scale.min} to ${TYPICAL.scale.max} and ${TYPICAL.domains} domains.`;
  return [
    wrapFormula(law.equation, width(), `${bold(law.name)}  `),
    facts.map(([what, text]) => wrap(text, width(), padRight(dim(what), 12))).join("\n"),
    table(headings, rows, { width: width() }),
    wrap(note, width()),
  ].join("\n\n");
}

/** What people type: formulas, law files, constraints, numbers, and the values of flags. */
import { Command, InvalidArgumentError } from "commander";
import { fc } from "../../support/property.ts";
import { poseProblem } from "../../../src/fit/search/pose-problem.ts";
import { readerOf } from "../../../src/cli/flags/constraint-flags.ts";
import { toCount } from "../../../src/cli/flags/counts.ts";
import { mixtureOf, pathsOf, tokensOf, weighted } from "../../../src/cli/flags/shares.ts";
import { toNumber } from "../../../src/data/table/cells.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { tableOf } from "../../../src/data/table/rows.ts";
import { bind } from "../../../src/laws/bind.ts";
import type { Law } from "../../../src/laws/law.ts";
import { lawFromFormula, lawOfDefinition } from "../../../src/laws/formula/formula.ts";
import { parseLawFile } from "../../../src/laws/formula/law-file.ts";
import { CONSTRAINT_KINDS } from "../../../src/mixture/constraints/constraint-kinds.ts";
import { parseConstraints } from "../../../src/mixture/constraints/read-constraints.ts";
import { toScaled } from "../../../src/syntax/number.ts";
import { jobCommand } from "../../../src/cli/job/job-commands.ts";
import { planJob } from "../../../src/cli/job/job-plan.ts";
import { parseJob } from "../../../src/cli/job/job-schema.ts";
import { scriptOf } from "../../../src/cli/job/job-script.ts";
import { addCommands } from "../commands.ts";
import { type Harness, harness } from "../harness.ts";
import { mutatedJson, mutatedText } from "../mutate.ts";
import { CELLS, NAMES, SIGNS } from "../hostile.ts";
import { ROWS } from "../seeds.ts";

const runs = toRuns(tableOf(ROWS, "runs.csv"), { targets: "loss_a" });
const DOMAINS = runs.domains;

/**
 * A law survives being bound, its residual being compiled, and the way through a fit file. A law
 * with inputs that the runs lack is only bound.
 */
export function useLaw(law: Law): unknown {
  const domains = law.uses.weights ? DOMAINS : [];
  const bound = bind(law, domains, { signs: "positive" }, { params: 1e7, tokens: 1e9 });
  if (law.uses.inputs?.length === 0)
    poseProblem(bound, runs.train, { loss: "huber", delta: 1e-3, residual: "raw" });
  const again = law.definition && lawOfDefinition(law.definition);
  if (again?.equation !== law.equation) throw new Error(`${law.equation} becomes ${again?.equation}`); // prettier-ignore
  return [bound.lower, bound.upper].map((ends) => ends.filter((end) => Math.abs(end) < Infinity));
}

const FORMULAS = [
  "L = E + A/params^alpha + B/tokens^beta",
  "L = E + 1/sum(C[i]*h[i]^gamma[i]) + A/N^alpha",
  "E + (sum(h[i]*C[i]))^(1/s)*exp(-b*x) - log(1 + abs(x))*max(a, min(b, 2))",
  "a + b*x + c*x^2 - sqrt(x)/pi",
];
const OPERATORS = ["+", "-", "*", "/", "^", "**", "sum(", "exp(", "log(", "max(", "min(", "h[i]", "h[web]", "C[i]", "h", "N", "D", "params", "tokens", "E", "x", "pi", "(", ")", "[", "]", ",", "=", "1e308", "1e-308", "0", "^2^2^2^2", "-".repeat(50), "(".repeat(60), "exp(".repeat(30), "^0.5".repeat(30), "+a*b".repeat(200)]; // prettier-ignore
const formulaText = mutatedText(FORMULAS, [...OPERATORS, ...SIGNS, ...CELLS]);

const PARAMETERS = { E: { start: [0, 2], bounds: [0, null] }, alpha: { chart: "log", meaning: "x" }, C: { per: "domain", start: [0.1, 3] } }; // prettier-ignore
const formulas = harness(
  "formulas",
  fc.record({ formula: formulaText, inputs: fc.constantFrom([], ["x"], ["x", "h"], ["__proto__"]), parameters: fc.oneof({ weight: 4, arbitrary: fc.constant("{}") }, mutatedJson([PARAMETERS])) }), // prettier-ignore
  ({ formula, inputs, parameters }) =>
    useLaw(lawFromFormula(formula, { inputs, parameters: parsed(parameters) as never })),
);

/** The value of a JSON text with numbers that JSON does not have left out. */
const parsed = (text: string): unknown =>
  JSON.parse(text.replaceAll(/(?<=[:[,])NaN|(?<=[:[,])1{400}/g, "null"));

const LAW_FILES = [
  "name: mine\nformula: L = E + A/params^alpha\nparameters:\n  E: { start: [0, 2], bounds: [0, null] }\n  A: { chart: log, start: [1, 1e4], meaning: of size }\n",
  "name: fine\nformula: E + A*exp(-x/b)*sum(C[i]*h[i])\ninputs: { x: { meaning: steps, positive: true } }\nparameters: { C: { per: domain } }\nsource: a paper\nabout: a law\n",
  '{"name": "j", "formula": "L = a + b*params", "inputs": ["x"]}',
];
const lawFiles = harness(
  "law-files",
  fc.oneof(
    mutatedText(LAW_FILES, [...SIGNS, ...CELLS, ...NAMES, ...OPERATORS]),
    mutatedJson([{ name: "j", formula: "L = E + A/params^alpha + b*x", inputs: { x: { meaning: "steps", positive: true } }, parameters: PARAMETERS, source: "s", about: "a" }]), // prettier-ignore
  ),
  (text) => useLaw(parseLawFile(text, "law.yaml")),
);

const CONSTRAINTS = [
  "floors: { web: 5% }\ncaps: { code: 0.7 }\ngroups:\n  - { domains: [web, code], min: 0.2, max: 0.9 }\n",
  "fixed: { web: 0.25 }\nratio: [web/code<=2, { numerator: [web], denominator: [code], min: 0.1 }]\nlattice: 1/10\n",
  "available: { web: 1.2e12, code: 3e9 }\nmaxEpochs: 4\ntrust: { measure: l1, radius: 0.5 }\natLeastOrZero: { code: 5% }\n",
];
export const CONSTRAINT_TEXTS = mutatedText(CONSTRAINTS, [...SIGNS, ...CELLS, ...NAMES]);
const constraints = harness("constraints", CONSTRAINT_TEXTS, (text) =>
  parseConstraints(text, "limits.yaml"),
);

const JOBS = [
  "data: { tables: [a.csv, b.csv], join: run, where: x > 1 }\nlaws: { law: [joint, additive] }\nfit: { restarts: 4, rows: false }\nreport:\n",
  "validate: { by: mixture, choose: true, curve: mixtures }\noptimize:\n  - { name: a, params: 7B, tokens: 1e11, floor: { web: 5% }, format: [map, csv] }\n  - { name: b, flops: 1e22, format: { megatron: /data/{domain} } }\n",
  "predict: { at: [{ params: 1e9, web: 1 }], level: 0.9 }\nfit: { fix: { alpha: 0.3 }, bounds: { beta: [0, null] }, start: [{ A: 1 }], deadline: 10m }\nbackend: cpu\n",
];
/** Each line of a job that is let through is read by its command. */
const jobs = harness("jobs", mutatedText(JOBS, [...SIGNS, ...CELLS, ...NAMES]), (text) => {
  const steps = planJob(parseJob(text, "job.yaml"), "results");
  for (const { verb, words } of steps) {
    const command = jobCommand(verb).exitOverride();
    command.configureOutput({ outputError: () => undefined }).action(() => undefined);
    command.parse(words.slice(1), { from: "user" });
  }
  return scriptOf("/", "results", steps).length;
});

const numberText = fc.oneof(
  fc.constantFrom(...CELLS),
  mutatedText(["7B", "1.5e9", "12%", "-.5e-3", "1e400"], [...CELLS, ...SIGNS]),
  fc.double().map(String),
);
const numbers = harness("numbers", numberText, (text) => [
  toScaled(text) ?? 0,
  toNumber(text) ?? 0,
  toCount(text) ?? 0,
]);

/** A number is read as it is written in decimal notation. */
const roundTrip = harness(
  "number-round-trip",
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  (number) => {
    if (toNumber(String(number)) !== number && number !== 0)
      throw new Error(`${number} is read as ${toNumber(String(number))}`);
  },
);

const LISTS = ["web=0.5,code=50%", '"web"=0.25,code=3', "web=1.2T,code=300B", "web+code>=0.2", "web/code=0.5:2", "l1<=0.5", "0.05", "1/10", "loss_a=1.5,loss_b=2", "uniform", "tokens=1e9,2e9;params=20x", "params=1e8:1e10:5", "alpha=0.3,C[web]=1", "alpha=0:1"]; // prettier-ignore
const listText = mutatedText(LISTS, [...SIGNS, ...CELLS, "web", "code", "loss_a", "<=", ">=", "/", "+", "x", "C[web]", "kl<=", "web=", ",web=0.1".repeat(50), "a,".repeat(200)]); // prettier-ignore

/** Texts that name files are no lists: files have harnesses of their own. */
const noFile = (text: string): string => text.replaceAll(/[\0/\\.]/g, "_");
const weightedLists = harness("weighted-lists", listText, async (text) => [
  weighted("--objective", [text], ["loss_a", "loss_b"], "loss_a=1"),
  ...(await Promise.all([
    mixtureOf(noFile(text), DOMAINS),
    tokensOf(noFile(text), DOMAINS),
    pathsOf(noFile(text), DOMAINS),
  ])),
]);

const constraintFlags = harness(
  "constraint-flags",
  fc.tuple(fc.nat(CONSTRAINT_KINDS.length - 1), fc.array(listText, { minLength: 1, maxLength: 2 })),
  async ([kind, texts]) =>
    CONSTRAINT_KINDS[kind]?.flag.parse(
      texts.map(noFile),
      readerOf({ domains: DOMAINS, targets: ["loss_a"] }),
    ),
);

/** Each flag of each command that reads its text itself. */
const program = addCommands(new Command());
const parsers = program.commands.flatMap((command) =>
  command.options.flatMap(({ parseArg, long }) =>
    parseArg === undefined ? [] : [{ parse: parseArg, name: `${command.name()} ${long}` }],
  ),
);
const flags = harness(
  "flag-values",
  fc.tuple(fc.nat(parsers.length - 1), fc.oneof(listText, numberText)),
  ([n, text]) => {
    try {
      return parsers[n]?.parse(text, undefined);
    } catch (error) {
      // Commander says what is wrong with it.
      if (error instanceof InvalidArgumentError) return undefined;
      throw error;
    }
  },
);

export const HARNESSES: readonly Harness[] = [
  formulas,
  lawFiles,
  constraints,
  jobs,
  numbers,
  roundTrip,
  weightedLists,
  constraintFlags,
  flags,
];

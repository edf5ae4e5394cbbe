/** `mixlaw simulate`: runs drawn from a known law. */
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import * as v from "valibot";
import type { Design } from "../../simulate/run-design.ts";
import { drawTruth, type Noise, type Truth } from "../../simulate/draw-truth.ts";
import { simulate as simulateRuns } from "../../simulate/simulate.ts";
import { InputError, type Law } from "../../node.ts";
import { json } from "../io/json.ts";
import { tell } from "../io/output.ts";
import { destination } from "../io/save.ts";
import { readJson } from "../io/read-fit-file.ts";
import {
  choice,
  lawOf,
  limited,
  mapping,
  numbers,
  numeric,
  whole,
  words,
} from "../flags/values.ts";
import { count } from "../../base/wording.ts";
import { csvText } from "../../data/table/write-csv.ts";

interface Flags {
  readonly law: Law;
  readonly domains?: readonly string[];
  readonly targets?: readonly string[];
  readonly sizes?: readonly number[];
  readonly tokens?: readonly number[];
  readonly input?: Readonly<Record<string, string>>;
  readonly tokensPerParam: number;
  readonly checkpoints?: number;
  readonly mixtures: number;
  readonly noise: number;
  readonly noiseKind: Noise["kind"];
  readonly signs: Truth["signs"];
  readonly seed: number;
  readonly out?: string;
  readonly truth?: string;
}

const EXAMPLES = `
Every mixture is trained at every size, with a row for each checkpoint. The first mixture has equal shares; the
others are uniform on the simplex with a least share of 0.02. Noise: lognormal multiplies a loss by exp(X·z),
gaussian adds X·z nats, z standard normal.

True parameters are drawn by the seed, the same whatever the design, from ranges such as published fits have: at
100M parameters and 2B tokens an irreducible loss of 1.2 to 1.8 nats, terms of 0.2 to 0.8 nats, exponents α and β
of 0.25 to 0.4. Where --truth names a file that exists, they are read from it instead, and so are its noise and
seed unless --noise, --noise-kind or --seed is given.

Examples:
  mixlaw simulate --law additive --domains web,code,books --out runs.csv --truth truth.json
  mixlaw simulate --law joint --domains 7 --sizes 20e6,100e6,500e6 --mixtures 20 --seed 3 > runs.csv
  mixlaw simulate --truth truth.json --mixtures 12 --seed 2 --out fewer.csv      other runs of the same law
  mixlaw simulate --law mixture --domains 5 --sizes 1e6 --checkpoints 1 --mixtures 200`;

export function addSimulate(program: Command): void {
  program
    .command("simulate")
    .summary("draw runs from a known law, to plan with and to test on")
    .description(
      "Draws runs from a known law with noise: to plan which runs to train, and to see what a fit recovers from them.",
    )
    .addOption(
      new Option("--law <NAME>", 'the law; "mixlaw laws" lists them')
        .argParser((name) => lawOf(name, "--law: "))
        .default(lawOf("additive"), "additive"),
    )
    .option(
      "--domains <NAMES|K>",
      "names of the domains, comma-separated, or how many (default: 4)",
      domainNames,
    )
    .option(
      "--targets <NAMES|T>",
      "names of the targets, or how many: the first domains, then others (default: the domains)",
      targetNames,
    )
    .option(
      "--sizes <LIST>",
      "parameter counts (default: 20e6,50e6,120e6,300e6,700e6)",
      numbers("--sizes"),
    )
    .option(
      "--input <NAME=LIST>",
      "values of another input of the law: sparsity=0,0.5,0.9; may be repeated",
      mapping,
    )
    .option("--mixtures <M>", "mixtures", whole("--mixtures"), 30)
    .option(
      "--checkpoints <C>",
      "rows a run, evenly spaced in tokens (default: 4)",
      whole("--checkpoints"),
    )
    .option(
      "--tokens-per-param <X>",
      "tokens a parameter at the last checkpoint",
      numeric("--tokens-per-param"),
      20,
    )
    .option(
      "--tokens <LIST>",
      "token counts of the checkpoints at every size, instead of the two flags before",
      numbers("--tokens"),
    )
    .option(
      "--noise <X>",
      "size of the noise",
      limited("--noise", (value) => value >= 0 && value <= 1, "a number from 0 to 1"),
      0.005,
    )
    .option(
      "--noise-kind <KIND>",
      "lognormal or gaussian",
      choice("--noise-kind", ["lognormal", "gaussian"]),
      "lognormal",
    )
    .option(
      "--signs <KIND>",
      "exponents γ of the joint and full laws: positive or free",
      choice("--signs", ["positive", "free"]),
      "positive",
    )
    .option("--seed <S>", "seed of everything that is drawn", numeric("--seed"), 1)
    .option("--out <FILE>", "write the CSV to a file")
    .option(
      "--truth <FILE>",
      "read the true parameters from the file if it exists, write them to it if not",
    )
    .addHelpText("after", EXAMPLES)
    .action(simulate);
}

async function simulate(flags: Flags, command: Command): Promise<void> {
  const { law } = flags;
  const given = (name: string): boolean => command.getOptionValueSource(name) === "cli";
  const out = flags.out === undefined ? undefined : await destination(flags.out, flags.truth);
  const known = flags.truth === undefined ? undefined : await readTruth(flags.truth);
  const truthOut =
    flags.truth === undefined || known !== undefined
      ? undefined
      : await destination(flags.truth, flags.out, "--truth");
  if (known !== undefined && given("law") && known.law !== law.name) {
    throw new InputError(
      `--truth ${flags.truth} is of the law ${known.law}, not ${law.name}: change --law, or name another file`,
    );
  }
  const used = known === undefined ? law : lawOf(known.law);
  if (!used.uses.weights && (flags.domains !== undefined || given("mixtures"))) {
    tell(`note: the law ${used.name} has no mixture: --domains and --mixtures are not used`);
  }
  const domains = used.uses.weights ? (flags.domains ?? known?.domains ?? domainNames("4")) : [];
  const targets = (
    flags.targets ??
    known?.targets.map(({ target }) => target) ??
    defaultTargets(domains)
  ).map((name, t) => named(name, t, domains));
  const design: Design = {
    domains,
    targets,
    sizes: flags.sizes ?? (used.uses.params ? [20e6, 50e6, 120e6, 300e6, 700e6] : [100e6]),
    tokens: flags.tokens ?? {
      perParam: flags.tokensPerParam,
      checkpoints: flags.checkpoints ?? (used.uses.tokens ? 4 : 1),
    },
    mixtures: flags.mixtures,
    inputs: inputsOf(used, flags.input ?? {}),
  };
  const noise: Noise = { kind: flags.noiseKind, sigma: flags.noise };
  const { seed, signs } = flags;
  const truth: Truth =
    known === undefined
      ? drawTruth(used, domains, targets, { signs, seed, noise })
      : {
          ...known,
          seed: given("seed") ? seed : known.seed,
          noise: {
            kind: given("noiseKind") ? noise.kind : known.noise.kind,
            sigma: given("noise") ? noise.sigma : known.noise.sigma,
          },
        };
  const { columns, rows } = simulateRuns(used, truth, design);
  const text = csvText(columns, rows);
  if (out === undefined) process.stdout.write(text);
  else await out.save(text);
  await truthOut?.save(`${json(truth)}\n`);

  if (out !== undefined)
    tell(
      `wrote ${out.path}: ${count(rows.length, "row")} of the law ${used.name}, ${count(targets.length, "target")}`,
    );
  if (known !== undefined) tell(`the true parameters are those of ${flags.truth}`);
  else if (flags.truth !== undefined)
    tell(`wrote ${flags.truth}: the true parameters, drawn with seed ${seed}`);
}

/** The levels of a law's other inputs that are given. */
function inputsOf(
  { name, uses }: Law,
  given: Readonly<Record<string, string>>,
): Record<string, number[]> {
  const known = (uses.inputs ?? []).map((input) => input.name);
  const odd = Object.keys(given).find((input) => !known.includes(input));
  if (odd !== undefined) {
    const there = known.length === 0 ? "none beside N and D" : known.join(", ");
    throw new InputError(`--input ${odd}: the law ${name} has no such input; it has ${there}`);
  }
  return Object.fromEntries(
    Object.entries(given).map(([input, list]) => [input, numbers(`--input ${input}`)(list)]),
  );
}

const USUAL = ["web", "code", "papers", "books", "wiki", "math", "forums", "news"];

/** Names, or so many usual ones. */
function domainNames(text: string): string[] {
  if (!/^\d+$/.test(text.trim())) return words(text);
  const many = Number(text);
  if (many < 1 || many > 64) throw new InputError(`--domains is ${text}; there can be 1 to 64`);
  return Array.from({ length: many }, (_, i) => USUAL[i] ?? `domain${i + 1}`);
}

/** Names; a count becomes as many empty names, since which domains there are is not known here. */
function targetNames(text: string): string[] {
  if (!/^\d+$/.test(text.trim())) return words(text);
  const many = Number(text);
  if (many < 1 || many > 1000) throw new InputError(`--targets is ${text}; there can be 1 to 1000`);
  return Array.from({ length: many }, () => "");
}

const defaultTargets = (domains: readonly string[]): readonly string[] =>
  domains.length === 0 ? ["total"] : domains;

const named = (name: string, t: number, domains: readonly string[]): string => {
  const full = name === "" ? (domains[t] ?? `target${t + 1}`) : name;
  return full.startsWith("loss_") ? full : `loss_${full}`;
};

const truthSchema = v.looseObject({
  schema: v.literal("mixlaw/truth@1"),
  law: v.string(),
  signs: v.picklist(["positive", "free"]),
  domains: v.array(v.string()),
  center: v.looseObject({ params: v.number(), tokens: v.number() }),
  noise: v.looseObject({ kind: v.picklist(["lognormal", "gaussian"]), sigma: v.number() }),
  seed: v.pipe(v.number(), v.safeInteger()),
  targets: v.array(
    v.looseObject({ target: v.string(), coordinates: v.record(v.string(), v.number()) }),
  ),
});

/** The truth in a file, or `undefined` when there is no such file. */
async function readTruth(path: string): Promise<Truth | undefined> {
  const there = await readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
  );
  if (!there) return undefined;
  const checked = v.safeParse(truthSchema, await readJson(path));
  if (checked.success) return checked.output as unknown as Truth;
  const [issue] = checked.issues;
  throw new InputError(
    `--truth ${path} is no truth file: ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`,
    { file: path },
  );
}

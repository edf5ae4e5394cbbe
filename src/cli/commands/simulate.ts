/** `mixlaw simulate`: runs drawn from a known law. */
import { type Command, Option } from "commander";
import { either } from "../../base/kinds.ts";
import { given } from "../../base/objects.ts";
import { count } from "../../base/wording.ts";
import { LIMITS } from "../../options/limits.ts";
import { rowsCsv, rowsFor } from "../../data/write/row-table.ts";
import { InputError, type Law } from "../../node.ts";
import { DEFAULTS, type Signs, SIGNS } from "../../options/fit-options.ts";
import { drawTruth, type Noise, NOISES, type Truth } from "../../simulate/draw-truth.ts";
import { checkDesign, type Design } from "../../simulate/run-design.ts";
import { simulate as simulateRuns } from "../../simulate/simulate.ts";
import type { CountUnits } from "../../options/count-units.ts";
import { countUnits, inAbsolute, insists, UNITS_HELP } from "../flags/counts.ts";
import { SIGNS_IN_WORDS } from "../flags/fit-flags.ts";
import { DEFAULT_LAW } from "../flags/laws-and-runs.ts";
import {
  added,
  choice,
  joined,
  lawOf,
  limited,
  mapping,
  numbers,
  numeric,
  seedNumber,
  whole,
  words,
} from "../flags/values.ts";
import { type PhaseParts, phaseParts, tokensOf } from "../flags/shares.ts";
import { json } from "../../base/json.ts";
import { endHelp } from "../io/help.ts";
import { tell } from "../io/output.ts";
import { readTruth } from "../io/read-truth.ts";
import { destination } from "../io/save.ts";

interface DesignFlags {
  readonly domains?: readonly string[];
  readonly targets?: readonly string[];
  readonly sizes?: readonly number[];
  readonly input?: Readonly<Record<string, string>>;
  readonly mixtures: number;
  readonly checkpoints?: number;
  readonly tokensPerParam: number;
  readonly tokens?: readonly number[];
  readonly units?: CountUnits;
  readonly available?: string;
  readonly phases?: PhaseParts;
}

interface TruthFlags {
  readonly noise: number;
  readonly noiseKind: Noise["kind"];
  readonly signs: Signs;
  readonly seed: number;
}

interface Flags extends DesignFlags, TruthFlags {
  readonly law: Law;
  readonly out?: string;
  readonly truth?: string;
}

const EXAMPLES = `
Every mixture is trained at every size, with a row for each checkpoint. The first mixture has equal shares; the
others are uniform on the simplex with a least share of 0.02. With --phases each phase has mixtures of its own, in
columns main_web and so on, and each row is a run of its own, not a checkpoint; "mixlaw fit" takes the same
--phases. Noise: lognormal multiplies a loss by exp(X·z), gaussian adds X·z nats, z standard normal.

True parameters are drawn by the seed, the same whatever the design, from ranges such as published fits have: at
100M parameters and 2B tokens an irreducible loss of 1.2 to 1.8 nats, terms of 0.2 to 0.8 nats, exponents α and β
of 0.25 to 0.4. Where --truth names a file that exists, they are read from it instead, and so are its noise and
seed unless --noise, --noise-kind or --seed is given.

Examples:
  mixlaw simulate --law additive --domains web,code,books --out runs.csv --truth truth.json
  mixlaw simulate --law joint --domains 7 --sizes 20e6,100e6,500e6 --mixtures 20 --seed 3 > runs.csv
  mixlaw simulate --truth truth.json --mixtures 12 --seed 2 --out fewer.csv      other runs of the same law
  mixlaw simulate --law mixture --domains 5 --sizes 1e6 --checkpoints 1 --mixtures 200
  mixlaw simulate --law epochs-by-phase --phases main=0.8,anneal=rest --domains 3 --mixtures 40`;

export function addSimulate(program: Command): void {
  const command = program
    .command("simulate")
    .summary("draw runs from a known law, to plan with and to test on")
    .description(
      "Draws runs from a known law with noise: to plan which runs to train, and to see what a fit recovers from them.",
    )
    .optionsGroup("Law:")
    .addOption(
      new Option("--law <NAME>", 'the law; "mixlaw laws" lists them')
        .argParser((name) => lawOf(name, "--law: "))
        .default(lawOf(DEFAULT_LAW), DEFAULT_LAW),
    );
  designFlags(command);
  truthFlags(command)
    .option(
      "--truth <FILE>",
      "read the true parameters from the file if it exists, write them to it if not",
    )
    .optionsGroup("Output:")
    .option("-o, --out <FILE>", "write the table to a file: .csv, .parquet or .json");
  endHelp(command, EXAMPLES).action(simulate);
}

/** Parameter counts where none are given; one for laws without N. */
const SIZES = { usual: [20e6, 50e6, 120e6, 300e6, 700e6], withoutN: [100e6] } as const;
const inExponents = (sizes: readonly number[]): string =>
  sizes.map((size) => `${size / 1e6}e6`).join();
const CHECKPOINTS = 4;
const DOMAINS = "4";

const designFlags = (command: Command): Command =>
  command
    .optionsGroup("Design:")
    .option(
      "--domains <NAMES|K>",
      `names of the domains, comma-separated, or how many (default: ${DOMAINS})`,
      added(domainNames),
    )
    .option(
      "--targets <NAMES|T>",
      "names of the targets, or how many: the first domains, then others (default: the domains)",
      added(targetNames),
    )
    .option(
      "--sizes <LIST>",
      `parameter counts (default: ${inExponents(SIZES.usual)})`,
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
      `rows a run, evenly spaced in tokens (default: ${CHECKPOINTS})`,
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
    .option("--units <UNITS>", UNITS_HELP, countUnits)
    .option(
      "--available <TOKENS>",
      "unique tokens by domain, for laws that know of repetition: web=1e9,code=3e8 or a table (default: drawn, for up to 1 to 16 epochs at equal shares)",
      joined,
    )
    .option(
      "--phases <PHASES>",
      "phases of the runs, and their parts of the tokens: main=0.8,anneal=rest; each has mixtures of its own (default: the truth's)",
      phaseParts,
    );

const truthFlags = (command: Command): Command =>
  command
    .optionsGroup("Truth and noise:")
    .option(
      "--noise <X>",
      "size of the noise",
      limited("--noise", (value) => value >= 0 && value <= 1, "a number from 0 to 1"),
      0.005,
    )
    .option("--noise-kind <KIND>", either(NOISES), choice("--noise-kind", NOISES), NOISES[0])
    .option("--signs <KIND>", SIGNS_IN_WORDS, choice("--signs", SIGNS), DEFAULTS.signs)
    .option("--seed <S>", "seed of everything that is drawn", seedNumber, 1);

async function simulate(flags: Flags, command: Command): Promise<void> {
  /** Whether a flag was typed, and is not at its default. */
  const typed = (name: keyof Flags): boolean => command.getOptionValueSource(name) === "cli";
  const out = flags.out === undefined ? undefined : await destination(flags.out);
  const known = flags.truth === undefined ? undefined : await readTruth(flags.truth);
  const truthOut =
    flags.truth === undefined || known !== undefined
      ? undefined
      : await destination(flags.truth, "--truth");
  if (known !== undefined && typed("law") && known.law !== flags.law.name)
    throw new InputError(
      `--truth ${flags.truth} is of the law ${known.law}, not ${flags.law.name}: change --law, or name another file`,
    );
  const law = known === undefined ? flags.law : lawOf(known.law);
  if (!law.uses.weights && (flags.domains !== undefined || typed("mixtures") || typed("phases")))
    tell(
      `note: the law ${law.name} has no mixture: --domains, --mixtures and --phases are not used`,
    );
  const design = await designOf(law, flags, known);
  checkDesign(design); // before parameters are drawn
  const truth = known === undefined ? drawn(law, design, flags) : changed(known, flags, typed);
  const { columns, rows } = simulateRuns(law, truth, design);
  const table = { fields: columns, rows };
  if (out === undefined) process.stdout.write(rowsCsv(table));
  else await out.save(await rowsFor(out.path, table));
  await truthOut?.save(`${json(truth)}\n`);
  if (out !== undefined)
    tell(
      `wrote ${out.path}: ${count(rows.length, "row")} of the law ${law.name}, ${count(design.targets.length, "target")}`,
    );
  if (known !== undefined) tell(`the true parameters are those of ${flags.truth}`);
  if (truthOut !== undefined)
    tell(`wrote ${truthOut.path}: the true parameters, drawn with seed ${flags.seed}`);
}

/** Which runs are trained: of the flags, and what they leave open of the truth that is known. */
async function designOf(law: Law, flags: DesignFlags, known: Truth | undefined): Promise<Design> {
  const { params, tokens, weights } = law.uses;
  const asked = { params: flags.sizes, tokens: flags.tokens };
  const { params: sizes, tokens: counts } = inAbsolute(asked, flags.units);
  const domains = weights ? (flags.domains ?? known?.domains ?? domainNames(DOMAINS)) : [];
  const targets =
    flags.targets ??
    known?.targets.map(({ target }) => target) ??
    (domains.length > 0 ? domains : [WITHOUT_DOMAINS]);
  return {
    domains,
    targets: targets.map((name, t) => lossColumn(name === "" ? targetName(t, domains) : name)),
    ...(insists(flags.units, asked) ? { units: "absolute" } : {}),
    sizes: sizes ?? (params ? SIZES.usual : SIZES.withoutN),
    tokens: counts ?? {
      perParam: flags.tokensPerParam,
      checkpoints: flags.checkpoints ?? (tokens ? CHECKPOINTS : 1),
    },
    mixtures: flags.mixtures,
    ...(weights ? given({ phases: flags.phases ?? known?.phases }) : {}),
    inputs: inputsOf(law, flags.input ?? {}),
    ...(flags.available === undefined || law.uses.supply !== true
      ? {}
      : { available: await tokensOf(flags.available, domains) }),
  };
}

const drawn = (
  law: Law,
  { domains, targets, phases }: Design,
  { signs, seed, noise, noiseKind }: TruthFlags,
): Truth =>
  drawTruth(law, domains, targets, {
    signs,
    seed,
    noise: { kind: noiseKind, sigma: noise },
    ...given({ phases }),
  });

/** The truth with the noise and seed that were typed. */
const changed = (
  known: Truth,
  { seed, noise, noiseKind }: TruthFlags,
  typed: (name: keyof TruthFlags) => boolean,
): Truth => ({
  ...known,
  seed: typed("seed") ? seed : known.seed,
  noise: {
    kind: typed("noiseKind") ? noiseKind : known.noise.kind,
    sigma: typed("noise") ? noise : known.noise.sigma,
  },
});

/** The levels of a law's other inputs that are given. */
function inputsOf(
  { name, uses }: Law,
  levels: Readonly<Record<string, string>>,
): Record<string, readonly number[]> {
  const known = (uses.inputs ?? []).map((input) => input.name);
  const odd = Object.keys(levels).find((input) => !known.includes(input));
  if (odd !== undefined) {
    const names = known.length === 0 ? "none beside N and D" : known.join(", ");
    throw new InputError(`--input ${odd}: the law ${name} has no such input; it has ${names}`);
  }
  return Object.fromEntries(
    Object.entries(levels).map(([input, list]) => [input, numbers(`--input ${input}`)(list)]),
  );
}

const USUAL = ["web", "code", "papers", "books", "wiki", "math", "forums", "news"];

/** Names, or so many usual ones. */
function domainNames(text: string): string[] {
  if (!/^\d+$/.test(text.trim())) return words(text);
  const many = Number(text);
  if (many < 1 || many > LIMITS.domains.most)
    throw new InputError(`--domains is ${text}; there can be 1 to ${LIMITS.domains.most}`);
  return Array.from({ length: many }, (_, i) => USUAL[i] ?? `domain${i + 1}`);
}

/** Names; a count becomes as many empty names, since which domains there are is not known here. */
function targetNames(text: string): string[] {
  if (!/^\d+$/.test(text.trim())) return words(text);
  const many = Number(text);
  if (many < 1 || many > LIMITS.targets.most)
    throw new InputError(`--targets is ${text}; there can be 1 to ${LIMITS.targets.most}`);
  return Array.from({ length: many }, () => "");
}

/** The one target of a law without a mixture. */
const WITHOUT_DOMAINS = "total";

const targetName = (t: number, domains: readonly string[]): string =>
  domains[t] ?? `target${t + 1}`;

const lossColumn = (target: string): string =>
  target.startsWith("loss_") ? target : `loss_${target}`;

/** From flags to laws and runs: which table, which columns, which laws. */
import { byNames, given, pick } from "../../base/objects.ts";
import { hasShares } from "../../data/runs/column-roles.ts";
import { likelyPhases, likelyShares } from "../../data/table/likely-shares.ts";
import { USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import { hasSupply, ONE_DOMAIN, UNIQUE_TOKENS } from "../../data/runs/supply-roles.ts";
import type { Table } from "../../data/table/cells.ts";
import { formulaProblem } from "../../formula-tables/formula-problem.ts";
import {
  CATALOG,
  type FitFile,
  InputError,
  type Law,
  parseLawFile,
  readTables,
  type Runs,
  type RunsOptions,
  toRuns,
} from "../../node.ts";
import type { CountUnits } from "../../options/count-units.ts";
import { nearFirst, shorten } from "../../base/wording.ts";
import { readText } from "../io/read-text.ts";
import { shellWord } from "../../words/command-line.ts";
import { rolesOfFit, unitsOfFit } from "./points.ts";
import { tokensOf } from "./shares.ts";
import { checkInputs, lawsOf } from "./values.ts";

/** What is fitted where no law is named. */
export const DEFAULT_LAW = "additive";

/** Flags that say what is fitted to what. */
export interface DataFlags {
  readonly law?: string;
  readonly lawFile?: readonly string[];
  readonly formula?: string;
  readonly response?: string;
  readonly inputs?: readonly string[];
  readonly targets?: string;
  readonly params?: string;
  readonly tokens?: string;
  readonly units?: CountUnits;
  readonly weights?: string;
  readonly phases?: Readonly<Record<string, number | string>>;
  readonly normalize?: true;
  readonly join?: string;
  readonly long?: string;
  readonly input?: Readonly<Record<string, string>>;
  readonly available?: string;
  readonly supply?: string;
  readonly where?: string;
  readonly test?: string;
  readonly sigma?: string;
  readonly rowWeights?: string;
  readonly group?: string;
}

/** What is fitted, and to what. */
export interface Prepared {
  readonly laws: readonly Law[];
  readonly runs: Runs;
}

/**
 * The laws and what they need of the table.
 *
 * @param mixtures whether shares are read where they are there, even when no law needs them
 * @param fit whose columns are taken where no flag says others
 */
export async function prepare(
  paths: readonly string[],
  flags: DataFlags,
  mixtures = false,
  fit?: FitFile,
): Promise<Prepared> {
  if (flags.response !== undefined && flags.targets !== undefined)
    throw new InputError("--response and --targets both say what is fitted: give one");
  return flags.formula === undefined
    ? lawsOnRuns(paths, flags, mixtures, fit)
    : formulaOnTable(paths, flags.formula, flags);
}

/** The roles of columns that flags name for laws and formulas alike. */
const rolesOf = async (flags: DataFlags, table: Table): Promise<RunsOptions> => ({
  ...given({ available: await availableTokens(flags, table) }),
  ...pick(flags, [
    "params",
    "tokens",
    "units",
    "weights",
    "supply",
    "phases",
    "normalize",
    "where",
    "test",
    "sigma",
    "rowWeights",
    "group",
  ]),
  ...(flags.input === undefined ? {} : { inputs: flags.input }),
});

/** The unique tokens of --available. Columns tell which names there may be. */
export const availableTokens = async (
  { available }: Pick<DataFlags, "available">,
  { columns }: Table,
): Promise<RunsOptions["available"]> =>
  available === undefined
    ? undefined
    : tokensOf(
        available,
        [...columns.keys()].map((name) => name.replace(/^h_(?=.)/, "")),
      );

/** The files as one table. */
const tableFrom = (paths: readonly string[], { join, long }: DataFlags): Promise<Table> =>
  readTables(paths, given({ join, long }));

/** The one law of --formula, on any table. */
async function formulaOnTable(
  paths: readonly string[],
  formula: string,
  flags: DataFlags,
): Promise<Prepared> {
  const clash = ([["--law", flags.law], ["--law-file", flags.lawFile]] as const).find(([, value]) => value !== undefined); // prettier-ignore
  if (clash !== undefined)
    throw new InputError(`--formula and ${clash[0]} both say what law: give one`);
  if (flags.targets !== undefined)
    throw new InputError("--formula fits one column: name it with --response");
  const table = await tableFrom(paths, flags);
  const { law, runs } = formulaProblem(table, formula, {
    ...pick(flags, ["response", "inputs"]),
    runs: await rolesOf(flags, table),
  });
  return { laws: [law], runs };
}

async function lawsOnRuns(
  paths: readonly string[],
  flags: DataFlags,
  mixtures: boolean,
  fit: FitFile | undefined,
): Promise<Prepared> {
  const inputs = byNames([
    ...(flags.inputs ?? []).map((name) => [name, name] as const),
    ...Object.entries(flags.input ?? {}),
  ]);
  const laws = await lawsAsked({ ...flags, input: { ...fit?.data.reading?.inputs, ...inputs } });
  const uses = laws.map((law) => law.uses);
  checkInputs(Object.keys(inputs), mappedInputs(uses));
  const table = await tableFrom(paths, flags);
  checkNames(laws, table);
  const known = fit === undefined ? {} : rolesOfFit(fit, table);
  const units = fit === undefined ? flags.units : unitsOfFit(fit, table, flags);
  const needed = needOf(uses).inputs;
  const used = Object.entries(known.inputs ?? {}).filter(([name]) => needed.includes(name));
  const roles = {
    ...known,
    ...(await rolesOf(flags, table)),
    ...given({ units }),
    inputs: { ...byNames(used), ...inputs },
  };
  checkMixtures(laws, table, roles, flags);
  const targets = flags.response ?? flags.targets;
  const runs = toRuns(table, {
    ...roles,
    ...given({ targets }),
    need: {
      ...needOf(uses),
      weights: uses.some(({ weights }) => weights) || (mixtures ? undefined : false),
    },
  });
  return { laws, runs };
}

/** What laws need of a table. */
export const needOf = (uses: readonly Law["uses"][]): NonNullable<RunsOptions["need"]> => ({
  params: uses.some(({ params }) => params),
  tokens: uses.some(({ tokens }) => tokens),
  weights: uses.some(({ weights }) => weights),
  inputs: [...new Set(uses.flatMap(({ inputs = [] }) => inputs.map(({ name }) => name)))],
  supply: uses.some(({ supply }) => supply === true),
});

/** The names that --input may map to columns: "weights" is refused with what to write instead. */
export const mappedInputs = (uses: readonly Law["uses"][]): string[] => {
  const { inputs, supply } = needOf(uses);
  const others = new Set([...inputs, ...(supply === true ? [UNIQUE_TOKENS] : [])]);
  return [...others, "params", "tokens", "weights"];
};

/** The laws of --law and --law-file, in that order. */
async function lawsAsked({ law, lawFile = [], input = {} }: DataFlags): Promise<Law[]> {
  const files = await Promise.all(
    lawFile.map(async (file) => parseLawFile(await readText(file), file, `--law-file ${file}`)),
  );
  const named =
    law === undefined && files.length > 0 ? [] : lawsOf(law ?? DEFAULT_LAW, Object.keys(input));
  const laws = [...named, ...files];
  const twice = laws.find(({ name }, i) => laws.findIndex((other) => other.name === name) < i);
  if (twice !== undefined)
    throw new InputError(`two laws are called ${twice.name}: give one another name`);
  const taken = files.find(({ name }) => CATALOG.has(name));
  if (taken !== undefined)
    throw new InputError(
      `"${taken.name}" is the name of a law of the catalog: give the law of the file another`,
    );
  return laws;
}

/** A law that a table without mixtures can be fitted by. */
const WITHOUT_MIXTURE = "chinchilla";

/**
 * A table without shares, and a law that needs them: that a law was chosen may not be known. With
 * the supply of all tokens it is a table of one domain, for laws that read the supply.
 */
function checkMixtures(
  laws: readonly Law[],
  table: Table,
  roles: RunsOptions,
  flags: DataFlags,
): void {
  const isOneDomain = hasSupply(table, roles, ONE_DOMAIN);
  const law = laws.find(({ uses }) => uses.weights && !(uses.supply === true && isOneDomain));
  const areNamed = (roles.weights ?? roles.phases) !== undefined;
  if (law === undefined || areNamed || hasShares(table)) return;
  const which =
    flags.law === undefined && flags.lawFile === undefined
      ? `the ${law.name} law (which is fitted where --law names none)`
      : `the law ${law.name}`;
  const likely = likelyShares(table);
  const without = `fit a law without a mixture, such as --law ${WITHOUT_MIXTURE} ("mixlaw laws" lists all)`;
  const remedy =
    likely === undefined
      ? `${without}, or say with --weights which columns they are (a glob or a comma list); there are: ${shorten(nearFirst("h_", table.columns.keys()), 6)}`
      : `say ${phasesWords(table)}--weights ${shellWord(likely)} if those columns are the shares, or ${without}`;
  throw new InputError(
    `${table.source} has no columns ${USUAL_COLUMNS.weights} for the mixture weights, which ${which} needs: ${remedy}`,
    { file: table.source, option: "law" },
  );
}

/** What to say for columns that may be the shares of phases; empty where none may be. */
function phasesWords(table: Table): string {
  const parts = likelyPhases(table)
    ?.map((phase) => `${phase}=PART`)
    .join();
  return parts === undefined
    ? ""
    : `--phases ${shellWord(parts)} with each one's part of the tokens if these are phases, `;
}

/**
 * A name in a formula that is a column of the table and was not said to be an input: which of the
 * two was meant?
 */
function checkNames(laws: readonly Law[], table: Table): void {
  for (const { definition, parameters } of laws) {
    if (definition === undefined) continue;
    const name = Object.keys(parameters({ signs: "positive" })).find(
      (p) => table.columns.has(p) && !Object.hasOwn(definition.parameters, p),
    );
    if (name === undefined) continue;
    throw new InputError(
      `"${name}" in ${definition.formula} would be a parameter, and ${table.source} has a column of that name: say --input ${name} if the column is meant, or call the parameter something else`,
      { file: table.source, column: name },
    );
  }
}

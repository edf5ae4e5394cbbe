/** From flags to laws and runs: which table, which columns, which laws. */
import type { Table } from "../../data/table/cells.ts";
import { formulaProblem } from "../../formula-tables/formula-problem.ts";
import {
  CATALOG,
  InputError,
  type Law,
  parseLawFile,
  readTable,
  type Runs,
  toRuns,
} from "../../node.ts";
import { readText } from "../io/read-fit-file.ts";
import { lawsOf, pick } from "./values.ts";

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
  readonly weights?: string;
  readonly input?: Readonly<Record<string, string>>;
  readonly where?: string;
  readonly test?: string;
  readonly sigma?: string;
  readonly rowWeights?: string;
  readonly group?: string;
}

/**
 * The laws and what they need of the table. `mixtures`: the shares are read where they are there,
 * even when no law needs them.
 */
export async function prepare(
  path: string,
  flags: DataFlags,
  mixtures = false,
): Promise<{ laws: readonly Law[]; runs: Runs }> {
  const roles = {
    ...pick(flags, [
      "params",
      "tokens",
      "weights",
      "where",
      "test",
      "sigma",
      "rowWeights",
      "group",
    ]),
    ...(flags.input === undefined ? {} : { inputs: flags.input }),
  };
  if (flags.response !== undefined && flags.targets !== undefined)
    throw new InputError("--response and --targets both say what is fitted: give one");
  if (flags.formula !== undefined) {
    const other =
      flags.law === undefined ? (flags.lawFile === undefined ? undefined : "--law-file") : "--law";
    if (other !== undefined)
      throw new InputError(`--formula and ${other} both say what law: give one`);
    if (flags.targets !== undefined)
      throw new InputError("--formula fits one column: name it with --response");
    const { law, runs } = formulaProblem(await readTable(path), flags.formula, {
      ...pick(flags, ["response", "inputs"]),
      runs: roles,
    });
    return { laws: [law], runs };
  }
  const inputs = {
    ...Object.fromEntries((flags.inputs ?? []).map((name) => [name, name])),
    ...flags.input,
  };
  const laws = await lawsAsked({ ...flags, input: inputs });
  const table = await readTable(path);
  checkNames(laws, table);
  const targets = flags.response ?? flags.targets;
  const runs = toRuns(table, {
    ...roles,
    ...(targets === undefined ? {} : { targets }),
    inputs,
    need: {
      params: laws.some((law) => law.uses.params),
      tokens: laws.some((law) => law.uses.tokens),
      weights: laws.some((law) => law.uses.weights) || (mixtures ? undefined : false),
      inputs: [
        ...new Set(laws.flatMap((law) => (law.uses.inputs ?? []).map((input) => input.name))),
      ],
    },
  });
  return { laws, runs };
}

/** The laws of --law and --law-file, in that order. */
async function lawsAsked({ law, lawFile = [], input = {} }: DataFlags): Promise<Law[]> {
  const files = await Promise.all(
    lawFile.map(async (file) => parseLawFile(await readText(file), file, `--law-file ${file}`)),
  );
  const named =
    law === undefined && files.length > 0 ? [] : lawsOf(law ?? "additive", Object.keys(input));
  const laws = [...named, ...files];
  const twice = laws.find((one, i) => laws.findIndex((other) => other.name === one.name) !== i);
  if (twice !== undefined)
    throw new InputError(`two laws are called ${twice.name}: give one another name`);
  const taken = files.find((one) => CATALOG.has(one.name));
  if (taken !== undefined)
    throw new InputError(
      `"${taken.name}" is the name of a law of the catalog: give the law of the file another`,
    );
  return laws;
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

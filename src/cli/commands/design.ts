/** `mixlaw design`: which runs to train, first and next. */
import { given } from "../../base/objects.ts";
import type { Command } from "commander";
import { suggest } from "../../base/wording.ts";
import { initialDesign } from "../../design/initial-runs.ts";
import { type Goal, GOALS, GOALS_IN_WORDS, type NextOptions } from "../../design/next-options.ts";
import { either } from "../../base/kinds.ts";
import { nextRuns } from "../../design/next-runs.ts";
import { trainedShares } from "../../mixture/constraints/kinds/trained-shares.ts";
import { CONSTRAINT_KINDS } from "../../mixture/constraints/constraint-kinds.ts";
import { toNumber } from "../../data/table/cells.ts";
import { toRuns } from "../../data/runs/runs.ts";
import type { Table } from "../../data/table/cells.ts";
import type { RunsOptions } from "../../data/runs/runs-options.ts";
import type { FitFile } from "../../fit/result/fit-file.ts";
import type { ConstraintRequest } from "../../mixture/constraints/constraint-kinds.ts";
import { needOf } from "../flags/laws-and-runs.ts";
import { checkFound, rolesOfFit, supplyBeside, unitsOfFit } from "../flags/points.ts";
import { InputError, lawIn, readTable, type Runs } from "../../node.ts";
import {
  addConstraints,
  type ConstraintFlags,
  constraintsOf,
  textsOf,
} from "../flags/constraint-flags.ts";
import { unitsFor } from "../../fit/result/asked-counts.ts";
import { type CountUnits, unitOf } from "../../options/count-units.ts";
import { amount, countUnits, inAbsolute, insists, toCount, UNITS_HELP } from "../flags/counts.ts";
import { rowsCsv, rowsFor } from "../../data/write/row-table.ts";
import { chosenRows, firstTable, nextTable, plannedRows } from "../print/design-tables.ts";
import { json } from "../../base/json.ts";
import { fileWord, shellWord } from "../../words/command-line.ts";
import { endHelp } from "../io/help.ts";
import { medium, print, tell, toldWidth, width } from "../io/output.ts";
import { destination } from "../io/save.ts";
import { readFit } from "../io/read-text.ts";
import { weightsOf } from "../flags/objective-flag.ts";
import { type KnownNames, mixtureOf, namesOf } from "../flags/shares.ts";
import { added, choice, joined, seedNumber, several, whole, words } from "../flags/values.ts";

interface Flags extends ConstraintFlags {
  readonly domains?: readonly string[];
  readonly flops?: number;
  readonly sizes?: readonly number[];
  readonly ratios?: readonly number[];
  readonly phases?: readonly string[];
  readonly mixtures?: number;
  readonly pool?: string;
  readonly goal?: Goal;
  readonly points?: string;
  readonly params?: number;
  readonly tokens?: number;
  readonly units?: CountUnits;
  readonly objective?: readonly string[];
  readonly law?: string;
  readonly mixture?: string;
  readonly beyond?: true;
  readonly budget?: number;
  readonly cost?: string;
  readonly runs?: number;
  readonly seed?: number;
  readonly json?: true;
  readonly out?: string;
}

/** Flags that belong to one of the two uses. */
const FIRST = ["domains", "phases", "flops", "sizes", "ratios", "mixtures"] as const;
const NEXT = ["pool", "goal", "points", "params", "tokens", "objective", "law", "mixture", "budget", "cost", "json", "constraints", "beyond"] as const; // prettier-ignore
/** First runs know of floors and caps only. */
const NEXT_KINDS = CONSTRAINT_KINDS.filter(({ key }) => key !== "floors" && key !== "caps");

const EXAMPLES = `
Without FIT: a table of runs to train first. Mixtures fill the simplex between floors (0.02 unless given) and caps;
sizes span a factor of 16 and are as large as --flops allows (6ND, all runs together), tokens are 5, 20 and 80 a
parameter, so that the exponents of N and D can be told apart.

With FIT, fitted with --bootstrap: which rows of --pool, a table with n_params, n_tokens and h_<domain>, would
narrow the interval of the best mixture (--goal mixture) or of the predicted loss (--goal loss) at --params and
--tokens most for their cost. Runs are chosen one by one, each with those before it as done. --goal points is about
the losses at the rows of --points, by all laws of FIT and how they disagree; it needs no bootstrap.

Examples:
  mixlaw design --domains web,code,papers --flops 1e21 --out runs.csv
  mixlaw design --domains web,code,papers --sizes 20M,80M,320M --mixtures 12 --floor code=5% --cap web=60%
  mixlaw design --domains web,code,papers --phases main,anneal --flops 1e21
  mixlaw design fit.json --pool candidates.csv --goal mixture --params 7B --tokens 150B --runs 8
  mixlaw design fit.json --pool candidates.csv --goal loss --params 7B --tokens 150B --budget 1e21 --out next.csv
  mixlaw design fit.json --pool candidates.csv --goal points --points wanted.csv --budget 1e21`;

const list = (flag: string) =>
  added((text) =>
    words(text).map((word) => {
      const value = toCount(word);
      if (value === undefined) throw new InputError(`${flag}: ${JSON.stringify(word)} is no positive number; write them like 20M,80M or 5,20,80`); // prettier-ignore
      return value;
    }),
  );

export function addDesign(program: Command): void {
  const command = program
    .command("design")
    .summary("plan which runs to train: first, or next after a fit")
    .description(
      "Plans which runs to train: the first ones, before any fit, or from a fit with a bootstrap the next ones of a pool that tell most for their cost.",
    )
    .argument("[FIT]", 'fit file with a bootstrap, from "mixlaw fit --bootstrap 1000 --out"');
  firstFlags(command);
  nextFlags(command);
  command
    .optionsGroup("Both:")
    .option(
      "--runs <R>",
      "how many (default: three a mixture, or 8 next ones, or what --budget allows)",
      whole("--runs"),
    )
    .option("--units <UNITS>", UNITS_HELP, countUnits)
    .option("--seed <S>", "seed of what is drawn (default: 1)", seedNumber);
  addConstraints(command);
  command
    .option(trainedShares.flag.name, `next runs: ${trainedShares.flag.help}`)
    .optionsGroup("Output:")
    .option("--json", 'next runs: print all as JSON, "mixlaw/design@1"')
    .option("-o, --out <FILE>", "write the runs to a file: .csv, .parquet or .json");
  endHelp(command, EXAMPLES).action(design);
}

const firstFlags = (command: Command): Command =>
  command
    .optionsGroup("First runs, without FIT:")
    .option("--domains <NAMES>", "the domains, comma-separated", added(words))
    .option(
      "--phases <NAMES>",
      "names of two phases or more, such as main,anneal: each has mixtures of its own",
      added(words),
    )
    .option("--flops <C>", "compute of all together", amount("--flops", "1e21"))
    .option(
      "--sizes <LIST>",
      "parameter counts (default: four, as large as --flops allows)",
      list("--sizes"),
    )
    .option("--ratios <LIST>", "tokens a parameter (default: 5,20,80)", list("--ratios"))
    .option(
      "--mixtures <M>",
      "mixtures (default: three a domain, at least 10)",
      whole("--mixtures"),
    );

const nextFlags = (command: Command): Command =>
  command
    .optionsGroup("Next runs, with FIT:")
    .option("--pool <TABLE>", "candidates, a row each, with n_params, n_tokens and h_<domain>")
    .option("--goal <KIND>", `what to know better, ${GOALS_IN_WORDS}`, choice("--goal", GOALS))
    .option("--points <TABLE>", "for --goal points: where losses are to be known, a row each")
    .option("--params <N>", "parameters of the run that is planned, such as 7B", amount("--params"))
    .option("--tokens <D>", "its training tokens, such as 150B", amount("--tokens"))
    .option(
      "--objective <WEIGHTS>",
      "targets and their weights (default: all targets alike)",
      several,
    )
    .option("--law <NAME>", "law to use, where the fit file has several")
    .option(
      "--mixture <MIX>",
      "for --goal loss: the mixture that is planned (default: the best one by the fit)",
      joined,
    )
    .option("--budget <C>", "FLOPs of all chosen together", amount("--budget", "1e21"))
    .option("--cost <COL>", "column of the candidates' costs (default: 6ND)");

const firstFlag = (flags: Flags): string | undefined => {
  const name = FIRST.find((each) => flags[each] !== undefined);
  return name === undefined ? undefined : `--${name}`;
};

const nextFlag = (flags: Flags): string | undefined => {
  const name = NEXT.find((each) => flags[each] !== undefined);
  const kind = NEXT_KINDS.find((each) => textsOf(each, flags) !== undefined);
  return name === undefined ? kind?.flag.name : `--${name}`;
};

async function design(path: string | undefined, flags: Flags): Promise<void> {
  const flag = path === undefined ? nextFlag(flags) : firstFlag(flags);
  if (flag !== undefined) {
    throw new InputError(
      path === undefined
        ? `${flag} chooses next runs, for which a fit file is needed: mixlaw design FIT --pool TABLE`
        : `${flag} plans first runs, without a fit: leave it or ${path} out`,
    );
  }
  await (path === undefined ? first(flags) : next(path, flags));
}

async function first(flags: Flags): Promise<void> {
  const out = flags.out === undefined ? undefined : await destination(flags.out);
  const { floors, caps } =
    (await constraintsOf(flags, { domains: flags.domains ?? [], targets: [] })) ?? {};
  const { domains = [], phases, flops, ratios, mixtures, runs, seed, units: asked } = flags;
  const sizes = flags.sizes?.map((size) => size * unitOf(asked, "params"));
  const units = insists(asked, { params: 0 }) ? ("absolute" as const) : undefined;
  const planned = initialDesign({
    domains,
    ...given({ phases, flops, sizes, units, ratios, mixtures, runs, seed, floors, caps }),
  });
  const table = plannedRows(domains, planned, phases);
  if (out === undefined) process.stdout.write(rowsCsv(table));
  else await out.save(await rowsFor(out.path, table));
  const summary = firstTable(domains, planned, out === undefined ? toldWidth() : width());
  if (out === undefined) for (const line of summary.split("\n")) tell(line);
  else
    print(
      `${summary}\n\nWrote ${out.path}. Add a column loss_<target> for each loss when they are trained, and fit it with "mixlaw fit ${shellWord(fileWord(out.path))}${phasesWords(phases)}".`,
    );
}

/** How phases are named to `fit`: their parts of the tokens are the user's to say. */
function phasesWords(phases: readonly string[] | undefined): string {
  if (phases === undefined) return "";
  const parts = phases.map((name, p) => `${name}=${p === phases.length - 1 ? "rest" : "PART"}`);
  return ` --phases ${shellWord(parts.join())}`;
}

async function next(path: string, flags: Flags): Promise<void> {
  const file = await readFit(path);
  if (flags.pool === undefined)
    throw new InputError(
      "--pool names the table of candidate runs that there are to choose from: give one",
    );
  const out = flags.out === undefined ? undefined : await destination(flags.out);
  const table = await readTable(flags.pool);
  const names = namesOf(file);
  const constraints = await constraintsOf(flags, names);
  const pool = candidatesIn(table, file, flags, constraints?.available);
  const points =
    flags.points === undefined
      ? undefined
      : candidatesIn(await readTable(flags.points), file, flags, constraints?.available);
  const options = await nextOptionsOf(flags, names, table, pool, constraints);
  const chosen = nextRuns(file, pool, { ...options, ...given({ points }) });
  await out?.save(await rowsFor(out.path, chosenRows(chosen)));
  if (flags.json === true) return print(json(chosen));
  print(nextTable(chosen, { source: path, ...medium() }));
  if (out !== undefined) print(`\nWrote ${out.path}.`);
}

/** The rows of a table, with the columns, the units and the supply that the fit's laws have. */
function candidatesIn(
  table: Table,
  file: FitFile,
  { units, law }: Flags,
  available: RunsOptions["available"],
): Runs {
  const laws = [...new Set(file.fits.map((fit) => fit.law))];
  const needed = (names: readonly string[]) => needOf(names.map((name) => lawIn(file, name).uses));
  const need = needed(laws);
  const known = { ...supplyBeside(table, file, undefined), ...available };
  const runs = toRuns(table, {
    ...rolesOfFit(file, table),
    targets: "",
    units: unitsFor(file, unitsOfFit(file, table, given({ units }))),
    ...(need.supply === true ? { available: known, need } : {}),
  });
  checkFound(file, runs, needed(laws.filter((name) => name === (law ?? name))));
  return runs;
}

/** What the flags ask of the pool. */
async function nextOptionsOf(
  flags: Flags,
  names: KnownNames,
  table: Table,
  pool: Runs,
  constraints: ConstraintRequest | undefined,
): Promise<NextOptions> {
  const objective =
    flags.objective === undefined ? undefined : await weightsOf(flags.objective, names);
  const { goal, law, beyond, runs, budget, seed } = flags;
  const { params, tokens } = inAbsolute(flags, flags.units);
  const units = insists(flags.units, flags) ? ("absolute" as const) : undefined;
  if (goal === undefined) throw new InputError(`--goal says what to know better: ${either(GOALS)}`);
  if (constraints?.lattice !== undefined || constraints?.trust !== undefined)
    throw new InputError("--lattice and --trust are not known here: leave them out");
  const mixture =
    flags.mixture === undefined
      ? undefined
      : await mixtureOf(flags.mixture, names.domains, "--mixture");
  const costs =
    flags.cost === undefined ? undefined : costsOf(table, flags.cost, pool.train.rowNumbers);
  return {
    goal,
    ...given({ params, tokens, units, objective, law, constraints, beyond, mixture }),
    ...given({ costs, runs, budget, seed }),
  };
}

/** A column of costs, for the rows that are used. */
function costsOf(table: Table, name: string, rowNumbers: Int32Array): Float64Array {
  const column = table.columns.get(name);
  if (column === undefined) throw new InputError(`--cost ${name}: ${table.source} has no such column; ${suggest(name, [...table.columns.keys()], "columns")}`); // prettier-ignore
  return Float64Array.from(rowNumbers, (row) => toNumber(String(column.cells[row - 1])) ?? NaN);
}

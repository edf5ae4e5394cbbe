/** `mixlaw check`: a registered plan beside the runs that were trained since. */
import type { Command } from "commander";
import { json } from "../../base/json.ts";
import { firstOf } from "../../base/known.ts";
import { given, pick } from "../../base/objects.ts";
import {
  check as checkPlans,
  InputError,
  type Plan,
  type PlanCheck,
  readTables,
  type Runs,
  type RunsOptions,
  type Table,
  toRuns,
} from "../../node.ts";
import { phaseOfFraction } from "../../options/phases.ts";
import { domainOfSupply } from "../../options/supply.ts";
import type { CountUnits } from "../../options/count-units.ts";
import { quoted } from "../../syntax/names.ts";
import { columnFlags, type FittedTable, rolesOfFit, unitsOfFit } from "../flags/points.ts";
import { conditions, limited, several } from "../flags/values.ts";
import { endHelp } from "../io/help.ts";
import { medium, print, style } from "../io/output.ts";
import { readPlan } from "../io/read-text.ts";
import { documentDestination } from "../io/save.ts";
import { checkTable } from "../print/check-table.ts";

interface Flags {
  readonly plan?: readonly string[];
  readonly hash?: readonly string[];
  readonly within?: number;
  readonly params?: string;
  readonly tokens?: string;
  readonly units?: CountUnits;
  readonly weights?: string;
  readonly phases?: NonNullable<RunsOptions["phases"]>;
  readonly normalize?: true;
  readonly input?: Readonly<Record<string, string>>;
  readonly where?: string;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
PLAN is from "mixlaw optimize FIT --register PLAN", written before the runs were trained. A plan that was changed
since is refused: it holds the SHA-256 of its content. --hash holds it to the one that was written down elsewhere.

Runs are found by N, D and the mixture, each as the nearest registered one: N and D within 1 % (--within), the
mixture with at most 0.5 % of the data in other domains. Columns are those of the fit. See docs/check.md.

Examples:
  mixlaw check plan.json runs.csv
  mixlaw check plan.json runs.csv --hash 5d41402a --where "n_tokens > 1e11"
  mixlaw check plan.json runs.csv --plan earlier.json --json > check.json

Exit codes: 0 every measured loss that has a registered interval lies inside of it, 1 a changed plan, or no
registered run in the table, 2 some losses lie outside, or none has an interval.`;

export function addCheck(program: Command): void {
  const command = program
    .command("check")
    .summary("compare registered predictions with the runs trained since")
    .description(
      "Compares a plan that was registered before training with the runs: which losses lie inside of their intervals, what choosing by each law costs among the mixtures that were trained, and how often intervals of each level held.",
    )
    .argument("<PLAN>", 'plan, from "mixlaw optimize --register"')
    .argument("<RUNS...>", 'table of the runs that were trained, as for "mixlaw fit", or several')
    .optionsGroup("Plan:")
    .option("--plan <FILE>", "another plan to count together with it; may be repeated", several)
    .option(
      "--hash <SHA256>",
      "refuse a plan with another SHA-256; 8 digits or more of it; again for each --plan",
      several,
    )
    .option(
      "--within <X>",
      "N, D and other inputs may differ from the registered ones by this part of them (default: 0.01)",
      limited("--within", (x) => x >= 0 && x < 1, "a number from 0 to 1, such as 0.01"),
    );
  columnFlags(command.optionsGroup("Data:"))
    .option("--normalize", "divide the shares of each row by their sum")
    .option(
      "--where <EXPR>",
      "use only these rows: \"split == 'eval'\"; given again, both must hold",
      conditions("and"),
    )
    .optionsGroup("Output:")
    .option("-o, --out <FILE>", 'write JSON, "mixlaw/check@1"')
    .option("--json", "print JSON instead of tables");
  endHelp(command, EXAMPLES).action(check);
}

async function check(path: string, tables: readonly string[], flags: Flags): Promise<void> {
  const plans = await Promise.all([path, ...(flags.plan ?? [])].map(readPlan));
  const out = flags.out === undefined ? undefined : await documentDestination(flags.out);
  const runs = runsOf(plans, await readTables(tables), flags);
  const answer = checkPlans(plans, runs, pick(flags, ["within", "hash"]));
  const text = json(answer);
  print(flags.json === true ? text : checkTable(answer, path, medium()));
  await out?.save(`${text}\n`);
  if (out !== undefined && flags.json !== true) print(`\n${style().dim(`Wrote ${out.path}.`)}`);
  process.exitCode = exitCode(answer);
}

/** The table with the columns of the fit that the first plan is of, as far as it has them. */
function runsOf(plans: readonly Plan[], table: Table, flags: Flags): Runs {
  const targets = [...new Set(plans.flatMap(({ laws }) => Object.keys(laws)))];
  const measured = targets.filter((target) => table.columns.has(target));
  if (measured.length === 0)
    throw new InputError(
      `${table.source} has none of the losses that are registered: ${targets.join(", ")}`,
      { file: table.source },
    );
  const points = plans.flatMap((plan) => plan.points);
  const fitted = fittedTable(firstOf(plans));
  const roles = rolesOfFit(fitted, table);
  const inputs = points.flatMap(({ at }) => Object.keys(at.inputs));
  return toRuns(table, {
    ...roles,
    ...pick(flags, ["params", "tokens", "weights", "phases", "normalize", "where"]),
    ...given({ units: unitsOfFit(fitted, table, flags) }),
    ...given({ inputs: flags.input === undefined ? undefined : { ...roles.inputs, ...flags.input } }), // prettier-ignore
    targets: measured.map(quoted).join(","),
    need: {
      params: points.some(({ at }) => at.params !== null),
      tokens: points.some(({ at }) => at.tokens !== null),
      weights: true,
      inputs: [...new Set(inputs)].filter(isColumn),
      supply: false,
    },
  });
}

/** The columns of the fit that a plan is of; counts are looked for about the registered ones. */
function fittedTable({ data, domains, points }: Plan): FittedTable {
  const range = (name: "params" | "tokens"): FittedTable["data"]["range"]["params"] => {
    const counts = points.flatMap(({ at }) => at[name] ?? []);
    return counts.length === 0 ? null : { min: Math.min(...counts), max: Math.max(...counts) };
  };
  return {
    data: {
      reading: data.columns,
      domains,
      range: { params: range("params"), tokens: range("tokens") },
    },
  };
}

/** Whether an input is a column of its own: supplies and phases' parts are read as such. */
const isColumn = (name: string): boolean =>
  domainOfSupply(name) === undefined && phaseOfFraction(name) === undefined;

const exitCode = ({ verdict }: PlanCheck): number => (verdict.status === "inside" ? 0 : 2);

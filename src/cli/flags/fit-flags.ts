/** Flags of the commands that fit laws to a table: what is fitted, and how. */
import { given, pick } from "../../base/objects.ts";
import type { Command } from "commander";
import { DELTA_IN_WORDS, LOSSES, type LossKind, lossOf } from "../../expr/loss.ts";
import {
  DEFAULTS,
  type FitOptions,
  type ResidualKind,
  RESIDUALS,
  RESIDUALS_IN_WORDS,
  type Restrictions,
  type Signs,
  SIGNS,
} from "../../options/fit-options.ts";
import { USUAL_COLUMNS } from "../../data/runs/runs-options.ts";
import { either } from "../../base/kinds.ts";
import type { RidgeOption } from "../../options/ridge-option.ts";
import { bounded, fixes, labelsOf, ranged, ridged, startsOf, tied } from "./parameter-flags.ts";
import { type DataFlags, DEFAULT_LAW } from "./laws-and-runs.ts";
import { phaseParts } from "./shares.ts";
import { countUnits, UNITS_HELP } from "./counts.ts";
import {
  added,
  choice,
  conditions,
  joined,
  mapping,
  numeric,
  several,
  whole,
  words,
} from "./values.ts";

/** Flags that say what the best fit is, and where it is looked for. */
export interface ObjectiveFlags {
  readonly loss?: LossKind;
  readonly delta?: number;
  readonly residual: ResidualKind;
  readonly signs: Signs;
  readonly fix?: Restrictions["fix"];
  readonly tie?: Restrictions["tie"];
  readonly bounds?: Restrictions["bounds"];
  readonly ridge?: RidgeOption;
  readonly common?: readonly string[];
  readonly range?: Restrictions["ranges"];
  readonly start?: readonly string[];
  readonly restarts?: number | "auto";
}

/** Adds the flags of `DataFlags`, but for --group. */
export const dataFlags = (command: Command): Command =>
  rowFlags(supplyFlags(tableFlags(lawFlags(command))));

/** What is fitted. */
const lawFlags = (command: Command): Command =>
  command
    .optionsGroup("Laws:")
    .option(
      "--law <LAWS>",
      `laws, comma-separated: names ("mixlaw laws" lists them) or formulas (default: ${DEFAULT_LAW}); here and in all lists of names, repeated flags add up`,
      joined,
    )
    .option(
      "--law-file <FILE>",
      "a law as a formula with its parameters, in YAML; may be repeated",
      several,
    )
    .option(
      "--formula <FORMULA>",
      "fit any table: 'y = b1*(1 - exp(-b2*x))'; names that are columns are inputs, others parameters of any sign",
    );

/** To which columns and rows. */
const tableFlags = (command: Command): Command =>
  command
    .optionsGroup("Data:")
    .option(
      "--response <COL>",
      "the one column to fit, which need be no loss; squared loss unless --loss says otherwise",
    )
    .option("--inputs <COLS>", "columns that a formula reads, comma-separated", added(words))
    .option(
      "--targets <COLS>",
      `loss columns: names and globs, comma-separated, !name leaves one out (default: ${USUAL_COLUMNS.targets})`,
      joined,
    )
    .option("--params <COL>", `column of the parameter count N (default: ${USUAL_COLUMNS.params})`)
    .option("--tokens <COL>", `column of the token count D (default: ${USUAL_COLUMNS.tokens})`)
    .option("--units <UNITS>", UNITS_HELP, countUnits)
    .option(
      "--weights <COLS>",
      `columns of the mixture's shares, like --targets (default: ${USUAL_COLUMNS.weights})`,
      joined,
    )
    .option(
      "--phases <PHASES>",
      "phases of the runs, and their parts of the tokens, numbers or columns: main=0.8,anneal=rest; columns main_* and anneal_* are their shares",
      phaseParts,
    )
    .option(
      "--normalize",
      "divide the shares of each row by their sum: for percent, counts and rounded shares",
    )
    .option(
      "--join <COL>",
      "put the columns of several tables beside each other, in the rows with the same value of a column; without it rows follow each other",
    )
    .option(
      "--long <COLS>",
      "rows of a long table become columns: NAME,VALUE or KEY,NAME,VALUE or KEY,KIND,NAME,VALUE, such as run,domain,share",
    )
    .option(
      "--input <NAME=COL>",
      "column of another input of a law or formula; may be repeated",
      mapping,
    );

/** Flags of the supply. */
const supplyFlags = (command: Command): Command =>
  command
    .option(
      "--available <TOKENS>",
      "the unique tokens there are by domain, web=1.2T,code=300B or a table: for laws that know of repetition, and kept for optimize and predict",
      joined,
    )
    .option(
      "--supply <COLS>",
      `columns of each domain's unique tokens, where supply differs by run (default: ${USUAL_COLUMNS.supply})`,
      joined,
    );

/** Flags of what rows count, and how much. */
const rowFlags = (command: Command): Command =>
  command
    .option(
      "--where <EXPR>",
      `rows to use, such as "split == 'train' and n_tokens/n_params >= 20": comparisons of columns, numbers (7B, 12%) and quoted text, arithmetic, in (…), is missing, and, or, not; repeated, all must hold`,
      conditions("and"),
    )
    .option(
      "--test <EXPR>",
      "rows to hold out: scored, never fitted; repeated, each adds rows",
      conditions("or"),
    )
    .option(
      "--sigma <COLS>",
      "standard deviations of the losses, or the ends of 95 % intervals: 'ci95lo_*,ci95hi_*'",
      joined,
    )
    .option("--row-weights <COL>", "column of weights that rows have in the objective");

/** The loss of fits to tables that need not be of language models. */
const FORMULA_LOSS: LossKind = "squared";

/** "huber (robust, the default) or …" */
const LOSSES_IN_WORDS = either(
  LOSSES.map((name) => {
    const notes = [
      lossOf(name).summary,
      ...(name === DEFAULTS.loss ? ["the default"] : []),
      ...(name === FORMULA_LOSS ? ["the default with --formula and --response"] : []),
    ];
    return `${name} (${notes.join(", ")})`;
  }),
);

export const SIGNS_IN_WORDS = `exponents γ of the joint and full laws: ${either(SIGNS)}`;

export const objectiveFlags = (command: Command): Command =>
  command
    .optionsGroup("Loss and parameters:")
    .option("--loss <KIND>", LOSSES_IN_WORDS, choice("--loss", LOSSES))
    .option(
      "--delta <X>",
      `${DELTA_IN_WORDS}, in units of the residual (default: ${DEFAULTS.delta}; of raw residuals ${DEFAULTS.delta} times the median loss where that is below 0.1 or above 20)`,
      numeric("--delta"),
    )
    .option(
      "--residual <KIND>",
      RESIDUALS_IN_WORDS,
      choice("--residual", RESIDUALS),
      DEFAULTS.residual,
    )
    .option("--signs <KIND>", SIGNS_IN_WORDS, choice("--signs", SIGNS), DEFAULTS.signs)
    .option(
      "--fix <NAME=X>",
      "hold a parameter at a value: alpha=0.34, 'gamma[web]=0.5', or gamma=0.5 for all domains; may be repeated",
      fixes,
    )
    .option(
      "--tie <NAME=OTHER>",
      "make a parameter follow another: alpha=beta; gamma alone is one γ for all domains",
      tied,
    )
    .option(
      "--bounds <NAME=LO:HI>",
      "keep a parameter in an interval: 'alpha=0:1'; an end may be left open",
      bounded,
    )
    .option(
      "--ridge <[NAME=]X>",
      "λ of a ridge, which draws the parameters of domains to their mean or to 0: 1e-4, or auto by cross-validation; alpha=1e-4 names parameters",
      ridged,
    )
    .option(
      "--common <NAMES>",
      "parameters that all targets have in common, such as alpha,beta: the targets are then one fit",
      labelsOf,
    )
    .optionsGroup("Search:")
    .option("--range <NAME=LO:HI>", "where random starts of a parameter are drawn", ranged)
    .option(
      "--start <NAME=X,…>",
      "a start: values of all parameters, or a table of starts, a row each; may be repeated",
      several,
    )
    .option(
      "--restarts <N>",
      `random starts for each target, or auto (default; none with --start): in batches, at most ${DEFAULTS.restarts}, until another one would hardly find a new optimum`,
      (text) => (text === "auto" ? text : whole("--restarts")(text)),
    );

const restartsOf = ({
  restarts,
}: ObjectiveFlags): Pick<FitOptions, "restarts" | "adaptiveRestarts"> =>
  restarts === "auto" ? { adaptiveRestarts: true } : given({ restarts });

/** The options of a fit that these flags say. */
export async function objectiveOf(
  flags: ObjectiveFlags & Pick<DataFlags, "formula" | "response">,
): Promise<FitOptions> {
  return {
    loss:
      flags.formula === undefined && flags.response === undefined ? DEFAULTS.loss : FORMULA_LOSS,
    ...pick(flags, [
      "loss",
      "delta",
      "residual",
      "signs",
      "fix",
      "tie",
      "bounds",
      "ridge",
      "common",
    ]),
    ...restartsOf(flags),
    ranges: flags.range ?? {},
    starts: await startsOf(flags.start ?? []),
  };
}

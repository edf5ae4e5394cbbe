/** `mixlaw validate`: how well laws predict runs that they were not fitted to. */
import { type Command, Option } from "commander";
import { type Backend, type By, InputError, openEngine, type Validation } from "../node.ts";
import { DEFAULTS, fitSettings, type Restrictions } from "../options.ts";
import { bounded, fixes, ranged, startsOf, startTexts, tied } from "./adjust.ts";
import { finished, INTERRUPTED, interruption } from "./interrupt.ts";
import { json } from "./json.ts";
import { print, style, tell, width } from "./output.ts";
import { type DataFlags, prepare } from "./prepare.ts";
import { PROGRESS, reporter } from "./progress.ts";
import { quietly } from "./quiet.ts";
import { type Destination, destination } from "./save.ts";
import { curveCsv, validation, validationCsv } from "./validation.ts";
import { choice, mapping, numeric, pick, several, whole, words } from "./values.ts";

interface Flags extends DataFlags {
  readonly by?: string;
  readonly folds: number;
  readonly curve?: string;
  readonly loss?: "huber" | "squared";
  readonly delta: number;
  readonly residual: "raw" | "log" | "relative";
  readonly signs: "positive" | "free";
  readonly fix?: Restrictions["fix"];
  readonly tie?: Restrictions["tie"];
  readonly bounds?: Restrictions["bounds"];
  readonly range?: Restrictions["ranges"];
  readonly start?: readonly string[];
  readonly restarts?: number;
  readonly seed: number;
  readonly level: number;
  readonly backend: Backend;
  readonly threads?: number;
  readonly out?: string;
  readonly json?: true;
  readonly progress: (typeof PROGRESS)[number];
}

const EXAMPLES = `
--by says what is held out: COL, folds of the values of a column, which are never split; largest:COL, the rows with
the largest value of a column; mixture, folds of the distinct mixtures; row, folds of rows; test, the rows of
--test. The default is test where --test is given, else mixture, else row. Laws are ranked by the mean relative
error on the rows held out. --out writes JSON, "mixlaw/validation@1", or, to a name in .csv, the scores by law and
target, and the learning curve beside it: scores.csv, scores-curve.csv.

Examples:
  mixlaw validate runs.csv --law simple,additive,joint
  mixlaw validate runs.csv --law simple,additive,joint --by largest:n_params
  mixlaw validate runs.csv --law additive --by run_id --folds 10 --curve mixtures --out validation.json
  mixlaw validate runs.csv --law linear,mixture --where "split == 'train'" --test "split == 'test'"

Ctrl-C stops and keeps the laws that were done; a second one leaves at once.
Exit codes: 0 done, 1 bad input, 2 a fit to all rows did not converge, 130 interrupted.`;

export function addValidate(program: Command): void {
  program
    .command("validate")
    .summary("rank laws by how well they predict runs they were not fitted to")
    .description("Fits laws to parts of a table of runs, predicts the rest, and ranks the laws by their errors there, with intervals.")
    .argument("<RUNS>", "table of runs")
    .option("--law <LAWS>", 'laws, comma-separated: names ("mixlaw laws" lists them) or formulas (default: additive)')
    .option("--law-file <FILE>", "a law as a formula with its parameters, in YAML; may be repeated", several)
    .option(
      "--formula <FORMULA>",
      "validate any formula: 'y = b1*(1 - exp(-b2*x))'; names that are columns are inputs, others parameters of any sign",
    )
    .option("--response <COL>", "the one column to fit, which need be no loss; squared loss unless --loss says otherwise")
    .option("--inputs <COLS>", "columns that a formula reads, comma-separated", words)
    .option("--by <WHAT>", "what is held out: COL, largest:COL, mixture, row or test; see below")
    .option("--folds <K>", "parts that are held out in turn", whole("--folds", 2), 5)
    .addOption(
      new Option("--curve <OVER>", "also the error on unseen mixtures against the number of mixtures fitted").choices(["mixtures"]),
    )
    .option("--targets <COLS>", "loss columns: names and globs, comma-separated, !name leaves one out (default: loss_*)")
    .option("--params <COL>", "column of the parameter count N (default: n_params)")
    .option("--tokens <COL>", "column of the token count D (default: n_tokens)")
    .option("--weights <COLS>", "columns of the mixture's shares, like --targets (default: h_*)")
    .option("--input <NAME=COL>", "column of another input of a law or formula; may be repeated", mapping)
    .option("--where <EXPR>", `rows to use: comparisons, in (…), and, or, not, such as "split == 'train'"`)
    .option("--test <EXPR>", "rows that are never fitted; held out with --by test")
    .option("--sigma <COLS>", "standard deviations of the losses, or the ends of 95 % intervals: 'ci95lo_*,ci95hi_*'")
    .option("--row-weights <COL>", "column of weights that rows have in the objective")
    .option(
      "--loss <KIND>",
      "huber (robust, the default) or squared (the default with --formula and --response)",
      choice("--loss", ["huber", "squared"]),
    )
    .option("--delta <X>", "corner of the Huber loss, in units of the residual", numeric("--delta"), DEFAULTS.delta)
    .option("--residual <KIND>", "raw, log or relative", choice("--residual", ["raw", "log", "relative"]), DEFAULTS.residual)
    .option(
      "--signs <KIND>",
      "exponents γ of the joint and full laws: positive or free",
      choice("--signs", ["positive", "free"]),
      DEFAULTS.signs,
    )
    .option("--fix <NAME=X>", "hold a parameter at a value: alpha=0.34, 'gamma[web]=0.5'; may be repeated", fixes)
    .option("--tie <NAME=OTHER>", "make a parameter follow another: alpha=beta; gamma alone is one γ for all domains", tied)
    .option("--bounds <NAME=LO:HI>", "keep a parameter in an interval: 'alpha=0:1'; an end may be left open", bounded)
    .option("--range <NAME=LO:HI>", "where random starts of a parameter are drawn", ranged)
    .option("--start <NAME=X,…>", "a start of the fit to all rows, as for fit; may be repeated", startTexts)
    .option("--restarts <N>", `random starts for each target on all rows (default: ${DEFAULTS.restarts})`, whole("--restarts"))
    .option("--seed <S>", "seed of folds and starts", numeric("--seed"), DEFAULTS.seed)
    .option("--level <X>", "confidence level of the intervals", numeric("--level"), DEFAULTS.level)
    .option("--backend <KIND>", "auto, webgpu or cpu", choice("--backend", ["auto", "webgpu", "cpu"]), "auto")
    .option("--threads <N>", "threads for float64 work (default: all cores)", whole("--threads"))
    .option("--out <FILE>", "write the result to a file")
    .option("--json", "print JSON instead of tables")
    .option("--progress <KIND>", "on stderr: auto (a bar on a terminal), bar, json (lines) or none", choice("--progress", PROGRESS), "auto")
    .addHelpText("after", EXAMPLES)
    .action(validate);
}

/** --by as what is held out and the column that says so. */
function heldOut(text: string | undefined): { readonly by?: By; readonly group?: string } {
  const what = text?.trim();
  if (what === undefined) return {};
  if (what === "mixture" || what === "row" || what === "test") return { by: what };
  if (!what.startsWith("largest:")) return { by: "group", group: what };
  const group = what.slice("largest:".length).trim();
  if (group === "") throw new InputError("--by largest: names no column; write it like largest:n_params", { flag: "--by" });
  return { by: "largest", group };
}

const asJson = (found: Validation): string => `${json(found)}\n`;

interface Output {
  readonly to: Destination;
  readonly text: (found: Validation) => string;
}

/** What is written where, found to be writable: JSON, or the tables as CSV, each to a file of its own. */
async function outputsOf({ out, curve }: Flags, path: string): Promise<Output[]> {
  if (out === undefined) return [];
  const scores = await destination(out, path);
  if (!/\.csv$/i.test(out)) return [{ to: scores, text: asJson }];
  const tables = [{ to: scores, text: validationCsv }];
  if (curve === undefined) return tables;
  return [...tables, { to: await destination(out.replace(/(\.csv)$/i, "-curve$1"), path), text: curveCsv }];
}

async function validate(path: string, flags: Flags): Promise<void> {
  const settings = fitSettings({
    loss: flags.formula === undefined && flags.response === undefined ? DEFAULTS.loss : "squared",
    ...pick(flags, ["loss", "delta", "residual", "signs", "restarts", "seed", "level", "fix", "tie", "bounds"]),
    ranges: flags.range ?? {},
    starts: await startsOf(flags.start ?? []),
  });
  const { by, ...group } = heldOut(flags.by);
  const outputs = await outputsOf(flags, path);
  const { laws, runs } = await prepare(path, { ...flags, ...group }, true);
  const progress = reporter(flags.progress);
  const { signal, release } = interruption((sentence) => {
    progress.stop();
    progress.notice(sentence);
  });
  const engine = await quietly(() => openEngine({ ...pick(flags, ["backend", "threads"]), onNotice: progress.notice }));
  try {
    if (flags.backend === "auto") await quietly(() => engine.describe());
    const options = {
      ...settings,
      ...(by === undefined ? {} : { by }),
      folds: flags.folds,
      curve: flags.curve !== undefined,
      signal,
      onProgress: progress.update,
    };
    const found = await finished(engine.validate(laws, runs, options));
    progress.stop();
    if (found === undefined) tell("interrupted before any law was validated");
    else {
      if (flags.json === true) process.stdout.write(asJson(found));
      else print(validation(found, { width: width(), style: style() }));
      for (const { to, text: write } of outputs) await to.save(write(found));
      if (outputs.length > 0 && flags.json !== true) print(`\n${style().dim(`Wrote ${outputs.map(({ to }) => to.path).join(" and ")}.`)}`);
      const missing = laws.filter((law) => ![...found.laws, ...found.failed].some((one) => one.law === law.name));
      if (missing.length > 0) tell(`interrupted before ${missing.map((law) => law.name).join(", ")} was validated`);
    }
    if (signal.aborted) process.exitCode = INTERRUPTED;
    else if (found?.laws.some(({ unfinished }) => unfinished.length > 0) === true) process.exitCode = 2;
  } finally {
    progress.stop();
    release();
    await engine.close();
  }
}

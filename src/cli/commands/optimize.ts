/** `mixlaw optimize`: the best mixture, from a fit file. */
import type { Command } from "commander";
import type { DataPaths } from "../../mixture/formats/paths.ts";
import {
  checkDomains,
  checkPhaseFor,
  notationOf,
  optimumFormatOf,
  type OptimumFormat,
} from "../../mixture/formats/optimum-formats.ts";
import { addOptimizeFlags, type AskedFlags } from "../flags/optimize/optimize-flags.ts";
import {
  absoluteFlags,
  checkScale,
  flagsFor,
  optionsOf,
} from "../flags/optimize/optimize-request.ts";
import { SEARCHED } from "../../mixture/optimize.ts";
import { bestMixture, bestSizes, choosesSizes, lawsUsed } from "../flags/optimize/run-optimize.ts";
import { pathsOf } from "../flags/shares.ts";
import { checkInputs } from "../flags/values.ts";
import { needOf } from "../flags/laws-and-runs.ts";
import { endHelp } from "../io/help.ts";
import { medium, print, style, tell } from "../io/output.ts";
import { standsAsOptimum } from "../../mixture/request/optimum-verdict.ts";
import { inputNamed } from "../../mixture/request/named-inputs.ts";
import { jobOfFile, requestOf } from "../../mixture/request/request-records.ts";
import { DeadlineError, InputError, ShardDoneError } from "../../base/errors.ts";
import { json } from "../../base/json.ts";
import { given, pick } from "../../base/objects.ts";
import { listed } from "../../base/wording.ts";
import { type FitFile, lawIn, registerPlan } from "../../node.ts";
import { readFit } from "../io/read-text.ts";
import { rowsFor } from "../../data/write/row-table.ts";
import {
  besideOf,
  type Destination,
  destination,
  isParquet,
  optimumDestination,
} from "../io/save.ts";
import { wrap } from "../text/layout.ts";
import { labelOf } from "../../words/finding-label.ts";
import { planDestination } from "../io/plan-destination.ts";
import { exitCodeAfter, isComplete, whatEnded, withEngine } from "../io/with-engine.ts";
import { candidateRows } from "../print/optimum/candidate-rows.ts";
import {
  type Answer,
  checkFormat,
  findingsOf,
  type Format,
  formatted,
  optimaOf,
  readable,
  rowsOf,
} from "../print/optimum/format-optimum.ts";

const EXAMPLES = `
N, D and other counts can be written 7e9, 7B, 150B, 1.5T. Domains and targets are named as in the fit, whatever
signs their names hold; where a list could be read in two ways, put names in quotes: --group '"a+b"<=0.3'. A domain
that a reference does not name has no share in it. --out writes what --format says, or goes by the file's name
(.yaml, .csv, .parquet: the same table as .csv), or writes JSON, "mixlaw/optimum@1". Beside a table mix.csv the
candidates have mix-candidates.csv.

--path takes tokens=1e9,1e10 (a list), params=1e8:1e10:5 (from:to:count, log-spaced), tokens=20x (tokens a
parameter) and flops=1e20:1e24:5 (with tokens=20x at that ratio, alone with the best N and D); several go together.

Examples:
  mixlaw optimize fit.json --params 7B --tokens 150B
  mixlaw optimize fit.json --params 7B --tokens 150B --objective loss_code=2,loss_web=1 --floor web=10%
  mixlaw optimize fit.json --params 7B --tokens 150B --available tokens.csv --max-epochs 4 --out mixture.json
  mixlaw optimize fit.json --params 7B --tokens 150B --objective worst --reference now.yaml --trust 'l1<=0.2'
  mixlaw optimize fit.json --params 7B --tokens 150B --lattice 1/1000 --format megatron --paths paths.yaml
  mixlaw optimize fit.json --params 7B --tokens 150B --candidates mixtures.csv --register plan.json
  mixlaw optimize fit.json --path params=1e8:1e10:5 --path tokens=20x
  mixlaw optimize fit.json --flops 1e22
  mixlaw optimize repeat.json --flops 1e22 --input unique_tokens=20B      a law without a mixture: N and D

Ctrl-C (or SIGTERM, SIGHUP) stops: what was found so far, along a path the rows that there are, is printed and goes
to mixture.json.partial.json, not to the file of --out; a second one leaves at once, and so does the first one while there
is nothing to keep.
Exit codes: 0 done, 1 bad input or no feasible mixture, 2 no optimum (its conditions do not hold, or replicates of
the bootstrap lead to another one) or the deadline came, 130 interrupted (143 by SIGTERM and 129 by SIGHUP
where they left at once).`;

export function addOptimize(program: Command): void {
  const command = program
    .command("optimize")
    .summary("find the best mixture from a fit file")
    .description(
      "Finds the mixture with the least predicted loss, says how sharp it is and what each constraint costs, and proves it where it can be proved.",
    )
    .argument("<FIT>", 'fit file, from "mixlaw fit --out"');
  addOptimizeFlags(command);
  endHelp(command, EXAMPLES).action(optimize);
}

async function optimize(path: string, asked: AskedFlags): Promise<void> {
  const absolute = absoluteFlags(asked);
  const format = asked.json === true ? "json" : asked.format;
  checkFormat(format, asked.path === undefined ? "one" : "path");
  checkScale(absolute);
  const file = await readFit(path);
  const flags = await flagsFor(file, absolute);
  const laws = lawsUsed(file, flags.law);
  const { inputs } = needOf(laws.map((name) => lawIn(file, name).uses));
  const asInput = (name: string): string =>
    inputs.includes(name) ? name : (inputNamed(file, name) ?? name);
  checkInputs(Object.keys(asked.input ?? {}).map(asInput), inputs);
  const sizes = choosesSizes(file, flags);
  if (sizes) checkFormat(format, "sizes");
  if (sizes && flags.shard !== undefined)
    throw new InputError("--shard: N and D alone take no time; there is nothing to divide");
  const to = await destinationsOf({ path, file, format, sizes }, flags, asked);
  const plan = await planFor(flags.register, sizes);
  if (sizes) return write(await bestSizes(file, flags), { ...to, complete: true });
  if (flags.path === undefined) checkWritten(file, to);
  else if (flags.phase !== undefined)
    throw new InputError("--phase writes one mixture, and --path gives several: leave one out");
  const options = await optionsOf(flags);
  const outcome = await withEngine(
    flags,
    async ({ engine, signal, onProgress, records, deadline }) => {
      await records?.begin(
        jobOfFile("optimize", file, {
          ...requestOf(options),
          ...pick(flags, ["path", "flops"]),
        }),
      );
      const solving = {
        ...options,
        ...given({ records, deadline }),
        signal,
        onProgress: (fraction: number) =>
          onProgress({ law: laws.join(), stage: "mixture", fraction }),
      };
      const answer = await bestMixture(file, flags, solving, (one) => engine.optimize(file, one));
      if (records?.shard !== undefined)
        throw answer?.unfinished === undefined ? new ShardDoneError() : new DeadlineError();
      return answer;
    },
    // Along a path every row is kept; a single search has nothing to keep before it ends, and one
    // of its descents may take seconds.
    (fraction) => flags.path !== undefined || flags.flops !== undefined || fraction > SEARCHED,
  );
  const { answer, failure } = outcome;
  if (answer === undefined) tell(`${whatEnded(outcome)} before any mixture was found`);
  else {
    await write(answer, { ...to, complete: isComplete(outcome) });
    await writePlan(plan, file, answer, isComplete(outcome) ? format : undefined);
  }
  if (failure !== undefined) throw failure.error;
  if (answer?.unfinished !== undefined) tell(answer.unfinished.sentence);
  process.exitCode = exitCodeAfter(outcome, exitCode(answer));
}

/** Where the answer goes, checked before the work. */
async function destinationsOf(
  of: Pick<Output, "path" | "format"> & { readonly file: FitFile; readonly sizes: boolean },
  flags: Pick<AskedFlags, "out" | "phase" | "paths">,
  asked: AskedFlags,
): Promise<Omit<Output, "complete">> {
  const { path, file, format, sizes } = of;
  const { phase } = flags;
  const out = flags.out === undefined ? undefined : await optimumDestination(flags.out, format);
  const hasPaths = flags.paths !== undefined && !sizes;
  const paths = hasPaths ? await pathsOf(flags.paths, writtenDomains(file, phase)) : {};
  const ranking = sizes ? undefined : await rankingOf(asked, format);
  return { path, format, paths, out, phase, ranking };
}

/** The domains of the mixture that is written: of one phase, where that is asked for. */
const writtenDomains = ({ data }: FitFile, phase: string | undefined): readonly string[] =>
  (phase === undefined ? undefined : data.phases?.domains) ?? data.domains;

/** The file of the candidates beside that of --out, which is a table of the mixture. */
async function rankingOf(flags: AskedFlags, format: Format): Promise<Destination | undefined> {
  const { out, candidates } = flags;
  const isTable = format === "table" || format === "csv";
  if (out === undefined || candidates === undefined || !isTable) return undefined;
  const beside = besideOf(out, "candidates");
  return beside === undefined ? undefined : destination(beside);
}

/** Throws the InputError for a phase or a domain that the format that is written cannot carry. */
function checkWritten(
  file: FitFile,
  { format, out, paths, phase }: Pick<Output, "format" | "out" | "paths" | "phase">,
): void {
  const as = format === "table" && out !== undefined ? optimumFormatOf(out.path) : format;
  checkPhaseFor(as === "table" ? "json" : as, file.data.phases?.names, phase);
  if (as !== "table") checkDomains(writtenDomains(file, phase), as, paths, notationOf(out?.path));
}

interface Output {
  /** Of the fit file. */
  readonly path: string;
  readonly format: Format;
  /** Data paths by domain. */
  readonly paths: DataPaths;
  readonly out: Destination | undefined;
  /** The phase that is written, where one is named. */
  readonly phase: string | undefined;
  /** Of the candidates, where they have a file of their own. */
  readonly ranking?: Destination | undefined;
  /** Whether the answer is all that was asked for. */
  readonly complete: boolean;
}

/** Writes the answer to stdout, and to the file of --out. */
async function write(answer: Answer, output: Output): Promise<void> {
  const { path, format, paths, out, complete, phase, ranking } = output;
  const text = (as: OptimumFormat): string =>
    formatted(answer, as, paths, notationOf(out?.path), phase);
  const save = async (as: OptimumFormat): Promise<void> => {
    if (out === undefined) return;
    const content = isParquet(out.path) ? await rowsFor(out.path, rowsOf(answer, phase)) : text(as);
    await (complete ? out.save(content) : out.savePartial(content));
    if (ranking !== undefined && complete)
      await ranking.save(await rowsFor(ranking.path, candidateRows(optimaOf(answer))));
  };
  if (format !== "table") {
    process.stdout.write(text(format));
    for (const { code, sentence } of findingsOf(answer)) tell(`${labelOf(code)}: ${sentence}`);
    await save(format);
    return;
  }
  print(readable(answer, { source: path, ...medium() }));
  if (out === undefined) return;
  await save(optimumFormatOf(out.path));
  const written = [out, ranking].flatMap((file) => file?.path ?? []);
  if (complete) print(`\n${style().dim(`Wrote ${listed(written)}.`)}`);
}

type PlanFile = Awaited<ReturnType<typeof planDestination>> | undefined;

/** Where the plan goes; undefined where none is asked for. */
async function planFor(path: string | undefined, isWithoutMixture: boolean): Promise<PlanFile> {
  if (path === undefined) return undefined;
  if (!isWithoutMixture) return planDestination(path);
  throw new InputError("--register: these laws have no mixture; there is none to write down");
}

/** Registers the answer; `format` is undefined where it lacks something: half a plan is none. */
async function writePlan(
  plan: PlanFile,
  file: FitFile,
  answer: Answer,
  format: Format | undefined,
): Promise<void> {
  if (plan === undefined) return;
  if (format === undefined) {
    tell(`${plan.path} is not written: the answer lacks something, and half a plan is none`);
    return;
  }
  const registered = registerPlan(file, optimaOf(answer));
  await plan.save(`${json(registered)}\n`);
  const sentence = `Registered ${plan.path}, SHA-256 ${registered.sha256}: put it where others see when, before the runs are trained.`;
  if (format === "table") print(`\n${wrap(sentence, medium().width)}`);
  else tell(sentence);
}

const exitCode = (answer: Answer | undefined): number =>
  answer !== undefined && optimaOf(answer).some(({ verdict }) => !standsAsOptimum(verdict)) ? 2 : 0;

/** `mixlaw verify`: a fit file's fits, repeated and compared. */
import { type Command, Option } from "commander";
import { json } from "../../base/json.ts";
import { given } from "../../base/objects.ts";
import { BACKENDS, readTables, verify as verifyFit } from "../../node.ts";
import type { Verification } from "../../verify/verification.ts";
import { adapterFlag, longJobFlags, progressFlag, threadsFlag } from "../flags/common-flags.ts";
import { endHelp } from "../io/help.ts";
import { medium, print, style, tell } from "../io/output.ts";
import { readFitWithRows } from "../io/read-text.ts";
import { documentDestination } from "../io/save.ts";
import { type EngineFlags, exitCodeAfter, whatEnded, withEngine } from "../io/with-engine.ts";
import { verificationTable } from "../print/verification-table.ts";

interface Flags extends Omit<EngineFlags, "backend"> {
  readonly backend?: EngineFlags["backend"];
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
The table is read with the columns, filters and units that the fit file records, and every fit in it is repeated
with its law, settings and seed. On the same adapter, with the same version, all numbers must come out the same.
Elsewhere objectives may differ by 1e-9 of their size, predicted losses and scores by 1e-6, parameters by what
that leaves open of them, intervals of predicted losses by a fifth of their width, the mean over the rows; how the
search went does not count. Parameters that the runs do not determine are shown and never count.

Where the fit file keeps its rows and the table has others, the rows and columns that differ are named, and the
fits are repeated on the rows that the file keeps: a changed table is told from a changed number.

Examples:
  mixlaw verify fit.json runs.csv
  mixlaw verify fit.json runs.csv --backend cpu
  mixlaw verify fit.json runs.csv --json > verification.json
  mixlaw verify fit.json runs.csv --resume again --deadline 50m

The folder of --resume is one of its own: what the fit itself has recorded is not repeated by looking it up.

Exit codes: 0 the same, 1 cannot be repeated, 2 something differs or the deadline came, 130 interrupted.`;

export function addVerify(program: Command): void {
  const command = program
    .command("verify")
    .summary("repeat a fit and report every difference")
    .description(
      "Repeats the fits of a fit file on their table of runs, and reports what comes out otherwise: the table, a number, the version, the adapter.",
    )
    .argument("<FIT>", 'fit file, from "mixlaw fit --out"')
    .argument("<RUNS...>", "table of runs that was fitted, or the several that were")
    .addOption(
      new Option(
        "--backend <KIND>",
        "where to repeat it (default: the kind of backend that the file records)",
      ).choices(BACKENDS),
    );
  adapterFlag(command);
  threadsFlag(command);
  longJobFlags(command)
    .optionsGroup("Output:")
    .option("-o, --out <FILE>", 'write JSON, "mixlaw/verification@1"')
    .option("--json", "print JSON instead of a table");
  progressFlag(command);
  endHelp(command, EXAMPLES).action(verify);
}

async function verify(fitPath: string, runPaths: readonly string[], flags: Flags): Promise<void> {
  const file = await readFitWithRows(fitPath);
  const out = flags.out === undefined ? undefined : await documentDestination(flags.out);
  const { join, long } = file.data.reading ?? {};
  const table = await readTables(runPaths, given({ join, long }));
  const backend = flags.backend ?? file.backend.kind;
  const outcome = await withEngine<Verification>({ ...flags, backend }, ({ engine, ...watch }) =>
    verifyFit(file, table, engine, watch),
  );
  const { answer } = outcome;
  if (answer === undefined) tell(`${whatEnded(outcome)} before the fits were repeated`);
  else {
    const text = json(answer);
    print(flags.json === true ? text : verificationTable(answer, fitPath, medium()));
    await out?.save(`${text}\n`);
    if (out !== undefined && flags.json !== true) print(`\n${style().dim(`Wrote ${out.path}.`)}`);
  }
  process.exitCode = exitCodeAfter(outcome, exitCode(answer));
}

const exitCode = (answer: Verification | undefined): number =>
  answer?.verdict.status === "differs" ? 2 : 0;

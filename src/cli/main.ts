/** The entry of the command line. */
import { tellFailure } from "./io/failures.ts";
import { letSignalsEnd } from "./io/interrupt.ts";
import { keepsDevices } from "../node/kept-devices.ts";
import { watchOutput } from "./io/output.ts";
import { runCommand } from "./program.ts";

watchOutput();
// A rejection that nobody handles is one too.
process.on("uncaughtException", (error) => process.exit(tellFailure(error)));
process.exitCode = await runCommand(process.argv.slice(2));
letSignalsEnd(); // what is left is to print
// A driver at work on what nobody waits for any more would keep the process.
if (keepsDevices()) process.stdout.write("", () => process.exit());

/** The file of --trace: a timeline of the run. */
import { performance } from "node:perf_hooks";
import { MixlawError } from "../../base/errors.ts";
import { Trace } from "../../node.ts";
import { tell } from "./output.ts";
import { documentDestination } from "./save.ts";

/** A trace that goes to a file. */
export interface Recording {
  readonly trace: Trace;
  /**
   * Writes what was recorded, also of a run that was stopped. A trace that cannot be written is
   * told, and is the exit code 1 where nothing else is wrong: the result of the run is kept.
   */
  save(): Promise<void>;
}

/** Begins the trace of this process, which goes to a file. Throws where that cannot be written. */
export async function beginTrace(path: string): Promise<Recording> {
  const file = await documentDestination(path, "--trace");
  const trace = new Trace();
  const { bootstrapComplete } = performance.nodeTiming;
  const begun = trace.now();
  trace.add({ name: "start of Node", kind: "warm-up", begin: 0, end: bootstrapComplete });
  trace.add({ name: "program and input", kind: "stage", begin: bootstrapComplete, end: begun });
  return {
    trace,
    async save() {
      try {
        await file.save(`${JSON.stringify(trace)}\n`);
      } catch (error) {
        if (!(error instanceof MixlawError)) throw error;
        tell(error.message);
        process.once("exit", () => {
          process.exitCode = Number(process.exitCode ?? 0) || 1;
        });
      }
    },
  };
}

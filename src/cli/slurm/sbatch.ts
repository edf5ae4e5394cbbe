/** Slurm's own commands. */
import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { InputError } from "../../base/errors.ts";

/** Slurm's default of MaxArraySize. */
export const USUAL_ARRAY_SIZE = 1001;

/** Milliseconds that the controller has for its answer. */
const PATIENCE = 20_000;

/** MaxArraySize of the cluster; undefined where there is no Slurm that answers. */
export async function arraySizeHere(): Promise<number | undefined> {
  const answer = await promisify(execFile)("scontrol", ["show", "config"], {
    timeout: PATIENCE,
  }).catch(() => undefined);
  const size = /^MaxArraySize\s*=\s*(\d+)/m.exec(answer?.stdout ?? "")?.[1];
  return size === undefined || Number(size) < 1 ? undefined : Number(size);
}

/** Runs the script that submits; what sbatch says goes to the terminal. */
export async function submit(script: string): Promise<void> {
  const child = spawn("sh", [script], { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 127)
    throw new InputError(
      `--submit: there is no sbatch here. Run "sh ${script}" where the cluster's jobs are submitted`,
    );
  if (code !== 0)
    throw new InputError(
      `--submit: sbatch failed, as it says above; the scripts are beside ${script}`,
    );
}

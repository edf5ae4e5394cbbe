/** JAX on the same card, where Python has a JAX that sees it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FitCase } from "../cases.ts";
import type { Measured } from "../measure.ts";
import { taskFor } from "../peers/peer-task.ts";
import type { PeerResult } from "../peers/run-peers.ts";
import { runFor } from "./part.ts";

export interface JaxReport {
  /** "gpu NVIDIA H200". */
  readonly device?: string;
  readonly results: readonly PeerResult[];
  /** Why there are none, or not all. */
  readonly why?: string;
}

const PROBE =
  "import jax, jaxopt, scipy; d = jax.devices()[0]; print('device', d.platform, d.device_kind)";
const FOLDER = ".cache/bench";
/** Peers of bench/peers/main.py that run on the card. */
const PEERS = ["jax-lm", "jax-bootstrap"];

/** Runs JAX's fits of a case, for so many seconds at most. */
export async function runJax(
  seconds: number,
  python: string,
  fit: FitCase,
  own: Measured | undefined,
  tiny: boolean,
): Promise<JaxReport> {
  const began = performance.now();
  const probe = await runFor(seconds, python, ["-c", PROBE]);
  const [, device] = /^device (.*)$/m.exec(probe.output) ?? [];
  if (device === undefined)
    return { results: [], why: `${python} did not import JAX, jaxopt and SciPy: ${probe.why ?? "it named no device"}` }; // prettier-ignore
  if (!tiny && device.startsWith("cpu"))
    return { results: [], device, why: "JAX sees no GPU: its packages are those for processors" };
  const task = await taskFor(fit, tiny, own);
  if (task === undefined) return { results: [], device, why: "the data are not there" };
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `jax-${fit.name}.json`);
  const each = Math.max(1, seconds / 3);
  const job = { kind: "fit", ...task, peers: PEERS, tiny, seconds: each, patience: {} };
  writeFileSync(file, JSON.stringify(job));
  const left = Math.max(1, seconds - (performance.now() - began) / 1000);
  const { output, why } = await runFor(left, python, ["bench/peers/main.py", file]);
  const results = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as PeerResult);
  return { device, results, ...(why === undefined ? {} : { why }) };
}

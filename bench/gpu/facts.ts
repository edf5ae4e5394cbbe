/** What a card, its driver and the code are. */
import type { EngineReport } from "../../src/fit/backends.ts";
import { type Machine, machine } from "../machine.ts";
import { resultOf, runFor } from "./part.ts";

export interface Facts {
  /** The commit, with "+" where files differ from it. */
  readonly commit: string;
  readonly machine: Machine;
  readonly adapter: string;
  readonly vendor: string;
  readonly software: boolean;
  readonly limits: Readonly<Record<string, number>>;
  /** What `nvidia-smi` says, by its names of fields; none without it. */
  readonly card: Readonly<Record<string, string>>;
}

/** Fields of `nvidia-smi --query-gpu`. */
const FIELDS = [
  "name",
  "driver_version",
  "vbios_version",
  "compute_cap",
  "memory.total",
  "power.limit",
  "clocks.max.sm",
  "clocks.max.memory",
  "pstate",
  "temperature.gpu",
  "utilization.gpu",
  "mig.mode.current",
] as const;

async function cardFacts(): Promise<Facts["card"]> {
  const { output, why } = await runFor(10, "nvidia-smi", [
    `--query-gpu=${FIELDS.join(",")}`,
    "--format=csv,noheader",
  ]);
  if (why !== undefined) return {};
  const [line = ""] = output.split("\n");
  const values = line.split(", ");
  return Object.fromEntries(FIELDS.map((field, i) => [field, values[i] ?? ""]));
}

async function commitOf(): Promise<string> {
  const head = await runFor(10, "git", ["rev-parse", "--short=12", "HEAD"]);
  if (head.why !== undefined) return "unknown";
  const status = await runFor(10, "git", ["status", "--porcelain", "--untracked-files=no"]);
  return `${head.output.trim()}${status.output.trim() === "" ? "" : "+"}`;
}

/** The facts; undefined with the reason where there is no adapter. `named`: the commit, if told. */
export async function factsOf(
  probe: string,
  named: string | undefined,
): Promise<{ readonly facts?: Facts; readonly why?: string }> {
  const { result, why } = await resultOf<EngineReport>(60, [probe]);
  const { adapter } = result ?? {};
  if (adapter === undefined) return { why: result?.why ?? why ?? "there is no adapter" };
  const { description, vendor, software, limits } = adapter;
  const [commit, card] = await Promise.all([named ?? commitOf(), cardFacts()]);
  return {
    facts: { commit, machine: machine(), adapter: description, vendor, software, limits, card },
  };
}

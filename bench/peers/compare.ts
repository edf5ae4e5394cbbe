/**
 * `npm run bench:peers`: mixlaw beside the tools that a researcher would use otherwise, case after
 * case, each in a process of its own. What is done is kept in bench/results/peers.json as it comes;
 * the same command goes on from there.
 *
 *     npm run bench:peers                              what is not done yet, about 25 minutes on two cores
 *     npm run bench:peers -- --case decay-300          one case (may be given several times)
 *     npm run bench:peers -- --again                   everything anew
 *
 * --tiny                                               that it works; says nothing about speed
 * --seconds S                                          what a peer may take to reach a goal (20)
 * --limit S                                            seconds after which a peer is ended (300)
 * --rounds N                                           searches to a reference, from other random
 *                                                      numbers each, of which medians count (1)
 * --backend auto|webgpu|cpu, --repeats N               of mixlaw; warm runs a case (3)
 * --out FOLDER                                         instead of bench/results
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CASES } from "../cases.ts";
import { child, save } from "../child.ts";
import { type Machine, machine } from "../machine.ts";
import type { Measured } from "../measure.ts";
import { peersMarkdown } from "../report.ts";
import { isCompared, type PeerResult, peersOf, runPeer } from "./run-peers.ts";
import { pythonOfPeers } from "./tools.ts";

/** What is kept. Figures of another commit or machine are not gone on from. */
interface Comparison {
  readonly schema: "mixlaw/peers@1";
  readonly commit: string;
  readonly settings: Readonly<Record<string, unknown>> & { readonly tiny: boolean };
  readonly machine: Machine;
  readonly cases: Measured[];
  readonly peers: PeerResult[];
  /** Peers that were ended at the limit, or failed: they are not tried again. */
  readonly lost: { readonly case: string; readonly name: string; readonly why: string }[];
}

const { values } = parseArgs({
  options: {
    case: { type: "string", multiple: true },
    tiny: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
    seconds: { type: "string", default: "20" },
    limit: { type: "string", default: "300" },
    rounds: { type: "string", default: "1" },
    backend: { type: "string", default: "auto" },
    repeats: { type: "string", default: "3" },
    out: { type: "string", default: "bench/results" },
  },
});
const { tiny, backend, seconds, limit, rounds, repeats, out } = values;
const unknown = values.case?.find((name) => !CASES.some((c) => c.name === name));
if (unknown !== undefined)
  throw new Error(`there is no case ${unknown}; there are ${CASES.map((c) => c.name).join(", ")}`);

const say = (text: string): void => void process.stderr.write(`peers: ${text}\n`);
const commit = spawnSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" });

function begun(): Comparison {
  const fresh: Comparison = {
    schema: "mixlaw/peers@1",
    commit: commit.status === 0 ? commit.stdout.trim() : "unknown",
    settings: { tiny, backend, seconds, limit, rounds, repeats },
    machine: machine(),
    cases: [],
    peers: [],
    lost: [],
  };
  const file = join(out, "peers.json");
  if (values.again || !existsSync(file)) return fresh;
  const known = JSON.parse(readFileSync(file, "utf8")) as Comparison;
  const key = ({ schema, commit: of, settings, machine: on }: Comparison): string =>
    JSON.stringify([schema, of, settings, on.cpu, on.cores]);
  return key(known) === key(fresh) ? known : fresh;
}

const results = begun();
const keep = (): void => save(out, "peers", results, peersMarkdown(results, CASES));
const python = pythonOfPeers();
if (python.path === undefined) throw new Error(`peers: ${python.why}`);
for (const benchmark of CASES.filter((c) => values.case?.includes(c.name) ?? true)) {
  if (!isCompared(benchmark)) continue;
  const { name } = benchmark;
  let own = results.cases.find((one) => one.case === name);
  if (own === undefined) {
    say(`${name}: mixlaw`);
    const size = tiny ? "tiny" : "full";
    own = await child<Measured>("measure.js", [name, backend, size, repeats], !tiny);
    if (own === undefined) {
      say("  skipped: its data set is not in ../shared/data (set MIXLAW_DATA to its folder)");
      continue;
    }
    results.cases.push(own);
    keep();
  }
  for (const peer of peersOf(benchmark)) {
    const isDone = (one: { readonly case: string; readonly name: string }): boolean =>
      one.case === name && one.name === peer;
    if (results.peers.some(isDone) || results.lost.some(isDone)) continue;
    say(`${name}: ${peer}`);
    const end = await runPeer(python.path, { benchmark, own, peer, tiny, seconds: Number(seconds), limit: Number(limit), rounds: Number(rounds) }); // prettier-ignore
    if ("why" in end) results.lost.push({ case: name, name: peer, why: end.why });
    else results.peers.push(end);
    keep();
  }
}
console.log(peersMarkdown(results, CASES));

/**
 * The first result of the kernel of teams on a software adapter, in a process of its own: a search
 * of one candidate, from the text of the kernel to its end. Run by bench/teams/main.ts with the
 * coordinates of the law and the size of teams.
 */
import { create, globals } from "webgpu";
import { entryOf } from "../../src/base/known.ts";
import { GpuSearcher } from "../../src/fit/search/gpu/searcher.ts";
import { Device } from "../../src/gpu/device.ts";
import { teamsInLoops } from "../../src/gpu/style.ts";
import { laws } from "../../src/laws/catalog/catalog.ts";
import type { Law } from "../../src/laws/law.ts";
import { rest } from "../../src/node/sleep.ts";
import { simulated } from "../cases.ts";
import { pose, startsOf } from "../problem.ts";
import { finish } from "../timing.ts";

/** Laws and domains, by coordinates. */
const LAWS: Readonly<Record<string, readonly [law: Law, domains: number]>> = {
  5: [laws.chinchilla, 1],
  19: [laws.additive, 7],
  33: [laws.joint, 7],
};
const MIXTURES = 40;
const SILENT = { signal: undefined, tick: () => undefined };

/** Seconds. */
export interface FirstResult {
  readonly adapter: string;
  readonly wall: number;
  /** Of all processor cores. */
  readonly processor: number;
  /** A second search, of the kernel that is compiled, by the clock. */
  readonly again: number;
}

const [p = "", team = ""] = process.argv.slice(2);
const [law, domains] = entryOf(LAWS, p);
const posed = pose(law, simulated(law, domains, domains > 1 ? MIXTURES : 1, 1), {});
const { params } = posed.problem.program;
if (params !== Number(p)) throw new Error(`the law has ${params} coordinates, not ${p}`);
const starts = startsOf(posed, 1);

Object.assign(globalThis, globals);
const gpu = create([]);
const device = await Device.open(gpu, { rest });
const failures: string[] = [];
const notice = (sentence: string): void => void failures.push(sentence);
const searcher = new GpuSearcher(device, { style: teamsInLoops(Number(team), 8), notice });

/** Seconds of a search, by the clock and of the processor. */
async function search(): Promise<{ readonly wall: number; readonly processor: number }> {
  const [from, before] = [performance.now(), process.cpuUsage()];
  await searcher.search(posed.problem, starts, 1, SILENT);
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - from) / 1000, processor: (user + system) / 1e6 };
}

const first = await search();
const again = await search();
if (failures.length > 0) throw new Error(failures.join(" "));
const result: FirstResult = { adapter: device.report.description, ...first, again: again.wall };
finish(result);

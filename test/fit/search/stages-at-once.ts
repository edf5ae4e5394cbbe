/** What is held of stages that are one submit, for each form of the search kernel. */
import { expect } from "vitest";
import { byObjective } from "../../../src/fit/search/candidates.ts";
import { GpuSearcher } from "../../../src/fit/search/gpu/searcher.ts";
import type { Problem, Start, StartEnd } from "../../../src/fit/search/problem.ts";
import { Device } from "../../../src/gpu/device.ts";
import type { Style } from "../../../src/gpu/style.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { REPORT } from "../backends.ts";
import { draw, HUBER, problemOf, quiet, random } from "../fixture.ts";
import { openDevice } from "../../support/gpu.ts";

/** How often the host gives the device work, and how often it waits for some. */
interface Calls {
  submits: number;
  maps: number;
}

/** The test's device as a GPU, with its calls counted. */
async function counted(): Promise<{ readonly device: Device; readonly calls: Calls }> {
  const gpu = await openDevice();
  const calls = { submits: 0, maps: 0 };
  const device = new Device(gpu, { ...REPORT, software: false });
  const submit = gpu.queue.submit.bind(gpu.queue);
  gpu.queue.submit = (buffers) => {
    calls.submits++;
    submit(buffers);
  };
  const create = gpu.createBuffer.bind(gpu);
  gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = (...how) => {
      calls.maps++;
      return map(...how);
    };
    return buffer;
  };
  return { device, calls };
}

/** Two stages, chosen between by the host as src/fit/search/screen-starts.ts does. */
async function inTurn(searcher: GpuSearcher, problem: Problem, starts: readonly Start[], kept: ReadonlyMap<number, number>) {
  const first = await searcher.search(problem, starts, FIRST, quiet);
  const chosen = [...kept].flatMap(([target, most]) =>
    [...starts.keys()]
      .filter((i) => starts[i].target === target && first[i].ending !== "nonfinite")
      .sort((a, b) => byObjective(first[a], first[b]))
      .slice(0, most)
      .filter((i) => first[i].ending === "limit"),
  );
  const again = chosen.map((i) => ({ ...starts[i], theta: first[i].theta, lambda: first[i].lambda }));
  const second = await searcher.search(problem, again, FURTHER, quiet);
  const ends: StartEnd[] = first.map((end, i) => second[chosen.indexOf(i)] ?? end);
  return { ends, wentOn: new Set(chosen) };
} // prettier-ignore

const FIRST = 6;
const FURTHER = 9;

/**
 * Holds that a search, and a search in two stages, are a submit and a wait each, on a GPU, and that
 * their ends are those of rounds and chunks between which the host chooses.
 */
export async function expectAtOnce(style: Style): Promise<void> {
  const drawn = draw(laws.chinchilla, { targets: 2, noise: 0.01 });
  const problem = problemOf(drawn.law, drawn.runs, { ...HUBER, delta: 1e30 });
  const bad = { target: 0, theta: new Float64Array(5).fill(3e38) };
  const [one, other] = [0, 1].map((target) => random(drawn, 45).filter((start) => start.target === target));
  const starts: Start[] = [...one, bad, ...one.slice(3, 5), ...other.slice(0, 40)];
  const kept = new Map([[0, 12], [1, 33]]);
  const { device, calls } = await counted();
  const searcher = new GpuSearcher(device, { style });
  await searcher.prepare(problem);
  const before = { ...calls };
  const atOnce = await searcher.screen(problem, starts, FIRST, { kept, iterations: FURTHER }, quiet);
  expect({ submits: calls.submits - before.submits, maps: calls.maps - before.maps }).toEqual({ submits: 1, maps: 1 });
  const alone = await searcher.search(problem, starts, FIRST, quiet);
  expect({ submits: calls.submits - before.submits, maps: calls.maps - before.maps }).toEqual({ submits: 2, maps: 2 });

  const chunked = new GpuSearcher(new Device(await openDevice(), REPORT), { style });
  expect(await chunked.screen(problem, starts, FIRST, { kept, iterations: FURTHER }, quiet)).toBeUndefined();
  const usual = await inTurn(chunked, problem, starts, kept);
  expect(alone).toEqual(await chunked.search(problem, starts, FIRST, quiet));
  expect(atOnce?.ends.map(({ objective }) => objective)).toEqual(usual.ends.map(({ objective }) => objective));
  expect(atOnce).toEqual(usual);
  expect(usual.ends[starts.indexOf(bad)].ending).toBe("nonfinite");
  expect(usual.wentOn.size).toBeGreaterThan(20);
} // prettier-ignore

/** Kernels of teams are asked for beforehand; where a driver takes none, another goes on. */
import { expect, test } from "vitest";
import { KernelError } from "../../../src/base/errors.ts";
import { GpuSearcher } from "../../../src/fit/search/gpu/searcher.ts";
import { Device } from "../../../src/gpu/device.ts";
import { HARDWARE, type Style } from "../../../src/gpu/style.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { faultyGpu } from "../../support/faulty-gpu.ts";
import { describeGpu } from "../../support/gpu.ts";
import { draw, problemOf, quiet, random } from "../fixture.ts";

describeGpu("a driver and the kernel of teams", () => {
  const drawn = draw(laws.chinchilla, { noise: 3e-3 });
  const problem = problemOf(drawn.law, drawn.runs);
  const starts = random(drawn, 8);
  const style: Style = {
    ...HARDWARE,
    workgroup: 8,
    teams: { coordinates: 1, sizes: [{ most: Infinity, team: 8 }] },
  };

  test("it does not take: the one without goes on, and that is said once", async () => {
    const asked: string[] = [];
    const { gpu } = faultyGpu({
      rewrite: (code) => {
        asked.push(code.includes("TEAMS") ? "teams" : "alone");
        return code.includes("TEAMS") ? `${code}\nfn broken() -> u32 {}` : code;
      },
    });
    const device = await Device.open(gpu);
    const notices: string[] = [];
    const notice = (sentence: string): void => void notices.push(sentence);
    const searcher = new GpuSearcher(device, { style, notice });
    await searcher.prepare(problem);
    const ends = await searcher.search(problem, starts, 9, quiet);
    expect(asked).toEqual(["teams", "alone"]);
    expect(notices).toEqual([
      expect.stringMatching(
        /search by teams of invocations failed.*one invocation a candidate\.$/s,
      ),
    ]);
    const alone = { ...style, teams: undefined };
    expect(await new GpuSearcher(device, { style: alone }).search(problem, starts, 9, quiet)).toEqual(ends); // prettier-ignore
    device.close();
  });

  test("of the size that a search begins with: it is asked for that beforehand", async () => {
    const device = await Device.open(faultyGpu().gpu);
    const sizes = [{ most: 32, team: 8 }, { most: Infinity, team: 16 }]; // prettier-ignore
    const searcher = new GpuSearcher(device, { style: { ...style, teams: { coordinates: 1, sizes } } }); // prettier-ignore
    await searcher.prepare(problem);
    expect([32, 512].map((count) => searcher.prepared(problem, count))).toEqual([true, false]);
    device.close();
  });

  test("and the other, neither of which it takes: an error", async () => {
    const { gpu } = faultyGpu({ rewrite: (code) => `${code}\nfn broken() -> u32 {}` });
    const device = await Device.open(gpu);
    const search = new GpuSearcher(device, { style }).search(problem, starts, 9, quiet);
    await expect(search).rejects.toBeInstanceOf(KernelError);
    device.close();
  });
});

/** Where a driver does not take the kernel of teams, the one without them goes on. */
import { expect, test } from "vitest";
import { KernelError } from "../../../src/base/errors.ts";
import { GpuSearcher } from "../../../src/fit/search/gpu-searcher.ts";
import { Device } from "../../../src/gpu/device.ts";
import { HARDWARE, type Style } from "../../../src/gpu/style.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { faultyGpu } from "../../support/faulty-gpu.ts";
import { describeGpu } from "../../support/gpu.ts";
import { draw, problemOf, quiet, random } from "../fixture.ts";

describeGpu("a driver that does not take the kernel of teams", () => {
  const drawn = draw(laws.chinchilla, { noise: 3e-3 });
  const problem = problemOf(drawn.law, drawn.runs);
  const starts = random(drawn, 8);
  const style: Style = {
    ...HARDWARE,
    workgroup: 8,
    teams: { coordinates: 1, sizes: [{ most: Infinity, team: 8 }] },
  };

  test("gets the one without, and that is said once", async () => {
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

  test("and refuses the other too is told as an error", async () => {
    const { gpu } = faultyGpu({ rewrite: (code) => `${code}\nfn broken() -> u32 {}` });
    const device = await Device.open(gpu);
    const search = new GpuSearcher(device, { style }).search(problem, starts, 9, quiet);
    await expect(search).rejects.toBeInstanceOf(KernelError);
    device.close();
  });
});

/** `--units` on tables with counts in millions and billions, and on ones that are absolute. */
import { describe, expect, test } from "vitest";
import { describeData, sharedData } from "../../support/data.ts";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { inAbsolute, insists } from "../../../src/cli/flags/counts.ts";
import type { Sizes } from "../../../src/mixture/sizes/sizes.ts";
import { lossOf, readReport } from "../print/third-party.ts";
import { rowsOf, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const UNITS = ["--units", "params=1e6,tokens=1e9"];
const QUICK = ["--law", "chinchilla", "--restarts", "32", "--backend", "cpu", "--threads", "1"];
const casePath = (name: string): string => sharedData(`../cases/claims/${name}.csv`) ?? "";

async function run(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await mixlaw(words, { cwd: place.path(".") });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

/** A fit of a case, and where its file is. */
async function fitted(name: string, ...flags: string[]): Promise<{ fit: FitFile; path: string }> {
  const path = place.path(`${name}${flags.length}.json`);
  await run("fit", casePath(name), ...QUICK, "--out", path, ...flags);
  return { fit: JSON.parse(place.read(`${name}${flags.length}.json`)) as FitFile, path };
}
const parameter = ({ fits: [{ parameters }] }: FitFile, name: string): number =>
  Number(parameters[name]);
const sizesOf = async (path: string): Promise<Sizes["at"]> => {
  const words = ["optimize", path, "--flops", "1e21", "--json"];
  return (JSON.parse(await run(...words)) as Sizes).at;
};

describeData("../cases/claims/units-mb.csv", "counts in millions and billions", (path) => {
  test("are asked about by fit and validate, and by predict at points", async () => {
    const message =
      /"n_params" has 20 to 1500, which looks like millions; column "n_tokens" has 0\.3 to 60, which looks like billions: say so with --units params=1e6,tokens=1e9, or insist with --units absolute\n$/;
    const { path: fit } = await fitted("units-abs");
    for (const words of [
      ["fit", path, "--law", "chinchilla"],
      ["validate", path, "--law", "chinchilla"],
      ["predict", fit, path],
    ]) {
      const { code, stderr } = await mixlaw(words);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(message) as string,
      });
    }
    const rows = rowsOf(await run("predict", fit, path, ...UNITS));
    const same = rowsOf(await run("predict", fit, casePath("units-abs")));
    expect(rows.map((row) => row["pred_loss_val"])).toEqual(
      same.map((row) => row["pred_loss_val"]),
    );
  });

  test("what --parameters prints is what predict computes, in absolute counts", async () => {
    const out = place.path("printed.json");
    const printed = await run("fit", path, ...QUICK, ...UNITS, "--parameters", "--out", out);
    const [fit] = readReport(printed);
    for (const row of rowsOf(await run("predict", out, path, ...UNITS))) {
      const inputs = {
        params: 1e6 * Number(row["n_params"]),
        tokens: 1e9 * Number(row["n_tokens"]),
      };
      expect(lossOf(fit, { inputs, shares: {} }) / Number(row["pred_loss_val"])).toBeCloseTo(1, 9);
    }
  });

  test.each([
    [["--loss", "squared"], 2.24e9, 7.46e10],
    [[], 2.14e9, 7.79e10],
  ])(
    "with the flag the best N and D at 1e21 are those of absolute counts: %j",
    async (flags, N, D) => {
      const [absolute, scaled] = [
        await fitted("units-abs", ...flags),
        await fitted("units-mb", ...flags, ...UNITS),
      ];
      expect(scaled.fit.data.units).toEqual({ params: 1e6, tokens: 1e9 });
      expect(absolute.fit.data).not.toHaveProperty("units");
      for (const { path: file } of [absolute, scaled]) {
        const at = await sizesOf(file);
        expect(at["params"] / N).toBeCloseTo(1, 2);
        expect(at["tokens"] / D).toBeCloseTo(1, 2);
      }
    },
  );

  test("losses in thousandths give the same α", async () => {
    const flags = ["--loss", "squared"];
    const [nats, milli] = [
      await fitted("units-abs", ...flags),
      await fitted("units-milli", ...flags),
    ];
    expect(parameter(milli.fit, "alpha")).toBeCloseTo(parameter(nats.fit, "alpha"), 8);
    // With Huber's loss δ is 1e-3 of a nat there and 3.38e-3 here.
    const [huber, small] = [await fitted("units-abs"), await fitted("units-milli")];
    expect(huber.fit.fits[0].delta).toBe(1e-3);
    expect(small.fit.fits[0].delta).toBeCloseTo(3.384e-6, 9);
    expect(parameter(small.fit, "alpha")).toBeCloseTo(parameter(huber.fit, "alpha"), 2);
  });
});

describe("--units of requests", () => {
  test.each([
    ["absolute", 7, true],
    [{ params: 1, tokens: 1 }, 7, true],
    [{ params: 1e9 }, 7e9, false],
    [{ tokens: 1 }, 7, false],
    [undefined, 7, false],
  ] as const)("%j of 7 parameters", (units, params, isMeant) => {
    expect(inAbsolute({ params: 7 }, units)).toEqual({ params });
    expect(insists(units, { params: 7 })).toBe(isMeant);
    expect(insists(units, {})).toBe(units === "absolute");
  });

  test("scales counts, and asks about those that it does not name", async () => {
    const pool = place.write("pool.csv", "n_params,n_tokens\n20,0.4\n");
    const design = ["design", "--sizes", "20,80", "--mixtures", "1"];
    expect(rowsOf(await run(...design, "--units", "params=1e6"))[0]).toMatchObject({ n_params: "20000000" }); // prettier-ignore
    expect((await mixlaw(design)).stderr).toMatch(/--sizes is 20 to 80, which looks like millions.*insist with --units absolute/); // prettier-ignore
    const simulate = ["simulate", "--law", "chinchilla", "--sizes", "20,80"];
    expect((await mixlaw(simulate)).stderr).toMatch(/--sizes is 20 to 80, which looks like/);
    expect(rowsOf(await run(...simulate, "--units", "params=1e6"))[0]).toMatchObject({ n_params: "20000000" }); // prettier-ignore
    for (const text of ["millions", "params", "params=0", "params=1e6,"])
      expect((await mixlaw(["fit", pool, "--units", text])).stderr).toMatch(
        /--units is ".*"; it must be absolute, or what one count stands for, such as params=1e6,tokens=1e9/,
      );
  });
});

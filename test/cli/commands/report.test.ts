import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { predict } from "../../../src/fit/predict.ts";
import { pointsOf } from "../../../src/report/what-if/evaluate.ts";
import { drawnMaterial } from "../../report/what-if/material.ts";
import { workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const { file, optima } = drawnMaterial();
const [{ optimum }] = optima;

beforeAll(() => {
  const point = pointsOf(file, { params: 5e8, tokens: 1e10 }, [Object.values(optimum.weights)]);
  const additive = predict(file, point).filter(({ law }) => law === "additive");
  const predicted = Object.fromEntries(additive.map(({ target, values }) => [target, values[0]]));
  const sharpness = { ...optimum.sharpness, epsilon: 0, ranges: {} };
  place.write("fit.json", JSON.stringify(file));
  place.write("best.json", JSON.stringify({ ...optimum, predicted, sharpness, allocation: null }));
  place.write("other.json", JSON.stringify({ ...optimum, sharpness, allocation: null, laws: { ...optimum.laws, loss_0: "full" } })); // prettier-ignore
  // Version 1 had no verdicts, and at first no noise and no bootstrap.
  const fits = file.fits.map((fit) => omit(fit, ["verdict", "noise", "residualSd", "standardErrors", "degreesOfFreedom", "bootstrap"])); // prettier-ignore
  place.write("old.json", JSON.stringify({ ...file, schema: "mixlaw/fit@1", fits }));
});

function omit(from: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));
}

const report = (...words: readonly string[]) =>
  mixlaw(["report", ...words], { cwd: place.path(".") });

describe("mixlaw report", () => {
  test("writes a file of the fit and the optimum, and says where", async () => {
    const { code, stdout, stderr } = await report("fit.json", "best.json", "-o", "page.html");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe("Wrote page.html: open it in a browser.\n");
    expect(place.read("page.html")).toContain("the first 200 of 300 replicates");
  });

  test("reads files of version 1, without an optimum, into report.html", async () => {
    const { code, stderr } = await report("old.json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(place.read("report.html")).toContain("No optimum was given.");
  });

  test("refuses an optimum of another fit, and writes nothing", async () => {
    const { code, stderr } = await report("fit.json", "other.json", "-o", "none.html");
    expect(code).toBe(1);
    expect(stderr).toContain("other.json is no optimum of these fits: it uses full for loss_0");
    expect(existsSync(place.path("none.html"))).toBe(false);
  });
});

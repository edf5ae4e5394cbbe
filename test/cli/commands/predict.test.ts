/** What `predict` says beside its columns. */
import { expect, test } from "vitest";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import { rowsOf, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const run = (...words: string[]): ReturnType<typeof mixlaw> =>
  mixlaw(words, { cwd: place.path(".") });

test("a fit that failed predicts nothing, and the others do", async () => {
  const simulated = await run("simulate", "--law", "chinchilla", "--targets", "a,b", "--sizes", "3e7,1e8,4e8", "--checkpoints", "4"); // prettier-ignore
  place.write("runs.csv", simulated.stdout);
  const fitted = await run("fit", "runs.csv", "--law", "chinchilla", "--restarts", "8", "--backend", "cpu", "--threads", "1", "--out", "fit.json"); // prettier-ignore
  expect(fitted).toMatchObject({ code: 0 });
  const whole = await run("predict", "fit.json", "runs.csv");
  expect(whole.stderr).not.toContain("no prediction of");
  expect(rowsOf(whole.stdout)[0]).toHaveProperty("pred_loss_b");

  const file = JSON.parse(place.read("fit.json")) as FitFile;
  const findings = [{ code: "worse-than-constant", sentence: "it is no fit" }];
  const fits = file.fits.map((fit) =>
    fit.target === "loss_b" ? { ...fit, verdict: { status: "failed", findings } } : fit,
  );
  place.write("failed.json", JSON.stringify({ ...file, fits }));
  const part = await run("predict", "failed.json", "runs.csv");
  expect(part.stderr).toContain(
    "no prediction of loss_b: the fit of chinchilla to loss_b failed: it is no fit",
  );
  const [row] = rowsOf(part.stdout);
  expect(row).toHaveProperty("pred_loss_a");
  expect(row).not.toHaveProperty("pred_loss_b");
});

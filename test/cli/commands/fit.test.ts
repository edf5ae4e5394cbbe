import { existsSync, readdirSync, symlinkSync, readlinkSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { FitFile } from "../../../src/fit/result/fit-file.ts";
import type { ChromeTrace } from "../../../src/trace/chrome-trace.ts";
import { rowsOf, startMixlaw, workplace } from "../command.ts";
import { mixlaw } from "../run-here.ts";

const place = workplace();
const here = { cwd: place.path(".") };
const QUICK = ["--backend", "cpu", "--threads", "1", "--restarts", "16"] as const;

const run = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await mixlaw(words, here);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
};

/** Everything but the time it took. */
const untimed = (text: string): object => ({ ...(JSON.parse(text) as FitFile), timing: undefined });

beforeAll(async () => {
  await run(
    ..."simulate --domains web,code,books --targets web,books --sizes 2e7,6e7,2e8,6e8 --mixtures 12".split(
      " ",
    ),
    ..."--checkpoints 2 --noise 0.002 --seed 5 --out runs.csv --truth truth.json".split(" "),
  );
});

describe("fit", () => {
  test("--json prints the fit file and nothing else; --out writes the same; the same seed gives the same", async () => {
    const printed = await run(
      "fit",
      "runs.csv",
      ...QUICK,
      "--test",
      "n_params > 5e8",
      "--json",
      "--out",
      "fit.json",
    );
    expect(place.read("fit.json")).toBe(printed);
    const file = JSON.parse(printed) as FitFile;
    expect(file).toMatchObject({
      schema: "mixlaw/fit@2",
      data: { source: "runs.csv", rows: 72, testRows: 24, domains: ["web", "code", "books"] },
      settings: {
        loss: "huber",
        delta: 1e-3,
        residual: "raw",
        restarts: 16,
        seed: 1,
        signs: "positive",
      },
      backend: { kind: "cpu" },
      fits: [
        { law: "additive", target: "loss_web", search: { status: "converged" } },
        { law: "additive", target: "loss_books", search: { status: "converged" } },
      ],
    });
    for (const fit of file.fits) expect(fit.test?.mrePercent).toBeLessThan(0.4);
    expect(
      untimed(await run("fit", "runs.csv", ...QUICK, "--test", "n_params > 5e8", "--json")),
    ).toEqual(untimed(printed));
    const { rows, ...others } = JSON.parse(printed) as FitFile;
    expect([rows?.train.count, rows?.test?.count]).toEqual([72, 24]);
    const words = ["fit", "runs.csv", ...QUICK, "--test", "n_params > 5e8", "--json", "--no-rows"];
    expect(untimed(await run(...words))).toEqual({ ...others, timing: undefined });
    expect(readdirSync(place.path(".")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a bootstrap gives intervals, and predict bands", async () => {
    const words = [
      "fit",
      "runs.csv",
      ...QUICK,
      "--law",
      "chinchilla",
      "--targets",
      "loss_web",
      "--out",
      "boot.json",
    ];
    const text = await run(
      ...words,
      ..."--bootstrap 30 --group mixture_id --level 0.9 --interval percentile --resampling bayesian".split(
        " ",
      ),
    );
    expect(text).toMatch(/^loss_web +value +std\. error +90 % interval$/m);
    expect(text).toMatch(/^alpha +0\.\d+\?? +\S+ +\S+ … \S+$/m);
    const [fit] = (JSON.parse(place.read("boot.json")) as FitFile).fits;
    expect(fit.bootstrap).toMatchObject({
      replicates: 30,
      group: "mixture_id",
      blocks: 12,
      level: 0.9,
      interval: "percentile",
      resampling: "bayesian",
    });
    const [header, first] = (await run("predict", "boot.json", "runs.csv")).split("\n");
    expect(header).toMatch(/,pred_loss_web,pred_loss_web_low,pred_loss_web_high$/);
    const [value, low, high] = first.split(",").slice(-3).map(Number);
    expect(low < value && value < high).toBe(true);
    const refused = await mixlaw(["predict", "boot.json", "runs.csv", "--interval", "bca"], here);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/jackknife/);
  });

  test("prints a table of laws and targets, at most 110 columns wide", async () => {
    const text = await run(
      "fit",
      "runs.csv",
      ...QUICK,
      "--law",
      "simple,additive",
      "--test",
      "n_params > 5e8",
      "--targets",
      "loss_web",
    );
    expect(text).toMatch(
      /^runs.csv\n72 rows fitted, 24 held out · 3 domains \(web, code, books\) · 1 target\nCPU: /,
    );
    expect(text).toMatch(/^ +simple +additive$/m);
    expect(text).toMatch(
      /^target +train % +test % +objective +agreed +train % +test % +objective +agreed$/m,
    );
    expect(text).toMatch(
      /^loss_web( +\d\.\d\d){2} +\d\.\d{3}e-\d+ +\d+\/\d+( +\d\.\d\d){2} +\d\.\d{3}e-\d+ +\d+\/\d+$/m,
    );
    expect(text).toContain('add "--out fit.json"');
    expect(text.split("\n").filter((line) => line.length > 110)).toEqual([]);
  });

  test("maps columns, reads standard input and prints the parameters of a small law", async () => {
    const renamed = place
      .read("runs.csv")
      .replace("n_params", "size")
      .replace("n_tokens", "seen")
      .replaceAll("loss_", "nats_");
    const words = [
      "fit",
      "-",
      ...QUICK,
      "--law",
      "chinchilla",
      "--params",
      "size",
      "--tokens",
      "seen",
      "--targets",
      "nats_*",
    ];
    const { code, stdout } = await mixlaw(words, { ...here, input: renamed });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^standard input\n96 rows/);
    expect(stdout).toMatch(/^target +E +A +alpha +B +beta$/m);
  });

  test("--parameters prints those of every domain", async () => {
    const text = await run("fit", "runs.csv", ...QUICK, "--targets", "loss_web", "--parameters");
    expect(text).toMatch(/^loss_web +C +± +gamma +±$/m);
    for (const domain of ["web", "code", "books"])
      expect(text).toMatch(new RegExp(`^${domain}( +\\S+){4}$`, "m"));
  });

  test("--progress json prints JSON lines on stderr", async () => {
    const { stderr } = await mixlaw(
      ["fit", "runs.csv", ...QUICK, "--targets", "loss_web", "--progress", "json", "--json"],
      here,
    );
    const lines = stderr.trimEnd().split("\n").map((line) => JSON.parse(line) as { law: string; fraction: number }); // prettier-ignore
    expect(lines.length).toBeGreaterThan(3);
    expect(
      lines.every(({ law, fraction }) => law === "additive" && fraction >= 0 && fraction <= 1),
    ).toBe(true);
  });

  test("--out replaces the file that a link points to, and leaves the link", async () => {
    place.write("real.json", "old");
    symlinkSync("real.json", place.path("link.json"));
    await run(
      "fit",
      "runs.csv",
      ...QUICK,
      "--targets",
      "loss_web",
      "--law",
      "chinchilla",
      "--out",
      "link.json",
    );
    expect(readlinkSync(place.path("link.json"))).toBe("real.json");
    expect(place.read("real.json")).toContain("mixlaw/fit@2");
  });

  test("a closed pipe is no failure", async () => {
    const { code, stderr } = await startMixlaw(
      ["fit", "runs.csv", ...QUICK, "--json", "--out", "piped.json"],
      {
        ...here,
        onStart: (child) => child.stdout?.destroy(),
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(existsSync(place.path("piped.json"))).toBe(true);
  });

  test("Ctrl-C keeps what was found so far: exit code 130, tables and file written", async () => {
    const { code, stdout, stderr } = await startMixlaw(
      [
        "fit",
        "runs.csv",
        "--backend",
        "cpu",
        "--law",
        "chinchilla,full",
        "--restarts",
        "6000",
        "--progress",
        "json",
        "--out",
        "partial.json",
        "--trace",
        "trace.json",
      ],
      {
        ...here,
        // The small law is done when the large one's search is under way.
        onStderr: (child, sofar) =>
          void (
            /"law":"additive","stage":"search"/.test(sofar) &&
            !child.killed &&
            child.kill("SIGINT")
          ),
      },
    );
    expect({ code, stderr }).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("stopping") as unknown,
    });
    expect(stdout).toMatch(/chinchilla/);
    expect(stderr).toMatch(
      /what was found so far is in partial.json.partial.json; partial.json is left as it was\n/,
    );
    expect(existsSync(place.path("partial.json"))).toBe(false);
    const file = JSON.parse(place.read("partial.json.partial.json")) as FitFile;
    expect(file.fits.map(({ law }) => law)).toContain("chinchilla");
    // The trace is of what was done.
    const { traceEvents } = JSON.parse(place.read("trace.json")) as ChromeTrace;
    const names = traceEvents.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["start of Node", "fit", "search additive"]));
  });
});

describe("predict", () => {
  beforeAll(() =>
    run(
      "fit",
      "runs.csv",
      ...QUICK,
      "--law",
      "chinchilla,additive",
      "--where",
      "n_params < 5e8",
      "--out",
      "two.json",
    ),
  );

  test("adds a column a target, keeps the others, and tells errors and extrapolation on stderr", async () => {
    const { code, stdout, stderr } = await mixlaw(
      ["predict", "two.json", "runs.csv", "--law", "additive"],
      here,
    );
    expect(code).toBe(0);
    const header = place.read("runs.csv").split("\n")[0] ?? "";
    expect(stdout.split("\n")[0]).toBe(
      `${header},pred_loss_web,pred_loss_web_low,pred_loss_web_high,pred_loss_books,pred_loss_books_low,pred_loss_books_high`,
    );
    for (const row of rowsOf(stdout))
      expect(Number(row["pred_loss_web"]) / Number(row["loss_web"])).toBeCloseTo(1, 1);
    expect(stderr).toMatch(
      /^mixlaw: additive, loss_web: mean relative error 0\.\d\d % over 96 rows$/m,
    );
    expect(stderr).toMatch(
      /^mixlaw: warning: 24 points of 96 outside the range of the training runs \(20M to 200M parameters\), as far as 600M/m,
    );
  });

  test("recovers what the runs were drawn from", async () => {
    await run(
      ..."simulate --truth truth.json --noise 0 --seed 9 --mixtures 12 --sizes 2e7,2e8 --checkpoints 2 --out clean.csv".split(
        " ",
      ),
    );
    const rows = rowsOf(await run("predict", "two.json", "clean.csv", "--law", "additive"));
    const errors = rows.map((row) =>
      Math.abs(Number(row["pred_loss_web"]) / Number(row["loss_web"]) - 1),
    );
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.003);
  });

  test("names columns by law when there are several, matches domains by name and writes --out", async () => {
    place.write(
      "points.csv",
      'note,h_books,n_tokens,h_web,n_params,h_code,h_other\n"a, b",0.2,1e9,0.5,1e8,0.3,0\n"",0,1e9,1,1e8,0,0\nno size,0.2,1e9,0.5,,0.3,0\n',
    );
    const { code, stdout, stderr } = await mixlaw(
      ["predict", "two.json", "points.csv", "--out", "predicted.csv"],
      here,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/1 row left out because a needed cell is missing \(n_params 1\)/);
    expect(stderr).toMatch(
      /1 point of 2 with shares that no training run had \(.*web was trained at .*\): extrapolated/,
    );
    const [header, first, second, third] = place.read("predicted.csv").split("\n");
    const added = ["chinchilla", "additive"].flatMap((law) =>
      ["loss_web", "loss_books"].flatMap((target) =>
        ["", "_low", "_high"].map((end) => `,pred_${law}_${target}${end}`),
      ),
    );
    expect(header).toBe(`note,h_books,n_tokens,h_web,n_params,h_code,h_other${added.join("")}`);
    expect(first).toMatch(/^"a, b",0\.2,1e9,0\.5,1e8,0\.3,0(,[234]\.\d+){12}$/);
    expect(second).toMatch(/^,0,1e9,1,1e8,0,0(,\d\.\d+){12}$/);
    expect(third).toBe("no size,0.2,1e9,0.5,,0.3,0,,,,,,,,,,,,");
  });

  test.each([
    [
      "a missing domain",
      "n_params,n_tokens,h_web,h_code\n1e8,1e9,0.5,0.5\n",
      /no weight for "books"/,
    ],
    [
      "another domain with weight",
      "n_params,n_tokens,h_web,h_code,h_books,h_law\n1e8,1e9,0.4,0.4,0.1,0.1\n",
      /domain "law" has weight 0.1/,
    ],
    [
      "a column that is there already",
      "n_params,n_tokens,h_web,h_code,h_books,pred_loss_web\n1e8,1e9,1,0,0,1\n",
      /has a column "pred_loss_web" already/,
    ],
  ])("refuses %s", async (_, text, says) => {
    place.write("wrong.csv", text);
    const { code, stdout, stderr } = await mixlaw(
      ["predict", "two.json", "wrong.csv", "--law", "additive"],
      here,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test("refuses a law that is not in the file", async () => {
    const { code, stderr } = await mixlaw(
      ["predict", "two.json", "runs.csv", "--law", "joint"],
      here,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /two.json has no fit of "joint"; the laws in it are: additive, chinchilla\n$/,
    );
  });
});

/** What people see: the commands in a pseudo-terminal of 60 columns and of others. */
import stringWidth from "string-width";
import { beforeAll, describe, expect, test } from "vitest";
import { COLORED } from "../../src/cli/text/style.ts";
import { inTerminal, linesIn } from "../support/terminal.ts";
import { workplace } from "./command.ts";
import { mixlaw } from "./run-here.ts";

const { path } = workplace();
const FIT = ["--where", "mixture_id < 9", "--test", "n_params >= 7e8", "--law", "additive"]; // prettier-ignore
const FAST = [
  "--restarts",
  "2",
  "--backend",
  "cpu",
  "--threads",
  "1",
  "--no-backtest",
  "--progress",
  "none",
];
const AT = ["--params", "7B", "--tokens", "140B", "--samples", "0", "--backend", "cpu", "--progress", "none"]; // prettier-ignore

/** Lines that are wider than the terminal. */
const tooWide = (text: string, columns: number): string[] =>
  linesIn(text).filter((line) => stringWidth(line) > columns);

let fitted = "";
beforeAll(() => {
  fitted = inTerminal(60, [
    "fit",
    "test/simulated/runs.csv",
    ...FIT,
    ...FAST,
    "--out",
    path("fit.json"),
  ]);
});

describe("a terminal of 60 columns", () => {
  test("has tables and sentences that fit, and a plot of each target from fit", () => {
    expect(tooWide(fitted.replaceAll(path("fit.json"), "fit.json"), 60)).toEqual([]);
    const lines = linesIn(fitted);
    const title = lines.findIndex((line) => line.startsWith("additive: observed values, above"));
    expect(title).toBeGreaterThan(0);
    expect(lines.slice(title).join("\n")).toMatch(/loss_web +loss_code +loss_general\n/);
    const dots = (paint: (text: string) => string): string[] =>
      fitted.match(/[\u2801-\u28ff]+/g)?.filter((each) => fitted.includes(paint(each))) ?? [];
    expect(dots(COLORED.bar)).not.toEqual([]); // rows fitted
    expect(dots(COLORED.mark)).not.toEqual([]); // held out
  });

  test("has bars of the shares from optimize", () => {
    const text = inTerminal(60, ["optimize", path("fit.json"), ...AT]);
    expect(tooWide(text.replaceAll(path("fit.json"), "fit.json"), 60)).toEqual([]);
    const bars = linesIn(text).filter((line) => /^(web|code|papers|books) .*│/.test(line));
    expect(bars).toHaveLength(4);
    expect(text).toContain("│\u001b[39m uniform mixture");
  });

  test("has bars of the errors from validate", () => {
    const laws = ["--law", "additive,chinchilla", "--targets", "loss_web", "--by", "test"];
    const text = inTerminal(60, ["validate", "test/simulated/runs.csv", ...FIT.slice(0, 4), ...laws, ...FAST]); // prettier-ignore
    expect(tooWide(text, 60)).toEqual([]);
    expect(linesIn(text).join("\n")).toMatch(/^additive +[\d.]+ +[█▉-▏]*│/m);
  });

  test("has help that fits, in groups", () => {
    const text = inTerminal(60, ["--help"]);
    expect(text).toContain("\u001b[1mFit and choose:\u001b[22m");
    const groups = linesIn(text).filter((line) => /^[A-Z][a-z ]+:$/.test(line));
    expect(groups).toEqual([
      "Options:",
      "Fit and choose:",
      "Plan and check:",
      "Long jobs:",
      "About:",
      "Examples:",
    ]);
    expect(tooWide(text, 60).filter((line) => !line.startsWith("  mixlaw "))).toEqual([]);
  });
});

test("pipes have no charts, also where FORCE_COLOR gives them colors", async () => {
  const { stdout } = await mixlaw(["optimize", path("fit.json"), ...AT], {
    env: { FORCE_COLOR: "1", COLUMNS: "60" },
  });
  expect(stdout).not.toMatch(/[█▓░]/);
  expect(stdout).toContain("\u001b[32mGlobal optimum\u001b[39m");
  expect(tooWide(stdout.replaceAll(path("fit.json"), "fit.json"), 60)).toEqual([]);
});

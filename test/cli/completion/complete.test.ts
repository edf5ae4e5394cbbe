/** What completes a command line, by the commands' own tables. */
import { Argument, Command } from "commander";
import { describe, expect, test } from "vitest";
import { addFit } from "../../../src/cli/commands/fit.ts";
import { addLaws } from "../../../src/cli/commands/laws.ts";
import { addOptimize } from "../../../src/cli/commands/optimize.ts";
import { addSlurm } from "../../../src/cli/commands/slurm.ts";
import { complete, wordsOfLine } from "../../../src/cli/completion/complete.ts";
import { NAMES } from "../../../src/cli/completion/names.ts";
import { answer, type Shell } from "../../../src/cli/completion/shells.ts";
import { workplace } from "../command.ts";

const program = new Command("mixlaw");
for (const add of [addFit, addLaws, addOptimize, addSlurm]) add(program);
program.command("show").addArgument(new Argument("<KIND>").choices(["fit", "job"]));

const place = workplace();
const HOSTILE = "$(touch pwned)";
const runs = place.write("runs.csv", `n_params,n_tokens,"loss b",${HOSTILE},h_é\n1,2,3,4,5\n`);
const fit = place.write("broken.json", "{");

const wordsAt = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await complete(program, words, NAMES)).words.map(({ word }) => word);
const kindAt = async (...words: readonly string[]): Promise<string> =>
  (await complete(program, words, NAMES)).kind;

describe("a line is completed", () => {
  test("by commands and their flags", async () => {
    expect(await wordsAt("")).toEqual(["fit", "laws", "optimize", "slurm", "show", "help", "--help"]); // prettier-ignore
    expect(await wordsAt("help", "o")).toEqual(["optimize"]);
    expect(await wordsAt("fit", "--bo")).toEqual(["--bounds", "--bootstrap"]);
    expect(await wordsAt("fit", "--no-r")).toEqual(["--no-rows"]);
    expect(await wordsAt("nothing", "--b")).toEqual([]);
  });

  test("by the words that a flag or an argument takes", async () => {
    expect(await wordsAt("fit", "--backend", "")).toEqual(["auto", "webgpu", "cpu"]);
    expect(await wordsAt("fit", "--backend=w")).toEqual(["--backend=webgpu"]);
    expect(await wordsAt("show", "j")).toEqual(["job"]);
    expect(await wordsAt("laws", "kap")).toEqual(["kaplan"]);
    expect(await wordsAt("fit", "--law", "additive,kap")).toEqual(["additive,kaplan"]);
    expect(await wordsAt("fit", "--seed", "")).toEqual([]);
  });

  test("by files and folders", async () => {
    expect(await kindAt("fit", "")).toBe("files");
    expect(await kindAt("fit", "--out", "")).toBe("files");
    expect(await kindAt("fit", "--resume", "")).toBe("folders");
    expect(await complete(program, ["fit", "--out=f"], NAMES)).toMatchObject({ kind: "files", before: "--out=" }); // prettier-ignore
  });

  test("by the columns of the table on it", async () => {
    expect(await wordsAt("fit", runs, "--params", "n_")).toEqual(["n_params", "n_tokens"]);
    expect(await wordsAt("fit", runs, "--targets", "loss b,n_t")).toEqual(["loss b,n_tokens"]);
    expect(await wordsAt("fit", runs, "--input", "sparsity=h")).toEqual(["sparsity=h_é"]);
    expect(await wordsAt("fit", place.path("missing.csv"), "--params", "")).toEqual([]);
    expect(await wordsAt("optimize", fit, "--floor", "")).toEqual([]);
  });

  test("within the command that slurm divides", async () => {
    expect(await wordsAt("slurm", "--shards", "2", "--", "mixlaw", "fit", "--resi")).toEqual(["--residual"]); // prettier-ignore
    expect(await wordsAt("slurm", "--", "fit", "--loss", "c")).toEqual(["cauchy"]);
  });
});

describe("names from files", () => {
  test("are escaped for bash, or left out where quotes would not hold them", async () => {
    const ask = (line: string) => answer(program, "bash", [line], NAMES);
    expect(await ask(`mixlaw fit ${runs} --params l`)).toBe("words\nloss\\ b\n");
    expect(await ask(`mixlaw fit ${runs} --params "l`)).toBe("words\nloss b\n");
    expect(await ask(`mixlaw fit ${runs} --params \\$`)).toBe("words\n\\$\\(touch\\ pwned\\)\n");
    expect(await ask(`mixlaw fit ${runs} --params '$`)).toBe(`words\n${HOSTILE}\n`);
    expect(await ask(`mixlaw fit ${runs} --params "\\$`)).toBe("words\n");
    expect(await ask("mixlaw fit --law=kap")).toBe("words\nkaplan\n");
  });

  test("have what is said of them beside them in other shells", async () => {
    for (const shell of ["zsh", "fish"] satisfies Shell[])
      expect(await answer(program, shell, ["fit", "--deadl"], NAMES)).toBe(
        "words\n--deadline\tend after TIME\n",
      );
    expect(await answer(program, "zsh", ["fit", runs, "--params", "'l"], NAMES)).toBe("words\nloss b\n"); // prettier-ignore
  });
});

test("a line of bash is cut into words as bash cuts it", () => {
  expect(wordsOfLine(`mixlaw fit  a\\ b 'c d' "e\\"f`)).toEqual({
    words: ["mixlaw", "fit", "a b", "c d", 'e"f'],
    quote: '"',
  });
  expect(wordsOfLine("mixlaw fit ").words).toEqual(["mixlaw", "fit", ""]);
});

/** Every flag of the commands that a job runs has its key. */
import { expect, test } from "vitest";
import { flagKeys, type FlagValue } from "../../../src/cli/job/flag-keys.ts";
import { jobCommand, type JobVerb } from "../../../src/cli/job/job-commands.ts";
import { JOB, KEYS } from "../../../src/cli/job/job-schema.ts";
import { checkValue } from "../../../src/options/option-schema.ts";

const VERBS: readonly JobVerb[] = ["fit", "validate", "optimize", "predict", "report"];

/** A value for each kind of flag, where a text will not do. */
const VALUES: Readonly<Record<string, FlagValue>> = {
  "<NAME=X>": { alpha: 0.5 },
  "<NAME=OTHER>": { alpha: "beta" },
  "<NAME=LO:HI>": { alpha: [0, 1] },
  "<NAME=X,…>": [{ A: 400, alpha: 0.3 }],
  "<NAME=COL>": { sparsity: "idle" },
  "<UNITS>": { params: 1e6 },
  "<PHASES>": { main: 0.8, anneal: 0.2 },
  "<SPEC>": { tokens: "20x" },
  "<SCALE>": { params: "7B", tokens: "150B" },
  "<TIME>": "10m",
  "<I/N>": "1/8",
  "<LAWS>": ["joint", "additive"],
  "<X>": 0.9,
  "<KIND>": "mean",
  "<FACTORS>": { loss_web: 1.02 },
  "<SUM>": "web+code>=20%",
  "<BOUND>": "code/web<=0.5",
  "<BALL>": "l1<=0.2",
  "<CHANGE>": "l1<=0.3",
  "<1/N>": "1/1000",
  "<SHARES>": { "a,b": "10%", web: 0.2 },
};

test.each(VERBS)(
  "%s: the section has a key for each flag, and its words are the flag's",
  (verb) => {
    const command = jobCommand(verb);
    for (const option of command.options.filter(({ long }) => long !== "--help")) {
      const name = (option.long ?? "").slice(2);
      const key = KEYS[verb][name];
      expect(key, name).toBeDefined();
      if (key === undefined) continue;
      const metavar = /<.*>/.exec(option.flags)?.[0] ?? "";
      const choices = option.argChoices ?? (option.parseArg as { choices?: string[] } | undefined)?.choices; // prettier-ignore
      const value = metavar === "" ? true : (choices?.[0] ?? VALUES[metavar] ?? 3);
      const section = {
        [name]: ["out", "trace", "register"].includes(name)
          ? "x.json"
          : name === "choose"
            ? true
            : value,
      };
      const checked = checkValue(JOB, { [verb]: section });
      expect(checked, name).toHaveProperty("output");
      const words = key.words(value);
      expect(words.length, name).toBeGreaterThan(0);
      expect(words.every((word, i) => i % 2 === 1 || word === option.long), `${name}: ${words.join(" ")}`).toBe(true); // prettier-ignore
      const parsed = jobCommand(verb);
      parsed.exitOverride().action(() => undefined);
      const files = verb === "fit" ? [] : ["f.json"];
      expect(() => parsed.parse([...files, ...words], { from: "user" }), name).not.toThrow();
    }
  },
);

test("values become the words that one would type", () => {
  const keys = flagKeys(jobCommand("fit"));
  const words = (name: string, value: FlagValue): string => keys[name]?.words(value).join(" ") ?? "no key"; // prettier-ignore
  expect(words("law", ["joint", "L = E + A/params^alpha"])).toBe("--law joint --law L = E + A/params^alpha"); // prettier-ignore
  expect(words("fix", { alpha: 0.34, "gamma[a,b]": 1e-9 })).toBe("--fix alpha=0.34 --fix gamma[a,b]=1e-9"); // prettier-ignore
  expect(words("bounds", { beta: [null, 0.6] })).toBe("--bounds beta=:0.6");
  expect(words("start", [{ A: 400, alpha: 0.3 }, "starts.csv"])).toBe("--start A=400,alpha=0.3 --start starts.csv"); // prettier-ignore
  expect(words("ridge", 1e-4)).toBe("--ridge 1e-4");
  expect(words("ridge", "auto")).toBe("--ridge auto");
  expect(words("ridge", { alpha: 1e-4, gamma: "auto" })).toBe("--ridge alpha=1e-4 --ridge gamma=auto"); // prettier-ignore
  expect(words("rows", false)).toBe("--no-rows");
  expect(words("rows", true)).toBe("");
  expect(words("backtest", false)).toBe("--no-backtest");
  expect(words("backtest", true)).toBe("--backtest");
  expect(words("json", false)).toBe("");
  const optimum = flagKeys(jobCommand("optimize"));
  expect(optimum["floor"]?.words({ "a,b": "10%", web: 0.2 })).toEqual(["--floor", '"a,b"=10%', "--floor", "web=0.2"]); // prettier-ignore
  expect(flagKeys(jobCommand("predict"))["at"]?.words({ params: "7B", web: 1 })).toEqual(["--at", "params=7B,web=1"]); // prettier-ignore
});

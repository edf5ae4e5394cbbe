/** `mixlaw optimize` along scales. */
import type { ChildProcess } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { rowsOf, startMixlaw, workplace } from "../command.ts";
import { fitExamples, optimizer } from "./optimize-fits.ts";

const place = workplace();
const { good } = optimizer(place);

beforeAll(() => fitExamples(place, ["additive", "joint"]));

describe("--path", () => {
  const path = ["--path", "params=1e8:1e10:2", "--path", "tokens=20x", "--samples", "0"];

  test("of the additive law has the same shares at every scale, and says so", async () => {
    const text = await good(path);
    expect(text).toMatch(/^ *N +D +D\/N +FLOPs +objective +web +code +papers +books$/m);
    expect(text).toMatch(/^100M +2B +20 +1\.20e18 +\d\.\d{4}( +\d+\.\d\d){4}$/m);
    expect(text).toMatch(/^ *10B\* +200B\* +20 /m);
    expect(text).toContain("The optimum does not depend on scale");
    expect(text).not.toContain("∞");
    const shares = [...text.matchAll(/^ *\d+[MB].*\d\.\d{4}((?: +\d+\.\d\d){4})$/gm)].map(
      (match) => match[1],
    );
    expect(shares).toEqual([shares[0], shares[0]]);
  });

  test("of the joint law moves, and ends in a limit", async () => {
    const text = await good([...path, "--out", "path.csv"], "joint");
    expect(text).toMatch(/^ *→ ∞ +\d\.\d{4}( +\d+\.\d\d){4}$/m);
    expect(text).not.toContain("does not depend on scale");
    const rows = rowsOf(place.read("path.csv"));
    expect(rows.map((row) => Number(row["n_params"]))).toEqual([1e8, 1e10]);
    expect(rows[0]["h_web"]).not.toBe(rows[1]["h_web"]);
    type Saved = {
      readonly schema: string;
      readonly rows: readonly { readonly optimum: Optimum }[];
      readonly limit: Optimum;
    };
    const saved = JSON.parse(await good([...path, "--json"], "joint")) as Saved;
    expect(saved).toMatchObject({
      schema: "mixlaw/path@1",
      rows: [{ flops: 1.2e18, outside: [] }, {}],
    });
    expect(saved.rows.map(({ optimum: { weights } }) => weights["web"])).toEqual(
      rows.map((row) => Number(row["h_web"])),
    );
    expect(saved.limit.certificate.certified).toBe(true);
  });

  test("is kept as far as it came when it is interrupted", async () => {
    let killed = false;
    const onStderr = (child: ChildProcess): void => {
      if (!killed) killed = child.kill("SIGINT");
    };
    const words = [
      "--path",
      "params=1e8:1e10:500;tokens=20x",
      "--samples",
      "0",
      "--progress",
      "json",
    ];
    const { code, stdout } = await startMixlaw(
      ["optimize", "additive.json", "--backend", "cpu", ...words],
      {
        cwd: place.path("."),
        onStderr,
      },
    );
    expect(code).toBe(130);
    expect(stdout).toMatch(/^ *100M +2B +20 /m);
    expect(stdout.split("\n").length).toBeLessThan(400);
  });
});

test("--flops chooses N and D, and says when that leaves the training runs", async () => {
  const text = await good(["--flops", "1e21", "--samples", "0", "--out", "compute.json"]);
  expect(text).toMatch(
    /1\.00e21 FLOPs \(6ND\) are best spent on N \S+ and D \S+: \S+ tokens\s+per parameter/,
  );
  expect(text).toMatch(
    /^warning: \S+ parameters lie outside the range of the training runs \(20M to 700M\): extrapolated$/m,
  );
  expect(text).toMatch(/^C\^exponent, by +N +interval +D +interval\s+─+\nthe law +\S*\d/m);
  expect(text).toMatch(/^note: the runs do not form isoFLOP groups/m);
  const { at, exponents } = JSON.parse(place.read("compute.json")) as Optimum;
  expect((exponents?.params ?? NaN) + (exponents?.tokens ?? NaN)).toBeCloseTo(1, 12);
  expect(6 * (at.params ?? 0) * (at.tokens ?? 0)).toBeCloseTo(1e21, -12);
});

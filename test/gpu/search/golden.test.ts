import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planOf } from "../../../src/gpu/search/kernel-plan.ts";
import { searchSource } from "../../../src/gpu/search/kernel-source.ts";
import { HARDWARE, SOFTWARE, TEAMED } from "../../../src/gpu/style.ts";
import { additive } from "../../../src/laws/catalog/mixture/additive.ts";
import { chinchilla } from "../../../src/laws/catalog/scale/chinchilla.ts";
import { bind } from "../../../src/laws/bind.ts";
import { residualProgram } from "../../../src/laws/objective.ts";

const UPDATE = process.env["UPDATE_GOLDEN"] === "1";
/**
 * One for a GPU, which shaders/README.md explains, one as a software adapter gets it, and one in
 * which teams search.
 */
const cases = [
  ["chinchilla", chinchilla, [], HARDWARE],
  ["additive-staged", additive, ["code", "web"], SOFTWARE],
  ["additive-team", additive, ["code", "web", "books"], TEAMED],
] as const;

// The generated kernels lie in test/golden, to be read and reviewed: a change of the generator
// shows there as a diff.
test.each(cases)("the kernel of %s is the one in test/golden", (name, law, domains, style) => {
  const path = join(import.meta.dirname, "../../golden", `${name}.wgsl`);
  const bound = bind(law, domains, { signs: "positive" }, { params: 1e9, tokens: 1e10 });
  const program = residualProgram(bound, "raw");
  const text = searchSource(program, bound, planOf(program, "huber", 10, 100, "none", style));
  if (UPDATE) writeFileSync(path, text);
  const golden = existsSync(path) ? readFileSync(path, "utf8") : "";
  expect(
    text.split("\n"),
    `the generated kernel differs from test/golden/${name}.wgsl. If it should: UPDATE_GOLDEN=1 npx vitest run test/gpu/search/golden.test.ts, and review the diff`,
  ).toEqual(golden.split("\n"));
});

test("what shaders/README.md quotes is in the kernel of chinchilla, and the files that it names exist", () => {
  const root = join(import.meta.dirname, "../../..");
  const page = readFileSync(join(root, "shaders/README.md"), "utf8");
  const kernel = readFileSync(join(root, "test/golden/chinchilla.wgsl"), "utf8");
  const quotes = Array.from(page.matchAll(/```wgsl\n(.*?)```/gs), ([, quote]) => quote);
  expect(quotes.length).toBeGreaterThan(9);
  expect(quotes.filter((quote) => !kernel.includes(`\n${quote}`))).toEqual([]);
  const named = page.match(/\b(?:src|test)\/[\w/.-]+\.(?:ts|wgsl)|\blib\/\w+\.wgsl/g) ?? [];
  const paths = named.map((path) => (path.startsWith("lib/") ? `shaders/${path}` : path));
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

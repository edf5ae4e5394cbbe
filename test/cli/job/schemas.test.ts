/** JSON Schemas of files: what mixlaw writes and ships is valid, and what is damaged is not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { laws, openEngine, readRuns, registerPlan } from "../../../src/node.ts";
import { FILE_SCHEMAS, SCHEMA_NAMES, type SchemaName } from "../../../src/cli/job/file-schemas.ts";
import { jsonSchemaOf } from "../../../src/options/json-schema.ts";
import { root } from "../command.ts";

const ajv = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true });
const validators = Object.fromEntries(
  SCHEMA_NAMES.map((name) => [name, ajv.compile(jsonSchemaOf(FILE_SCHEMAS[name]))]),
);

/** What is wrong with a value by the schema; "" for nothing. */
function problem(name: SchemaName, value: unknown): string {
  const validate = validators[name];
  if (validate?.(value)) return "";
  const [first] = validate?.errors ?? [];
  return `${first?.instancePath ?? ""} ${first?.message ?? "no schema"}`;
}

type Path = readonly (string | number)[];

/** The paths to all values in a value that are no objects. */
function* leaves(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== "object" || value === null) return void (yield path);
  for (const [key, part] of Object.entries(value))
    yield* leaves(part, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** A copy with something else at a path. */
function withValue(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>; // prettier-ignore
  copy[key] = withValue(copy[key], rest, other);
  return copy;
}

/** Paths at which a value of another kind is let through. */
const letThrough = (name: SchemaName, value: unknown): string[] =>
  [...leaves(value)]
    .filter((path) => problem(name, withValue(value, path, { strange: [[]] })) === "")
    .map((path) => path.join("."));

describe("files that are written", () => {
  const files: Partial<Record<"fit" | "optimum" | "plan", unknown>> = {};

  beforeAll(async () => {
    const engine = await openEngine({ backend: "cpu", threads: 1 });
    const runs = await readRuns(join(root, "test/simulated/runs.csv"), { targets: "loss_web", where: "n_params < 2e8" }); // prettier-ignore
    const fit = await engine.fit(laws.simple, runs, { restarts: 2, bootstrap: 4, backtest: true });
    const optimum = await engine.optimize(fit, { params: 1e9, tokens: 2e10, samples: 100, constraints: { floors: { web: 0.1 } } }); // prettier-ignore
    await engine.close();
    const plan = registerPlan(fit, optimum);
    Object.assign(files, JSON.parse(JSON.stringify({ fit, optimum, plan })));
  });

  test.each(["fit", "optimum", "plan"] as const)("%s", (name) => {
    expect(problem(name, files[name])).toBe("");
    expect(problem(name, withValue(files[name], ["schema"], "mixlaw/other@1"))).toMatch(/schema/);
    expect(problem(name, withValue(files[name], ["version"], undefined))).not.toBe("");
    expect(letThrough(name, files[name])).toEqual([]);
  });
});

test("the example's truth, and its damaged copies", () => {
  const truth: unknown = JSON.parse(readFileSync(join(root, "test/simulated/truth.json"), "utf8"));
  expect(problem("truth", truth)).toBe("");
  // Its parameters are for people: what is read are the coordinates.
  expect(letThrough("truth", truth).filter((path) => !path.includes(".parameters."))).toEqual([]);
});

test.each(["job.yaml", "olmix24-pair.yaml"])("examples/%s, and its damaged copies", (name) => {
  const text = readFileSync(join(root, "examples", name), "utf8");
  expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../dist/schemas/job.schema.json"); // prettier-ignore
  const job: unknown = parse(text);
  expect(problem("job", job)).toBe("");
  expect(letThrough("job", job)).toEqual([]);
  expect(problem("job", withValue(job, ["fit", "bootstraps"], 3))).toBe(
    "/fit must NOT have additional properties",
  );
});

test.each([
  ["law", { name: "mine", formula: "L = E + A/params^alpha", parameters: { A: { start: [1, 1e4] }, E: null } }, true],
  ["law", { name: "mine", parameters: {} }, false],
  ["law", { name: "mine", formula: "L = E", parameters: { E: { chart: "round" } } }, false],
  ["constraints", { floors: { web: "5%" }, lattice: "1/1000" }, true],
  ["constraints", { floor: { web: 0.5 } }, false],
  ["job", { fit: { loss: "l1" } }, false],
  ["job", { optimize: [{ floor: { web: "10%" } }] }, true],
  ["job", { fit: null, report: null }, true],
] as const)("a %s file", (name, value, isGood) => {
  expect(problem(name, value) === "").toBe(isGood);
}); // prettier-ignore

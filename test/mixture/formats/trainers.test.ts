/** What trainers get, against files that their own parsers have read: docs/export.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { byNames } from "../../../src/base/objects.ts";
import { formatOptimum, notationOf } from "../../../src/mixture/formats/optimum-formats.ts";
import type { Optimum } from "../../../src/mixture/request/optimum.ts";
import { optimum } from "../sample-optimum.ts";

/** Names that YAML, shells and spreadsheets take for something else. */
const weights = { web: 1 / 3, no: 1 / 7, "1e3": 0.1, null: 1e-9, "a: b #c": 0, "code/py": 0 };
const rest = 1 - Object.values(weights).reduce((a, b) => a + b, 0);
const shares = { ...weights, "code/py": rest };

/** The optimum of which the golden files are. */
function sample(over: Readonly<Record<string, number>> = shares): Optimum {
  const { reference, uniform, sharpness } = optimum();
  return optimum({
    weights: over,
    at: { params: 7e9, tokens: 150e9 },
    reference: { ...reference, weights: over },
    uniform: { ...uniform, weights: over },
    sharpness: { ...sharpness, epsilon: 0, ranges: {} },
    allocation: byNames(
      Object.entries(over).map(([name, share]) => {
        const epochs = name === "1e3" ? 4 : name === "web" ? 0.5 : null;
        return [name, { tokens: share * 150e9, epochs, passes: epochs === 4 ? 4 : null }];
      }),
    ),
  });
}

const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

/** The golden file of a name, which is written anew where that is asked for. */
function golden(name: string, text: string): string {
  const path = join(import.meta.dirname, "../../golden/trainers", name);
  if (UPDATE) writeFileSync(path, text);
  return readFileSync(path, "utf8");
}

describe("trainers get", () => {
  test.each([
    ["olmo-core", "olmo-core.yaml", "s3://bucket/{domain}/*.npy"],
    ["nemo", "nemo.yaml", "/data/{domain}_text_document"],
    ["levanter", "levanter.yaml", "gs://bucket/{domain}/{0000..0015}.json.gz"],
    ["levanter", "levanter-caches.yaml", {}],
    ["megatron", "megatron-splits.json", "/data/{domain}_text_document"],
    ["map", "map.yaml", {}],
    ["map", "map.json", {}],
    ["csv", "mixture.csv", {}],
  ] as const)("%s as in %s", (format, name, paths) => {
    const text = formatOptimum(sample(), format, paths, notationOf(name));
    expect(text).toBe(golden(name, text));
  });

  test("megatron as in megatron.txt", () => {
    const plain = { web: shares.web, "code/py": 1 - shares.web };
    const text = formatOptimum(sample(plain), "megatron", "/data/{domain}_text_document");
    expect(text).toBe(golden("megatron.txt", text));
  });

  test("the same of YAML 1.1 and 1.2, and in JSON", () => {
    for (const format of ["olmo-core", "nemo", "levanter", "map"] as const) {
      const yaml = formatOptimum(sample(), format, "/data/{domain}");
      const value: unknown = JSON.parse(formatOptimum(sample(), format, "/data/{domain}", "json"));
      expect(parse(yaml, { version: "1.1" })).toEqual(value);
      expect(parse(yaml, { version: "1.2" })).toEqual(value);
    }
  });
});

describe("what a format cannot carry is refused", () => {
  const refused = (
    ...[format, paths, notation]: [
      Parameters<typeof formatOptimum>[1],
      Parameters<typeof formatOptimum>[2],
      "json"?,
    ]
  ) =>
    // prettier-ignore
    expect(() => formatOptimum(sample({ web: 1 }), format, paths, notation));

  test("OLMo-core asks for files", () => {
    refused("olmo-core", {}).toThrow(
      "‘format: olmo-core’: the domain \"web\" has no data path, and OLMo-core asks for .npy files of each source: give it with ‘paths’, such as '/data/{domain}/*.npy'.",
    );
  });

  test("a weight of a blend belongs to one path", () => {
    for (const format of ["nemo", "megatron"] as const)
      refused(format, { web: ["/a", "/b"] }).toThrow(
        `‘format: ${format}’: the domain "web" has 2 data paths, and a blend has one for each weight: merge them, or make each a domain.`,
      );
  });

  test("a shell takes plain words alone, a list in JSON any path", () => {
    refused("megatron", { web: "/data/a b" }).toThrow(
      '‘format: megatron’: the domain "web" has the data path "/data/a b", which is no plain word (letters, digits and _ . / : @ % + , -, which does not come first): rename it, or name a file in .json with ‘out’.',
    );
    refused("megatron", { web: "/data/a b" }, "json").not.toThrow();
  });

  test("OmegaConf replaces ${…}", () => {
    refused("nemo", { web: "/data/${oc.env:USER}/web" }).toThrow(
      '‘format: nemo’: the domain "web" has a data path with "${", which OmegaConf would replace: give it with ‘paths’ otherwise.',
    );
  });
});

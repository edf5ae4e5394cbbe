import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { mixture, type MixtureData } from "../../src/views/decision/mixture.ts";

const row = {
  interval: null,
  near: [0.3, 0.5],
  undetermined: null,
  reference: 0.25,
  uniform: 0.5,
  limit: null,
} as const;
const data: MixtureData = {
  rows: [
    { ...row, domain: `<img onerror="x">`, share: 0.4 },
    { ...row, domain: "books", share: 0.6, undetermined: [0.1, 0.8] },
  ],
  epsilon: 1e-4,
  level: null,
  binding: [],
};

const { document } = parseHTML("<html><body></body></html>");
const drawn = (over: Partial<MixtureData> = {}): Element =>
  mixture.draw({ ...data, ...over }, { document, width: 600 });

test("what is not determined is an outline with its range, and no bar", () => {
  const bars = [...drawn().querySelectorAll("[aria-label=bar]")];
  expect(
    bars.map((bar) => [bar.getAttribute("fill"), bar.querySelectorAll("rect").length]),
  ).toEqual([
    ["var(--optimum)", 1],
    ["none", 1],
  ]);
  expect(drawn().textContent).toContain("10 – 80 %");
  expect(drawn().textContent).toContain("not determined by the runs");
  expect(drawn().querySelectorAll("img")).toHaveLength(0);
  expect(drawn().outerHTML).not.toMatch(/NaN/);
});

test("a reference that is uniform has one mark and one entry", () => {
  const rows = data.rows.map((each) => ({ ...each, reference: each.uniform }));
  const keys = [...drawn({ rows }).querySelectorAll(".legend li")].map((key) => key.textContent);
  expect(keys).toContain("reference: uniform");
  expect(keys).not.toContain("uniform");
});

test("constraints that bind are named with their prices", () => {
  const binding = ["cap <b> ≤ 40 %: one more percent would gain 0.01."];
  expect(drawn({ binding }).querySelector(".notes")?.textContent).toContain(
    "cap <b> ≤ 40 %: one more percent would gain 0.01.",
  );
});

test("the table has a row a domain", () => {
  const { header, rows } = mixture.table?.(data) ?? { header: [], rows: [] };
  expect(rows.map((cells) => cells.length)).toEqual([header.length, header.length]);
});

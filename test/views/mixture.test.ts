import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { mixture, type MixtureData } from "../../src/views/decision/mixture.ts";

const row = {
  interval: null,
  near: [0.3, 0.5],
  undetermined: null,
  reference: 0.25,
  uniform: 0.5,
} as const;
const data: MixtureData = {
  rows: [
    { ...row, domain: `<img onerror="x">`, share: 0.4 },
    { ...row, domain: "books", share: 0.6, undetermined: [0.1, 0.8] },
  ],
  epsilon: 1e-4,
  level: null,
};

test("bars are drawn for shares that are determined, and the others are named so", () => {
  const { document } = parseHTML("<html><body></body></html>");
  const drawn = mixture.draw(data, { document, width: 600 });
  expect(drawn.querySelectorAll("[aria-label=bar] rect")).toHaveLength(1);
  expect(drawn.textContent).toContain("not determined");
  expect(drawn.querySelectorAll("img")).toHaveLength(0);
  expect(drawn.outerHTML).not.toMatch(/NaN/);
});

test("the table has a row a domain", () => {
  const { header, rows } = mixture.table?.(data) ?? { header: [], rows: [] };
  expect(rows.map((cells) => cells.length)).toEqual([header.length, header.length]);
});

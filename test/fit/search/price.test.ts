/** How many starts a search may afford. */
import { expect, test } from "vitest";
import { affordable } from "../../../src/fit/search/choose-backend.ts";
import { laws } from "../../../src/laws/catalog/catalog.ts";
import { draw, problemOf } from "../fixture.ts";

const drawn = draw(laws.chinchilla, { targets: 1 });
const small = problemOf(drawn.law, drawn.runs);
const ofCoordinates = (params: number) => ({ ...small, program: { ...small.program, params } });
const asked = { iterations: 80, seconds: 15, usual: 32, least: 8 };

test("only laws of very many coordinates have fewer starts, the fewer the dearer they are", () => {
  expect(affordable(small, 1e6, asked)).toBe(32);
  expect(affordable(ofCoordinates(64), 1e6, asked)).toBe(32);
  expect(affordable(ofCoordinates(65), 1, asked)).toBe(32);
  const counts = [66, 200, 400, 2000].map((params) => affordable(ofCoordinates(params), 1, asked));
  expect(counts[0]).toBe(32);
  expect(counts.toSorted((a, b) => b - a)).toEqual(counts);
  expect(counts.at(-1)).toBe(8);
  expect(affordable(ofCoordinates(66), 200, asked)).toBe(8);
});

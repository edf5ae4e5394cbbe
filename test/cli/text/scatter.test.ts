import { expect, test } from "vitest";
import { type Point, scatter } from "../../../src/cli/text/scatter.ts";
import { COLORED, PLAIN } from "../../../src/cli/text/style.ts";

const frame = { columns: 4, lines: 3, x: [0, 8], y: 6 } as const;
const at = (x: number, y: number, isMarked = false): Point => ({ x, y, isMarked });

test("a point is a dot of a braille character, two by four in a column", () => {
  expect(scatter([], frame, PLAIN)).toEqual(["    ", "┄┄┄┄", "    "]);
  // The corners, and one beyond the upper edge.
  const corners = [at(0, 6), at(8, 6), at(0, -6), at(8, -6), at(4, 60)];
  expect(scatter(corners, frame, PLAIN)).toEqual(["⠁ ⠁⠈", "┄┄┄┄", "⡀  ⢀"]);
  expect(scatter([at(0, 0.1), at(1, -0.1), at(1, -1.9)], frame, PLAIN)[1]).toBe("⢢┄┄┄");
});

test("points that are set apart are so with and without colors", () => {
  expect(scatter([at(0, 0), at(8, 0, true)], frame, PLAIN)[1]).toBe("⠄┄┄○");
  expect(scatter([at(8, 0, true)], frame, COLORED)[1]).toBe(
    "\u001b[2m┄┄┄\u001b[22m\u001b[35m⠠\u001b[39m",
  );
});

test("points of one x stand in the middle", () => {
  expect(scatter([at(3, 5)], { ...frame, x: [3, 3] }, PLAIN)[0]).toBe("  ⠂ ");
});

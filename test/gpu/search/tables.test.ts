import { describe, expect, test } from "vitest";
import { cell } from "../../../src/gpu/search/table-loops.ts";
import { fillTable, layOutAll, tableBindings } from "../../../src/gpu/search/tables.ts";

const value = (row: number, column: number): number => 1000 * row + column;

/** Reads a cell from a table's buffers as the kernel's text says. */
function read(
  text: string,
  buffers: Readonly<Record<string, Float32Array>>,
  row: number,
): number | undefined {
  const match = /^(\w+)\[row(?: \* (\d+)u)?(?: \+ (\d+)u)?\]\.([xyzw])$/.exec(text);
  const [, name = "", stride = "1", within = "0", component = ""] = match ?? [];
  return buffers[name]?.[4 * (row * Number(stride) + Number(within)) + "xyzw".indexOf(component)];
}

describe("tables", () => {
  test.each([
    [1, 1, "uniform", 1],
    [4, 4096, "uniform", 1],
    [5, 4096, "uniform", 2],
    [35, 512, "uniform", 2],
    [44, 4096, "uniform", 11],
    [45, 4096, "read", 1],
    [4, 4097, "read", 1],
    [0, 7, "uniform", 1],
  ] as const)(
    "%i columns × %i rows: %s, %i buffers, every cell where the kernel looks for it",
    (width, rows, space, count) => {
      const [layout] = layOutAll([{ name: "runs", width, rows }]);
      if (layout === undefined) throw new Error("no layout");
      const bindings = tableBindings(layout);
      expect(bindings.map((b) => b.access)).toEqual(Array.from({ length: count }, () => space));
      const pages = fillTable(layout, rows, value);
      expect(Object.keys(pages)).toEqual(bindings.map((b) => b.name));
      for (const row of new Set([0, 1, rows - 1].filter((r) => r < rows)))
        for (let c = 0; c < width; c++)
          expect(read(cell(layout, "row", c), pages, row)).toBe(Math.fround(value(row, c)));
      // Every adapter binds 64 KiB.
      if (space === "uniform")
        for (const page of Object.values(pages)) expect(page.byteLength).toBe(65536);
    },
  );

  test("the second table takes the uniform buffers that the first leaves", () => {
    const [a, b] = layOutAll([
      { name: "runs", width: 40, rows: 4096 },
      { name: "mixes", width: 8, rows: 4096 },
    ]);
    expect([a?.access, b?.access]).toEqual(["uniform", "read"]);
  });
});

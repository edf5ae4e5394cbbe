/** Columns that are there twice are told. */
import { expect, test } from "vitest";
import { toRuns } from "../../../src/data/runs/runs.ts";
import { parseTable } from "../../../src/data/table/parse-table.ts";

const notesOf = async (text: string): Promise<readonly string[]> =>
  toRuns(await parseTable(new TextEncoder().encode(text), "csv", "runs.csv")).notes;

test("losses that are equal in every row, and no others", async () => {
  const notes = await notesOf(
    "h_a,h_b,h_c,loss_x,loss_y,loss_z\n0.25,0.25,0.5,3,3,3\n0.1,0.1,0.8,2,2,2.5\n0.3,0.3,0.4,,,2\n",
  );
  expect(notes).toContain(
    "loss_y equals loss_x in every train row, and counts as a target of its own: leave it out with ‘targets’ if it is a copy",
  );
  expect(notes.filter((note) => note.includes(" equals "))).toHaveLength(1);
});

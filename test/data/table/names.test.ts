import { expect, test } from "vitest";
import { parseTable } from "../../../src/data/table/parse-table.ts";
import { toRuns } from "../../../src/data/runs/runs.ts";

const parsed = (text: string) => parseTable(new TextEncoder().encode(text), "csv", "runs.csv");
const HEADER = `n_params,n_tokens,"h_web\n(crawl)",h_code,loss_a`;

test("a line break in a header is a space, and the notes say so", async () => {
  const runs = toRuns(await parsed(`${HEADER}\n1e8,2e9,0.5,0.5,3\n`));
  expect(runs.domains).toEqual(["web (crawl)", "code"]);
  expect(runs.notes).toContain(
    'the column "h_web\\n(crawl)" is read as "h_web (crawl)": names are one line of printable text',
  );
});

test.each([undefined, "h_ web,h_code"])("a domain begins with no space: %s", async (weights) => {
  const table = await parsed("n_params,n_tokens,h_ web,h_code,loss_a\n1e8,2e9,0.5,0.5,3\n");
  expect(toRuns(table, weights === undefined ? {} : { weights }).domains).toEqual(["web", "code"]);
});

test("names that are equal as printable text are refused", async () => {
  await expect(parsed(`${HEADER},h_web (crawl)\n1e8,2e9,0.5,0.5,3,0\n`)).rejects.toThrow(
    'two columns named "h_web (crawl)"',
  );
});

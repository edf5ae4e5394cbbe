import { textFormat } from "./format.ts";
import { Records } from "./records.ts";

/** JSON lines: an object a line. Blank lines are skipped. */
export const jsonl = textFormat(["jsonl", "ndjson"], (text, source) => {
  const records = new Records(source, "line");
  text.split("\n").forEach((line, index) => {
    if (line.trim() !== "") records.addJson(line, index + 1);
  });
  return records.columns();
});

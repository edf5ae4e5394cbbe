/** The mixtures of a table of runs, as candidates. */
import { readFileSync } from "node:fs";

type Row = Readonly<Record<string, string>>;

/** The rows of a table without quoted cells. */
export function runRows(path: string): Row[] {
  const [header = "", ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell])),
  );
}

/** The distinct mixtures of runs as CSV, named by the mixture's number. */
export function candidatesText(rows: readonly Row[]): string {
  const shares = Object.keys(rows[0] ?? {}).filter((name) => name.startsWith("h_"));
  const byId = new Map(rows.map((row) => [row["mixture_id"] ?? "", row]));
  const lines = [...byId].map(([id, row]) => [`mixture ${id}`, ...shares.map((name) => row[name])].join()); // prettier-ignore
  return `${["name", ...shares].join()}\n${lines.join("\n")}\n`;
}

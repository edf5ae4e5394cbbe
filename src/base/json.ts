/** JSON for files and pipes: indented, lists of numbers on one line, and other short lists too. */
export function json(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => json(item, inner));
    const line = `[${items.join(", ")}]`;
    const numbers = value.every((item) => typeof item === "number" || item === null);
    const short = value.every((item) => typeof item !== "object") && line.length <= 100;
    return numbers || short
      ? line
      : `[\n${items.map((item) => inner + item).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  if (entries.length === 0) return "{}";
  return `{\n${entries.map(([key, member]) => `${inner}${JSON.stringify(key)}: ${json(member, inner)}`).join(",\n")}\n${indent}}`;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tidy } from "../../src/gpu/tidy.ts";

const root = join(import.meta.dirname, "../..");
const files = ["shaders", "bench", "test/golden"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".wgsl"))
    .map((file) => `${folder}/${file}`),
);

describe("tidy", () => {
  test("indents by open braces, and a line that goes on once more", () => {
    expect(tidy("fn f() {\nif (a) {\nb = g(\nc,\nd\n);\n}\nlet x = a\n+ b; // {\ny();\n}")).toBe(
      [
        "fn f() {",
        "  if (a) {",
        "    b = g(",
        "      c,",
        "      d",
        "    );",
        "  }",
        "  let x = a",
        "    + b; // {",
        "  y();",
        "}",
      ].join("\n"),
    );
  });

  test("an attribute and a comment do not go on", () => {
    const text = "@compute @workgroup_size(1)\n// what it does\nfn main() {\n}";
    expect(tidy(text)).toBe(text);
  });

  test("leaves one blank line between statements, none at the ends of a block or of the text", () => {
    expect(tidy("\n\nfn f() {\n\na();\n\n\nb();\n\n}\n\n")).toBe("fn f() {\n  a();\n\n  b();\n}");
  });

  test("cuts long lines: between statements, or where fewest brackets are open", () => {
    const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(40));
    expect(tidy(`${a} = 1; ${b} = 2; ${c} = 3;`)).toBe(`${a} = 1; ${b} = 2;\n${c} = 3;`);
    expect(tidy(`x = f(${a}, ${b}) + f(${c}, 1);`)).toBe(`x = f(${a}, ${b})\n  + f(${c}, 1);`);
    expect(tidy(`x = f(${a}, ${b}, ${c});`)).toBe(`x = f(${a}, ${b},\n  ${c});`);
  });

  test("does not cut comments, nor what has no space", () => {
    for (const text of [`// ${"word ".repeat(40)}end`, `${"x".repeat(120)};`])
      expect(tidy(text)).toBe(text);
  });

  test.each(files)("%s is laid out so, in at most 100 columns", (file) => {
    const text = readFileSync(join(root, file), "utf8");
    expect(`${tidy(text)}\n`.split("\n")).toEqual(text.split("\n"));
    expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });
});

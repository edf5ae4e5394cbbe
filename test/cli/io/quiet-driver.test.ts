/** What native code says while an adapter is opened, on every kind of stderr. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { root } from "../command.ts";

const folder = mkdtempSync(join(tmpdir(), "mixlaw-quiet-"));
const source = readFileSync(join(root, "src/cli/io/quiet-driver.ts"), "utf8");

/** Says something before, foreign lines and a notice of its own meanwhile, and something after. */
const script = `
${transformSync(source, { loader: "ts", format: "esm" }).code}
process.stderr.write("before\\n");
await quietly(async () => {
  writeSync(2, "Warning: Couldn't load Vulkan: libvulkan.so.1\\n    at operator() (/dawn/BackendVk.cpp:368)\\n\\n");
  process.stderr.write("mixlaw: told\\n");
  await new Promise((resolve) => setTimeout(resolve, 1));
  writeSync(2, "mixlaw: a notice\\n");
});
process.stdout.write("result\\n");
process.stderr.write("after\\n");
`;
writeFileSync(join(folder, "script.mjs"), script);
const node = `"${process.execPath}" ${join(folder, "script.mjs")}`;

/** What stands in a file that a shell writes stderr to. */
function inShell(redirected: (log: string) => string): string {
  const log = join(folder, `${Math.random()}.log`);
  execFileSync("sh", ["-c", redirected(log)], { stdio: "ignore" });
  return readFileSync(log, "utf8");
}
const isLinux = process.platform === "linux";

describe.runIf(isLinux)("on stderr there is nothing foreign", () => {
  test("in a file, where nothing is lost or overwritten", () => {
    const text = inShell((log) => `{ ${node}; echo then; } > ${log} 2>&1`);
    expect(text.replace(/^ +\n/m, "")).toBe(
      "before\nmixlaw: a notice\nmixlaw: told\nresult\nafter\nthen\n",
    );
  });

  test("in a file that is appended to, and in a pipe", () => {
    expect(inShell((log) => `{ ${node}; echo then; } >> ${log} 2>&1`)).toBe(
      "before\nmixlaw: told\nresult\nafter\nthen\n",
    );
    expect(inShell((log) => `${node} 2>&1 | cat > ${log}`)).toBe(
      "before\nmixlaw: told\nresult\nafter\n",
    );
  });
});

/** Bundles the fuzzer into .cache/fuzz and runs it; see test/fuzz/main.ts for its flags. */
import { runBundled } from "./run-bundled.mjs";

await runBundled(
  "fuzz",
  [
    ["test/fuzz/main.ts", "main.js"],
    ["test/fuzz/child.ts", "child.js"],
  ],
  "main.js",
  process.argv.slice(2),
);

/** Bundles the browser page into `dist/page/`: static files that any host can serve. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { writeChanged, writeOutputs } from "./write-changed.mjs";

/** Scripts of the page, modules all of them, by the names that they have in the folder. */
const SCRIPTS = {
  page: "src/page/main.tsx",
  views: "src/report/app/show-report.ts",
  "what-if": "src/report/what-if/what-if.ts",
  worker: "src/page/worker/main.ts",
};

/**
 * Builds the page. Reports are made there with the program of `report-app.js`, which is built
 * before.
 *
 * @param {string} root the repository
 * @param {import("esbuild").BuildOptions} browser how scripts of browsers are bundled
 * @returns what is in the scripts, by esbuild's account
 */
export async function buildPage(root, browser) {
  const inRoot = (/** @type {string} */ path) => join(root, path);
  const folder = inRoot("dist/page");
  const { metafile, outputFiles } = await build({
    ...browser,
    entryPoints: SCRIPTS,
    outdir: folder,
    metafile: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    write: false,
  });
  writeOutputs(outputFiles);
  const own = readFileSync(inRoot("src/page/page.css"), "utf8");
  writeChanged(join(folder, "style.css"), `${await sharedStyle(root)}\n${own}`);
  writeChanged(join(folder, "index.html"), readFileSync(inRoot("src/page/index.html")));
  writeChanged(join(folder, "example.csv"), readFileSync(inRoot("examples/runs.csv")));
  return metafile;
}

/**
 * The style sheet that the page shares with reports.
 * @returns {Promise<string>} */
async function sharedStyle(/** @type {string} */ root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `export { STYLE } from "./src/views/kit/style.ts";
        export { WHAT_IF_STYLE } from "./src/report/what-if/style.ts";`,
      resolveDir: root,
    },
    bundle: true,
    format: "esm",
    write: false,
  });
  const text = outputFiles[0]?.text ?? "";
  const { STYLE, WHAT_IF_STYLE } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return STYLE + WHAT_IF_STYLE;
}

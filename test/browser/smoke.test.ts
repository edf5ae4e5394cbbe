/** The least that shows that Chromium is there and that the library works in it. */
import { expect } from "vitest";
import { browserTest } from "../support/browser.ts";
import { ask, openLibrary } from "./library-page.ts";

browserTest("Chromium runs the library on WebGPU", async ({ site, openPage }) => {
  const page = await openLibrary(site, openPage);
  const { file, error } = await ask(page, "workHere", {
    law: "chinchilla",
    backend: "webgpu",
    runs: { where: "n_params < 2e8", targets: "loss_web" },
    options: { restarts: 4, backtest: false },
  });
  expect(error).toBeUndefined();
  expect(file?.backend.kind).toBe("webgpu");
  expect(file?.fits.map(({ target }) => target)).toEqual(["loss_web"]);
});

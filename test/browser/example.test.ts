/** The example of a page that uses the library. */
import { expect } from "vitest";
import { browserTest } from "../support/browser.ts";

browserTest("examples/browser fits its table and shows it", async ({ site, openPage }) => {
  const page = await openPage();
  await page.goto(`${site.origin}/examples/browser/index.html`);
  await page.getByRole("button", { name: "the example" }).click();
  await page
    .getByText(/^Fitted on google swiftshader\.$|^Fitted on float64, /)
    .waitFor({ timeout: 120_000 });
  const rows = await page.locator("tbody tr").allInnerTexts();
  expect(rows.map((row) => row.split("\t"))).toEqual(
    ["loss_linuxdoc", "loss_anarchism"].map((target) => [
      target,
      expect.stringMatching(/^[01]\.\d\d %$/),
      expect.stringMatching(/^[23]\.\d{3}$/),
    ]),
  );
  expect(await page.getByRole("progressbar").getAttribute("value")).toBe("1");
});

browserTest("examples/browser says what is wrong with a file", async ({ site, openPage }) => {
  const page = await openPage({ webgpu: false });
  await page.goto(`${site.origin}/examples/browser/index.html`);
  const buffer = Buffer.from(
    'n_params,n_tokens,h_web,h_code,loss_<b>\n1e8,2e9,1,0,"<img src=x>"\n1e8,3e9,0,1,2.5\n',
  );
  await page
    .getByLabel("A table of runs")
    .setInputFiles({ name: "<i>.csv", mimeType: "text/csv", buffer });
  await page.getByText(/<i>\.csv.*row 1.*loss_<b>/).waitFor();
  expect(await page.locator("b, i, img").count()).toBe(0);
});

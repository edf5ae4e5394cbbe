/** Fits the additive law in a page. The package's `dist/` is served beside `examples/`. */
import { formatOf, laws, openEngine, parseTable, toRuns } from "../../dist/browser.js";

const element = (id) => document.getElementById(id);
const say = (text) => (element("status").textContent = text);

element("file").addEventListener("change", ({ target: { files } }) => {
  if (files.length > 0) void fit(files[0].name, files[0]);
});
element("example").addEventListener("click", () => {
  const options = { units: "absolute", targets: "loss_linuxdoc,loss_anarchism" };
  void fit("runs.csv", fetch("../runs.csv"), options);
});

/** Fits a file, or what is fetched. */
async function fit(name, source, options = {}) {
  say("Fitting …");
  const engine = await openEngine({ onNotice: (sentence) => console.info(sentence) });
  try {
    const bytes = new Uint8Array(await (await source).arrayBuffer());
    const table = await parseTable(bytes, formatOf(name), name);
    const runs = toRuns(table, options);
    const result = await engine.fit(laws.additive, runs, {
      restarts: 64,
      onProgress: ({ fraction }) => (element("progress").value = fraction),
    });
    show(result, runs.train);
    say(`Fitted on ${result.backend.adapter}.`);
  } catch (error) {
    say(error.message); // names file, row or column, and the remedy
  } finally {
    await engine.close();
  }
}

/** Text of a table is put into the page as text: a name may hold anything. */
function show(result, { inputs }) {
  const { domains } = result.data;
  const shares = domains.map((domain) => [`h_${domain}`, 1 / domains.length]);
  const [n_params, n_tokens] = [inputs.params, inputs.tokens].map((x) => 2 * Math.max(...x));
  const predictions = result.predict([{ n_params, n_tokens, ...Object.fromEntries(shares) }]);
  const rows = result.fits.map(({ target, train }, n) => [
    target,
    `${train.mrePercent?.toFixed(2)} %`,
    predictions[n].values[0].toFixed(3),
  ]);
  element("fits").tBodies[0].replaceChildren(...rows.map(rowOf));
  element("fits").hidden = false;
}

function rowOf(texts) {
  const row = document.createElement("tr");
  for (const text of texts) row.insertCell().textContent = text;
  return row;
}

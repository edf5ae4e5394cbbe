/** The page's program: what the visitor sees. All work is done in its worker. */
import { render } from "preact";
import { App } from "./app.tsx";
import { Model } from "./model.ts";
import { remoteWorkshop } from "./protocol/calls.ts";

const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const model: Model = new Model(remoteWorkshop(worker, (fault) => model.fail(fault)));
const root = document.getElementById("page");
// In a turn of its own: reading this script has taken one.
if (root !== null)
  setTimeout(() => {
    root.replaceChildren();
    render(<App model={model} />, root);
  });

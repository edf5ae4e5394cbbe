/** A worker that does one job of `work.mjs` for each message. */
import { work } from "./work.mjs";

addEventListener("message", ({ data }) => {
  work(data).then(
    (answer) => postMessage(answer),
    (error) => postMessage({ error: { name: error.name, message: error.message } }),
  );
});

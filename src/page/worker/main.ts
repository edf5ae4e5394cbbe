/** The page's worker. It does all work but drawing; its float64 work has workers of its own. */
import { answerCalls } from "../protocol/calls.ts";
import { Session } from "./session.ts";

const beside = (name: string): URL => new URL(name, import.meta.url);

answerCalls(
  new Session({ poolWorker: beside("pool-worker.js"), reportApp: beside("report-app.js") }),
  self,
);

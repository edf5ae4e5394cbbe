/** The program in a report's file: it reads the data beside it and shows the chapters. */
import { element } from "../../views/kit/dom.ts";
import { unpacked } from "../../views/kit/packed.ts";
import { DATA_ID, type Report } from "../report-data.ts";
import { showReport } from "./show-report.ts";

function main(): void {
  const root = document.getElementById("report");
  const text = document.getElementById(DATA_ID)?.textContent;
  if (root === null || text === undefined) return;
  const { title, subtitle, ...body } = unpacked(text) as Report;
  root.append(
    element(document, "h1", {}, title),
    element(document, "p", { class: "reading" }, subtitle),
  );
  showReport(root, body, () => import("../what-if/what-if.ts"));
  performance.mark("first-picture");
}

main();

/** The program in a report's file: it reads the data beside it and shows the chapters. */
import { element } from "../../views/kit/dom.ts";
import { unpacked } from "../../views/kit/packed.ts";
import { showChapters } from "../../views/show.ts";
import { whatIf } from "../what-if/what-if.ts";
import { DATA_ID, type Report } from "../report-data.ts";

function main(): void {
  const root = document.getElementById("report");
  const text = document.getElementById(DATA_ID)?.textContent;
  if (root === null || text === undefined) return;
  const { title, subtitle, chapters, sliders } = unpacked(text) as Report;
  root.append(
    element(document, "h1", {}, title),
    element(document, "p", { class: "reading" }, subtitle),
  );
  showChapters(root, chapters);
  if (sliders !== undefined) {
    const next = document.getElementById(`chapter-${sliders.after + 1}`);
    root.insertBefore(element(document, "h2", { id: "what-if" }, "What if"), next);
    root.insertBefore(
      whatIf(document, sliders.data, (run) => requestAnimationFrame(run)),
      next,
    );
  }
  performance.mark("first-picture");
}

main();

/** What a report shows, in its own file and in the page: chapters, and sliders between them. */
import { element } from "../../views/kit/dom.ts";
import { chapterId, showChapters } from "../../views/show.ts";
import type { Report } from "../report-data.ts";
import { whatIf } from "../what-if/what-if.ts";

/** The part of a report that is shown below its title. */
export type ReportBody = Pick<Report, "chapters" | "sliders">;

/** A report that is shown. */
export interface ShownReport {
  /** Shows another in its place; what is the same object stays. */
  readonly update: (report: ReportBody) => void;
  /** Draws nothing any more. */
  readonly close: () => void;
}

/** Shows a report at the end of an element. */
export function showReport(root: HTMLElement, first: ReportBody): ShownReport {
  const { ownerDocument: document } = root;
  const chapters = showChapters(root, first.chapters);
  let current: Report["sliders"];
  let nodes: readonly HTMLElement[] = [];
  const placeSliders = (sliders: Report["sliders"]): void => {
    if (sliders !== current) {
      for (const node of nodes) node.remove();
      nodes = sliders === undefined ? [] : slidersOf(document, sliders);
      current = sliders;
    }
    const next = sliders === undefined ? null : document.getElementById(chapterId(sliders.after));
    if (nodes[0]?.nextElementSibling === nodes[1] && nodes[1]?.nextElementSibling === next) return;
    for (const node of nodes) root.insertBefore(node, next);
  };
  // Sliders are many elements: they come in a turn of their own, so that the page is free between.
  let wanted = first.sliders;
  const turn = setTimeout(() => placeSliders(wanted));
  return {
    update: (report) => {
      chapters.update(report.chapters);
      wanted = report.sliders;
      placeSliders(wanted);
    },
    close: () => {
      clearTimeout(turn);
      chapters.close();
    },
  };
}

const slidersOf = (document: Document, { data }: NonNullable<Report["sliders"]>): HTMLElement[] => [
  element(document, "h2", { id: "what-if" }, "What if"),
  whatIf(document, data, (run) => requestAnimationFrame(run)),
];

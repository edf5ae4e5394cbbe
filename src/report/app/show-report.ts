/** What a report shows, in its own file and in the page: chapters, and sliders between them. */
import { element } from "../../views/kit/dom.ts";
import { chapterId, showChapters } from "../../views/show.ts";
import type { Report } from "../report-data.ts";
import { Pauses } from "../../base/pauses.ts";
import type * as Sliders from "../what-if/what-if.ts";

/** The part of a report that is shown below its title. */
export type ReportBody = Pick<Report, "chapters" | "sliders">;

/** A report that is shown. */
export interface ShownReport {
  /** Shows another in its place; what is the same object stays. */
  readonly update: (report: ReportBody) => void;
  /** Draws nothing any more. */
  readonly close: () => void;
}

/** In place of sliders whose program did not come. */
const UNLOADED =
  "The sliders did not load: the network failed, or what-if.js is not beside this page. Load the page again.";

/**
 * Gives the program of the sliders, which runs the laws: it is larger than that of the pictures.
 */
export type LoadSliders = () => Promise<typeof Sliders>;

/** Shows a report at the end of an element. */
export function showReport(
  root: HTMLElement,
  first: ReportBody,
  loadSliders: LoadSliders,
): ShownReport {
  const chapters = showChapters(root, first.chapters);
  const sliders = new SliderPlace(root, loadSliders);
  // The first pictures come before them.
  const turn = setTimeout(() => void sliders.show(first.sliders));
  return {
    update: (report) => {
      clearTimeout(turn);
      chapters.update(report.chapters);
      void sliders.show(report.sliders);
    },
    close: () => {
      clearTimeout(turn);
      chapters.close();
    },
  };
}

/** Where sliders are: between chapters. */
class SliderPlace {
  readonly #root: HTMLElement;
  readonly #load: LoadSliders;
  #wanted: Report["sliders"];
  #shown: Report["sliders"];
  #nodes: readonly HTMLElement[] = [];

  constructor(root: HTMLElement, load: LoadSliders) {
    this.#root = root;
    this.#load = load;
  }

  /**
   * Shows some in place of those before; the same object stays. The page is free between pieces.
   */
  async show(sliders: Report["sliders"]): Promise<void> {
    this.#wanted = sliders;
    const nodes = sliders === this.#shown ? this.#nodes : await this.#nodesOf(sliders);
    if (nodes === undefined || sliders !== this.#wanted) return;
    if (nodes !== this.#nodes) for (const node of this.#nodes) node.remove();
    [this.#nodes, this.#shown] = [nodes, sliders];
    this.#place();
  }

  /** Undefined where others are wanted by now. */
  async #nodesOf(sliders: Report["sliders"]): Promise<readonly HTMLElement[] | undefined> {
    if (sliders === undefined) return [];
    const { data } = sliders;
    const { ownerDocument: document } = this.#root;
    const title = element(document, "h2", { id: "what-if" }, "What if");
    const program = await this.#load().catch(() => undefined);
    if (program === undefined) return [title, element(document, "p", { class: "lacks" }, UNLOADED)];
    const { preparations, whatIf } = program;
    const pauses = new Pauses();
    for (const prepare of preparations(data)) {
      prepare();
      await pauses.take();
      if (this.#wanted !== sliders) return undefined;
    }
    return [title, whatIf(document, data, (run) => requestAnimationFrame(run))];
  }

  #place(): void {
    const [title, body] = this.#nodes;
    const after = this.#shown?.after;
    const next = after === undefined ? null : this.#root.querySelector(`#${chapterId(after)}`);
    if (title?.nextElementSibling === body && body?.nextElementSibling === next) return;
    for (const node of this.#nodes) this.#root.insertBefore(node, next);
  }
}

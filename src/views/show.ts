/** Sections in a page: figures that are drawn when they come into sight, again where the room
 * changes, and all of them before printing. */
import { csvText } from "../data/table/write-csv.ts";
import { element } from "./kit/dom.ts";
import { type Chapter, type Section, viewOf } from "./catalog.ts";
import { isLacking } from "./kit/view.ts";

/** Room on A4 between the margins, in CSS pixels. */
const PAPER = 680;
/** Pixels ahead of what is seen that pictures are drawn at. */
const AHEAD = "600px";

/** A figure that has not been drawn yet. */
interface Shown {
  readonly figure: HTMLElement;
  /** Draws it at a width, or at the room that it has. */
  readonly draw: (width?: number) => void;
}

/** Chapters whose titles are listed above them, as links: fewer are seen at a glance. */
const LISTED = 3;

/** Shows chapters at the end of an element, below their titles. */
export function showChapters(root: HTMLElement, chapters: readonly Chapter[]): void {
  const { ownerDocument: document } = root;
  if (chapters.length >= LISTED) root.append(contents(document, chapters));
  const shown = chapters.flatMap(({ title, sections }, c) => {
    const heading = element(document, "h2", { id: chapterId(c) }, title);
    const figures = sections.map((section, s) => showSection(document, section, `${c + 1}-${s + 1}`)); // prettier-ignore
    root.append(heading, ...figures.map(({ figure }) => figure));
    return figures;
  });
  drawWhenSeen(document, shown);
}

const chapterId = (c: number): string => `chapter-${c + 1}`;

/** Titles of chapters as links to them. */
function contents(document: Document, chapters: readonly Chapter[]): HTMLElement {
  const links = chapters.map(({ title }, c) =>
    element(document, "li", {}, element(document, "a", { href: `#${chapterId(c)}` }, title)),
  );
  return element(
    document,
    "nav",
    { class: "contents", "aria-label": "Contents" },
    element(document, "ul", {}, ...links),
  );
}

/** A section as a figure: title, how to read it, picture, and its numbers to save. */
function showSection(document: Document, section: Section, place: string): Shown {
  const { view: name, data } = section;
  const { title, reading, draw, table, isWords } = viewOf(section);
  const figure = element(document, "figure", {
    id: `${name}-${place}`,
    class: isWords ? "words" : undefined,
    "data-view": name,
  });
  const header = element(document, "header", {}, element(document, "h3", {}, title));
  figure.append(header);
  if (isLacking(data)) {
    figure.append(element(document, "p", { class: "lacks" }, data.lacks));
    return { figure, draw: () => undefined };
  }
  if (table !== undefined) {
    const button = element(document, "button", { type: "button", "aria-label": `Save the numbers of “${title}” as CSV` }, "CSV"); // prettier-ignore
    button.addEventListener("click", () => {
      const { header: names, rows } = table(data);
      save(document, `${name}-${place}.csv`, csvText(names, rows));
    });
    header.append(button);
  }
  const room = element(document, "div", { class: "picture" });
  figure.append(element(document, "p", { class: "reading" }, reading), room);
  if (isWords) {
    room.append(draw(data, { document, width: PAPER }));
    return { figure, draw: () => undefined };
  }
  let drawnAt = 0;
  return {
    figure,
    draw: (width = room.clientWidth) => {
      if (width === 0 || width === drawnAt) return;
      drawnAt = width;
      room.replaceChildren(draw(data, { document, width }));
    },
  };
}

function drawWhenSeen(document: Document, shown: readonly Shown[]): void {
  const { defaultView: view } = document;
  if (view === null) return;
  const byFigure = new Map<Element, Shown>(shown.map((each) => [each.figure, each]));
  const seen = new Set<Shown>();
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) byFigure.get(target)?.draw();
  });
  const sights = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const each = byFigure.get(target);
        if (!isIntersecting || each === undefined || seen.has(each)) continue;
        seen.add(each);
        sights.unobserve(target);
        sizes.observe(target); // its first report draws
      }
    },
    { rootMargin: AHEAD },
  );
  for (const { figure } of shown) sights.observe(figure);
  view.addEventListener("beforeprint", () => {
    for (const { draw } of shown) draw(PAPER);
  });
  view.addEventListener("afterprint", () => {
    for (const { draw } of shown) draw();
  });
}

/** Lets the visitor save a text as a file. */
export function save(document: Document, name: string, text: string, type = "text/csv"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element(document, "a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

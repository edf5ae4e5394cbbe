/** Chapters in a page: titles, and sections as figures. */
import { csvText } from "../data/write/csv-text.ts";
import { element } from "./kit/dom.ts";
import { type Chapter, type Section, viewOf } from "./catalog.ts";
import { DrawWhenSeen, PAPER, type Shown } from "./draw-when-seen.ts";
import { save } from "./kit/save.ts";
import { isLacking } from "./kit/view.ts";

/** Chapters whose titles are listed above them, as links: fewer are seen at a glance. */
const LISTED = 3;

/** Chapters that are shown. */
export interface ShownChapters {
  /** Shows others in their place; figures of sections that are the same object stay. */
  readonly update: (chapters: readonly Chapter[]) => void;
  /** Draws nothing any more. */
  readonly close: () => void;
}

/** Shows chapters at the end of an element, below their titles. */
export function showChapters(root: HTMLElement, first: readonly Chapter[]): ShownChapters {
  const { ownerDocument: document } = root;
  const drawing = new DrawWhenSeen(document.defaultView ?? window);
  let chapters: readonly Chapter[] = [];
  let nodes: readonly HTMLElement[] = [];
  const shown = new Map<Section, Shown>();
  const figureOf = (section: Section, place: string): HTMLElement => {
    const figure = showSection(document, section, place);
    shown.set(section, figure);
    drawing.watch(figure);
    return figure.figure;
  };
  const forget = (section: Section): HTMLElement | undefined => {
    const figure = shown.get(section);
    if (figure !== undefined) drawing.forget(figure);
    shown.delete(section);
    return figure?.figure;
  };
  const rebuild = (next: readonly Chapter[]): void => {
    for (const section of shown.keys()) forget(section);
    for (const node of nodes) node.remove();
    nodes = [
      ...(next.length >= LISTED ? [contents(document, next)] : []),
      ...next.flatMap(({ title, sections }, c) => [
        element(document, "h2", { id: chapterId(c) }, title),
        ...sections.map((section, s) => figureOf(section, placeOf(c, s))),
      ]),
    ];
    root.append(...nodes);
  };
  const exchange = (next: readonly Chapter[]): void => {
    for (const [before, after, place] of changes(chapters, next))
      forget(before)?.replaceWith(figureOf(after, place));
  };
  const update = (next: readonly Chapter[]): void => {
    if (isAlike(chapters, next)) exchange(next);
    else rebuild(next);
    chapters = next;
  };
  update(first);
  return { update, close: () => drawing.close() };
}

const placeOf = (chapter: number, section: number): string => `${chapter + 1}-${section + 1}`;

/** Whether chapters have the same titles and views. */
const isAlike = (before: readonly Chapter[], after: readonly Chapter[]): boolean =>
  outlineOf(before) === outlineOf(after);

const outlineOf = (chapters: readonly Chapter[]): string =>
  JSON.stringify(chapters.map(({ title, sections }) => [title, sections.map(({ view }) => view)]));

/** The sections of chapters that are alike and differ, with their places. */
const changes = (
  before: readonly Chapter[],
  after: readonly Chapter[],
): (readonly [before: Section, after: Section, place: string])[] =>
  after.flatMap(({ sections }, c) =>
    sections.flatMap((section, s) => {
      const old = before[c]?.sections[s];
      return old === undefined || old === section ? [] : [[old, section, placeOf(c, s)] as const];
    }),
  );

/** The name of the heading of the c-th chapter, from 0. */
export const chapterId = (c: number): string => `chapter-${c + 1}`;

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

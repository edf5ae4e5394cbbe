/**
 * Draws figures when they come into sight, again where the room changes, and all of them before
 * printing. Pictures are drawn one at a time, when the page has nothing else to do.
 */

/** Room on A4 between the margins, in CSS pixels. */
export const PAPER = 680;
/** Pixels ahead of what is seen that pictures are drawn at. */
const AHEAD = "600px";
/** Milliseconds that a picture waits for a quiet moment at most. */
const PATIENCE = 200;

/** A figure, and what draws it. */
export interface Shown {
  readonly figure: HTMLElement;
  /** Draws it at a width, or at the room that it has. */
  readonly draw: (width?: number) => void;
}

export class DrawWhenSeen {
  readonly #view: Window;
  readonly #byFigure = new Map<Element, Shown>();
  readonly #sights: IntersectionObserver;
  readonly #sizes: ResizeObserver;
  readonly #waiting = new Set<Shown>();
  readonly #closed = new AbortController();

  constructor(view: Window) {
    this.#view = view;
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target } of entries) this.#drawLater(target);
    });
    this.#sights = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) continue;
          this.#sights.unobserve(target);
          this.#sizes.observe(target); // its first report draws
        }
      },
      { rootMargin: AHEAD },
    );
    const { signal } = this.#closed;
    const drawAll = (width?: number): void => {
      for (const { draw } of this.#byFigure.values()) draw(width);
    };
    view.addEventListener("beforeprint", () => drawAll(PAPER), { signal });
    view.addEventListener("afterprint", () => drawAll(), { signal });
  }

  watch(shown: Shown): void {
    this.#byFigure.set(shown.figure, shown);
    this.#sights.observe(shown.figure);
  }

  forget(shown: Shown): void {
    this.#byFigure.delete(shown.figure);
    this.#waiting.delete(shown);
    this.#sights.unobserve(shown.figure);
    this.#sizes.unobserve(shown.figure);
  }

  close(): void {
    this.#closed.abort();
    this.#sights.disconnect();
    this.#sizes.disconnect();
    this.#waiting.clear();
  }

  #drawLater(figure: Element): void {
    const shown = this.#byFigure.get(figure);
    if (shown === undefined) return;
    const isFirst = this.#waiting.size === 0;
    this.#waiting.add(shown);
    if (isFirst) this.#whenIdle();
  }

  #whenIdle(): void {
    // Not every browser has idle callbacks.
    if ("requestIdleCallback" in this.#view)
      this.#view.requestIdleCallback(() => this.#drawNext(), { timeout: PATIENCE });
    else setTimeout(() => this.#drawNext());
  }

  #drawNext(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next.draw();
    if (this.#waiting.size > 0) this.#whenIdle();
  }
}

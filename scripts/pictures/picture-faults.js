/**
 * Runs in a page: what is wrong with its pictures, a line a fault. Text that is cut or lies on
 * other text, colors without contrast, numbers that are none, pictures that are empty.
 *
 *     globalThis.pictureFaults() // ["mixture-1-1: “web” lies on “code”"]
 */
{
  /** Pixels that texts may overlap, and stick out of their figure. */
  const SLACK = 1.5;
  /** Parts of a line's height above and below the letters, where nothing is drawn. */
  const LEADING = 0.16;
  /** Contrast of text by WCAG 2.2, level AA; 0.05 for rounding of colors. */
  const CONTRAST = 4.5 - 0.05;

  /** @typedef {{ x: number, y: number }} Point */
  /** @typedef {[Point, Point, Point, Point]} Corners
   * @typedef {{ text: string, element: Element, corners: Corners }} Label */

  /** @param {DOMRect} box @param {(x: number, y: number) => Point} place @returns {Corners} */
  const cornersOf = ({ x, y, width, height }, place) => {
    const [top, bottom] = [y + LEADING * height, y + (1 - LEADING) * height];
    return [place(x, top), place(x + width, top), place(x + width, bottom), place(x, bottom)];
  };

  /** @param {Element} element */
  const isVisible = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  /** Texts of pictures, which may be turned. @param {Element} figure @returns {Label[]} */
  const svgLabels = (figure) =>
    [...figure.querySelectorAll("svg text")].flatMap((element) => {
      const text = [...element.childNodes]
        .filter(({ nodeName }) => nodeName !== "title")
        .map(({ textContent }) => textContent)
        .join("")
        .trim();
      const drawn = /** @type {SVGTextElement} */ (element);
      const matrix = drawn.getScreenCTM();
      const box = drawn.getBBox();
      if (text === "" || matrix === null || box.width === 0 || !isVisible(element)) return [];
      const place = (/** @type {number} */ x, /** @type {number} */ y) =>
        new DOMPoint(x, y).matrixTransform(matrix);
      return [{ text, element, corners: cornersOf(box, place) }];
    });

  /** Whether a line is in what is seen of a text that scrolls. @param {Element} element
   * @param {DOMRect} line */
  const isSeen = (element, { x, y, width, height }) => {
    const scrolling = element.closest("pre, .scroll")?.getBoundingClientRect();
    if (scrolling === undefined) return true;
    const { left, right, top, bottom } = scrolling;
    return x + width > left && x < right && y + height / 2 > top && y + height / 2 < bottom;
  };

  /** Lines of text beside pictures. @param {Element} figure @returns {Label[]} */
  const htmlLabels = (figure) => {
    const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
    const labels = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = (node.textContent ?? "").trim();
      if (element === null || text === "" || element.closest("svg, .visually-hidden") !== null)
        continue;
      if (!isVisible(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (!isSeen(element, box)) continue;
        labels.push({ text, element, corners: cornersOf(box, (x, y) => ({ x, y })) });
      }
    }
    return labels;
  };

  /**
   * How deep two convex shapes overlap, by the axis on which they overlap least (the separating
   * axis theorem). @param {Point[]} a @param {Point[]} b
   */
  const overlap = (a, b) => {
    let least = Infinity;
    for (const shape of [a, b]) {
      for (const [i, from] of shape.entries()) {
        const to = shape[(i + 1) % shape.length] ?? from;
        const length = Math.hypot(to.x - from.x, to.y - from.y);
        if (length === 0) return 0;
        const [nx, ny] = [(to.y - from.y) / length, (from.x - to.x) / length];
        const along = (/** @type {Point[]} */ corners) =>
          corners.map(({ x, y }) => x * nx + y * ny);
        const [first, second] = [along(a), along(b)];
        const depth =
          Math.min(Math.max(...first), Math.max(...second)) -
          Math.max(Math.min(...first), Math.min(...second));
        least = Math.min(least, depth);
      }
    }
    return least;
  };

  const quoted = (/** @type {Label} */ { text }) => `“${text.slice(0, 40)}”`;

  /** Arrows and other signs may lie on each other, as marks do. @param {Label} label */
  const isRead = ({ text }) => /[\p{L}\p{N}]/u.test(text);

  /** @param {Label[]} labels */
  const overlaps = (labels) =>
    labels.flatMap((label, i) =>
      labels
        .slice(i + 1)
        .filter((other) => other.element !== label.element)
        .filter((other) => isRead(label) && isRead(other))
        .filter((other) => overlap(label.corners, other.corners) > SLACK)
        .map((other) => `${quoted(label)} lies on ${quoted(other)}`),
    );

  /** Text that sticks out of its figure. @param {Element} figure @param {Label[]} labels */
  const cuts = (figure, labels) => {
    const { left, right, top, bottom } = figure.getBoundingClientRect();
    return labels
      .filter(({ element }) => element.closest(".scroll") === null)
      .filter(({ element }) => getComputedStyle(element).textOverflow !== "ellipsis")
      .filter(({ corners }) =>
        corners.some(
          ({ x, y }) =>
            x < left - SLACK || x > right + SLACK || y < top - SLACK || y > bottom + SLACK,
        ),
      )
      .map((label) => `${quoted(label)} sticks out`);
  };

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  /** Red, green and blue, and an opacity, each from 0 to 1.
   * @typedef {[r: number, g: number, b: number]} Color
   * @typedef {[r: number, g: number, b: number, a: number]} Paint */
  /** @type {Map<string, Paint>} */
  const colors = new Map();

  /** @param {string} color @returns {Paint} */
  const channels = (color) => {
    const known = colors.get(color);
    if (known !== undefined || canvas === null) return known ?? [0, 0, 0, 0];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
    /** @type {Paint} */
    const paint = [r / 255, g / 255, b / 255, a / 255];
    colors.set(color, paint);
    return paint;
  };

  /** @param {Paint} paint @param {Color} under @param {number} opacity @returns {Color} */
  const blended = ([r, g, b, a], under, opacity) => {
    const part = a * opacity;
    const [ur, ug, ub] = under;
    return [r * part + ur * (1 - part), g * part + ug * (1 - part), b * part + ub * (1 - part)];
  };

  /** @param {string} color @returns {Color} */
  const solid = (color) => blended(channels(color), [1, 1, 1], 1);

  /** The color under a text: what is drawn there, from the page's ground up. @param {Label} label */
  const ground = ({ element, corners }) => {
    const [first, , opposite] = corners;
    const [x, y] = [(first.x + opposite.x) / 2, (first.y + opposite.y) / 2];
    const style = getComputedStyle(element);
    if (style.paintOrder.startsWith("stroke") && Number.parseFloat(style.strokeWidth) >= 2)
      return solid(style.stroke);
    const under = document.elementsFromPoint(x, y).filter((each) => each.closest("text") === null);
    let color = solid(getComputedStyle(document.body).backgroundColor);
    for (const each of under.toReversed()) {
      const { fill, fillOpacity, opacity, backgroundColor } = getComputedStyle(each);
      const isShape = each instanceof SVGGeometryElement;
      if (isShape && fill === "none") continue;
      const paint = isShape ? fill : backgroundColor;
      color = blended(
        channels(paint),
        color,
        Number(opacity) * (isShape ? Number(fillOpacity) : 1),
      );
    }
    return color;
  };

  /** Of a channel, by sRGB. @param {number} c */
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);

  /** @param {Color} color */
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

  /** Texts of pictures that cannot be read on their ground. @param {Label[]} labels */
  const faint = (labels) =>
    labels.flatMap((label) => {
      const { fill, fillOpacity, opacity } = getComputedStyle(label.element);
      const under = ground(label);
      const ink = blended(channels(fill), under, Number(opacity) * Number(fillOpacity));
      const ratio = (luminance(ink) + 0.05) / (luminance(under) + 0.05);
      const contrast = Math.max(ratio, 1 / ratio);
      return contrast >= CONTRAST ? [] : [`${quoted(label)} has contrast ${contrast.toFixed(1)}`];
    });

  /** Attributes of pictures that no number became. @param {Element} figure */
  const broken = (figure) =>
    [...figure.querySelectorAll("svg, svg *")].flatMap(({ tagName, attributes }) =>
      [...attributes]
        .filter(({ name }) => !/^(aria-|title|class|id)/.test(name))
        .filter(({ value }) => /NaN|undefined|Infinity/.test(value))
        .map(({ name, value }) => `<${tagName} ${name}="${value.slice(0, 40)}">`),
    );

  /** Whether a figure shows something, or says why it does not. @param {Element} figure */
  const isEmpty = (figure) =>
    figure.querySelector(".lacks") === null && !figure.querySelector(".picture")?.hasChildNodes();

  const pictureFaults = () => {
    const figures = [...document.querySelectorAll("figure[data-view]")];
    const faults = figures.flatMap((figure) => {
      figure.scrollIntoView({ block: "start", behavior: "instant" });
      const labels = svgLabels(figure);
      const all = [...labels, ...htmlLabels(figure)];
      const found = [
        ...(isEmpty(figure) ? ["nothing is drawn"] : []),
        ...broken(figure),
        ...overlaps(all),
        ...cuts(figure, all),
        ...faint(labels),
      ];
      return found.map((fault) => `${figure.id}: ${fault}`);
    });
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} pixels wide`);
    return faults;
  };

  Object.assign(globalThis, { pictureFaults });
}

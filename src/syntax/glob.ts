/** Globs: `*` any text, `?` any character. */

/**
 * Whether a glob matches a whole name. The work grows with the product of their lengths, whatever
 * the number of stars: only the last star that was passed is ever tried again (a later star can
 * take what an earlier one gives up).
 *
 * @example matchesGlob("h_*", "h_web") // true
 */
export function matchesGlob(glob: string, name: string): boolean {
  const [signs, text] = [Array.from(glob), Array.from(name)];
  let [sign, at] = [0, 0];
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (signs[sign] === "*") {
      star = sign;
      resume = at;
      sign += 1;
    } else if (sign < signs.length && (signs[sign] === "?" || signs[sign] === text[at])) {
      sign += 1;
      at += 1;
    } else if (star >= 0) {
      resume += 1;
      [sign, at] = [star + 1, resume];
    } else return false;
  }
  return signs.slice(sign).every((rest) => rest === "*");
}

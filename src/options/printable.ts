/**
 * The gate for names from outside: columns of tables, and names in fit files. Names reach
 * terminals, files that other programs read, and sentences of one line, so that they are printable
 * text.
 */
import { oneLine } from "../base/wording.ts";

/**
 * A name as printable text: line breaks and tabs become a space, other control characters their
 * escapes, and no space is left at its ends. Everything else is allowed.
 *
 * @example printable("web\n(crawl)") // "web (crawl)"
 * @example printable("a\u001b[2J") // "a\\u001b[2J"
 */
export const printable = (name: string): string => oneLine(name).trim();

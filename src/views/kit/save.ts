/** Files that a page gives. */
import { element } from "./dom.ts";

/** Lets the visitor save a text as a file. */
export function save(document: Document, name: string, text: string, type = "text/csv"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element(document, "a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

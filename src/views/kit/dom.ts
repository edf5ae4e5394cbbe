/** Elements made from code. Text is always a text node: nothing that data say becomes markup. */

type Child = Node | string | undefined;

/**
 * An HTML element.
 *
 * @param attributes by name; undefined leaves one out
 * @example element(document, "p", { class: "reading" }, "How to read it.")
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

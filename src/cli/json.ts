/** JSON for files and pipes: indented, lists of numbers on one line. */
export const json = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/\[\n[\s\d.,eE+-]+\]/g, (list) =>
    list.replaceAll(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );

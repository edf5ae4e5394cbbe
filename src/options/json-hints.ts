/**
 * What JSON Schema says of schemas that are functions to valibot: objects by name, numbers in a
 * range, one value or a list.
 */

/** A JSON Schema of the draft 2020-12, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Makes the JSON Schema of a part. */
type Convert = (schema: object) => JsonSchema;

const hints = new WeakMap<object, (convert: Convert) => JsonSchema>();

/** The schema, of which a JSON Schema is known. */
export function hinted<T extends object>(schema: T, hint: (convert: Convert) => JsonSchema): T {
  hints.set(schema, hint);
  return schema;
}

/** What is known of a schema. */
export const hintOf = (schema: object): ((convert: Convert) => JsonSchema) | undefined =>
  hints.get(schema);

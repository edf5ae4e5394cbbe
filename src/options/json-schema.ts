/**
 * JSON Schemas (2020-12) of the schemas by which files are read: there is one source. What valibot
 * checks with functions of its own (that shares sum to 1) JSON Schema does not say; a file that is
 * read has passed it, and not the other way round.
 */
import type { GenericSchema } from "valibot";
import { hintOf, type JsonSchema } from "./json-hints.ts";

/** What valibot keeps of a schema, or of an action of a pipe. */
interface Parts {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Parts[];
  readonly wrapped?: Parts;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly item?: Parts;
  readonly items?: readonly Parts[];
  readonly entries?: Readonly<Record<string, Parts>>;
  readonly requirement?: unknown;
  readonly description?: string;
}

/** The title and the versions of a file, beside its schema. */
export interface FileSchema {
  readonly title: string;
  /** Values of its key "schema"; none where it has no such key. */
  readonly versions: readonly string[];
  readonly schema: GenericSchema;
}

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/**
 * The JSON Schema of a file.
 *
 * @example jsonSchemaOf({ title: "a fit file", versions: ["mixlaw/fit@2"], schema: FIT_FILE })
 */
export function jsonSchemaOf({ title, versions, schema }: FileSchema): JsonSchema {
  const own = convert(schema);
  if (versions.length === 0) return { $schema: DRAFT, title, ...own };
  return {
    $schema: DRAFT,
    title,
    ...own,
    properties: { schema: { enum: versions }, ...(own["properties"] as object) },
    required: ["schema", ...((own["required"] as string[] | undefined) ?? []).filter((name) => name !== "schema")], // prettier-ignore
  };
}

const SIMPLE = new Map<string, JsonSchema>([
  ["string", { type: "string" }],
  ["number", { type: "number" }],
  ["boolean", { type: "boolean" }],
]);

function convert(schema: Parts): JsonSchema {
  const hint = hintOf(schema);
  if (hint !== undefined) return hint((part) => convert(part as Parts));
  if (schema.pipe !== undefined) return piped(schema.pipe);
  const simple = SIMPLE.get(schema.type);
  if (simple !== undefined) return simple;
  const { wrapped, options = [], literal, item, items = [], entries } = schema;
  switch (schema.type) {
    case "literal":
      return { const: literal };
    case "picklist":
      return { enum: options };
    case "optional":
    case "exact_optional":
    case "nullish":
      return wrapped === undefined ? {} : convert(wrapped);
    case "nullable":
      return wrapped === undefined ? {} : orNull(convert(wrapped));
    case "union":
      return anyOf(options.map((each) => convert(each as Parts)));
    case "array":
      return { type: "array", ...(item === undefined ? {} : { items: convert(item) }) };
    case "strict_tuple":
      return { type: "array", prefixItems: items.map(convert), minItems: items.length, items: false }; // prettier-ignore
    case "strict_object":
    case "loose_object":
    case "object":
      return objectOf(entries ?? {}, schema.type === "strict_object");
    default:
      return {}; // what is taken as it is
  }
}

/** A schema that takes null too. */
const orNull = (schema: JsonSchema): JsonSchema =>
  typeof schema["type"] === "string" && !("enum" in schema)
    ? { ...schema, type: [schema["type"], "null"] }
    : anyOf([schema, { type: "null" }]);

/** Any of some schemas; types alone become one list of types. */
function anyOf(parts: readonly JsonSchema[]): JsonSchema {
  const flat = parts.flatMap((part) =>
    Object.keys(part).join() === "anyOf" ? (part["anyOf"] as JsonSchema[]) : [part],
  );
  const isType = (part: JsonSchema): boolean => Object.keys(part).join() === "type";
  if (flat.length === 1 || flat.some((part) => Object.keys(part).length === 0))
    return flat.length === 1 ? (flat[0] ?? {}) : {};
  const types = [...new Set(flat.filter(isType).flatMap((part) => part["type"] as string))];
  const others = flat.filter((part) => !isType(part));
  const typed = types.length === 0 ? [] : [{ type: types.length === 1 ? types[0] : types }];
  const all = [...typed, ...others];
  return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
}

/** A schema, and what the actions of its pipe say besides. */
function piped([first, ...actions]: readonly Parts[]): JsonSchema {
  let all = first === undefined ? {} : convert(first);
  for (const action of actions) {
    if (action.kind === "schema") all = { ...all, ...convert(action) };
    else if (action.type === "transform") break; // what follows is not what stands in the file
    else all = { ...all, ...ofAction(action, all) };
  }
  return all;
}

function ofAction({ type, requirement, description }: Parts, { type: of }: JsonSchema): JsonSchema {
  switch (type) {
    case "description":
      return { description };
    case "max_length":
      return of === "array" ? { maxItems: requirement } : { maxLength: requirement };
    case "regex":
      return { pattern: (requirement as RegExp).source };
    default:
      return {};
  }
}

/** Objects; a key with a schema that may be left out is not required. */
function objectOf(entries: Readonly<Record<string, Parts>>, isStrict: boolean): JsonSchema {
  const names = Object.keys(entries);
  const required = names.filter((name) => !mayBeMissing(entries[name]));
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(entries).map(([name, part]) => [name, convert(part)]),
    ),
    ...(required.length === 0 ? {} : { required }),
    ...(isStrict ? { additionalProperties: false } : {}),
  };
}

const mayBeMissing = (schema: Parts | undefined): boolean =>
  schema !== undefined && /^(optional|exact_optional|nullish)$/.test(schema.pipe?.[0]?.type ?? schema.type); // prettier-ignore

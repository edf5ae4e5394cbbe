/** `mixlaw schema`: JSON Schemas of files. */
import type { Command } from "commander";
import { InputError } from "../../base/errors.ts";
import { either } from "../../base/kinds.ts";
import { suggest } from "../../base/wording.ts";
import { jsonSchemaOf } from "../../options/json-schema.ts";
import { endHelp } from "../io/help.ts";
import { print } from "../io/output.ts";
import { documentDestination } from "../io/save.ts";
import { FILE_SCHEMAS, SCHEMA_NAMES } from "./file-schemas.ts";

const EXAMPLES = `
The schema is made of the checks that mixlaw reads such files with. What JSON Schema cannot say, such as shares that
sum to 1, is checked besides when a file is read. Editors that know the YAML language server check a job file whose
first line is "# yaml-language-server: $schema=job.schema.json".

Examples:
  mixlaw schema job --out job.schema.json
  mixlaw schema fit`;

export function addSchema(program: Command): void {
  const command = program
    .command("schema")
    .summary("print the JSON Schema of a file")
    .description("Prints the JSON Schema (draft 2020-12) of a kind of file.")
    .argument("<FILE>", either(SCHEMA_NAMES))
    .option("-o, --out <FILE>", "write it to a file");
  endHelp(command, EXAMPLES).action(schema);
}

async function schema(asked: string, flags: { readonly out?: string }): Promise<void> {
  const name = SCHEMA_NAMES.find((each) => each === asked);
  if (name === undefined)
    throw new InputError(`there is no schema "${asked}"; ${suggest(asked, SCHEMA_NAMES, "schemas")}`); // prettier-ignore
  const text = JSON.stringify(jsonSchemaOf(FILE_SCHEMAS[name]), undefined, 2);
  if (flags.out === undefined) return print(text);
  const out = await documentDestination(flags.out);
  await out.save(`${text}\n`);
}

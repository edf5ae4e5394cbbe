/** The files that mixlaw reads and writes, by the schemas that check them. */
import { FIT_FILE } from "../../fit/file/file-schema.ts";
import { FIT_VERSIONS } from "../../fit/file/parse-fit-file.ts";
import { LAW_FILE } from "../../laws/formula/law-file.ts";
import { CONSTRAINTS } from "../../mixture/constraints/read-constraints.ts";
import { OPTIMUM, OPTIMUM_VERSION } from "../../mixture/request/optimum-schema.ts";
import { PLAN, PLAN_VERSION } from "../../register/plan-file.ts";
import type { FileSchema } from "../../options/json-schema.ts";
import { TRUTH } from "../../simulate/parse-truth.ts";
import { JOB } from "./job-schema.ts";

/** By the name that `mixlaw schema` takes. */
export const FILE_SCHEMAS = {
  fit: { title: "fit file of mixlaw", versions: FIT_VERSIONS, schema: FIT_FILE },
  optimum: { title: "optimum of mixlaw", versions: [OPTIMUM_VERSION], schema: OPTIMUM },
  plan: { title: "plan of mixlaw", versions: [PLAN_VERSION], schema: PLAN },
  job: { title: "job file of mixlaw", versions: [], schema: JOB },
  law: { title: "law file of mixlaw", versions: [], schema: LAW_FILE },
  constraints: { title: "constraints file of mixlaw", versions: [], schema: CONSTRAINTS },
  truth: { title: "truth file of mixlaw", versions: ["mixlaw/truth@1"], schema: TRUTH },
} as const satisfies Readonly<Record<string, FileSchema>>;

/** What a file with a schema is. */
export type SchemaName = keyof typeof FILE_SCHEMAS;

export const SCHEMA_NAMES = Object.keys(FILE_SCHEMAS) as readonly SchemaName[];

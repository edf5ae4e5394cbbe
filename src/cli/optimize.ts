/** `mixlaw optimize`: the best mixture, from a fit file. */
import { type Command, Option } from "commander";
import type { Format } from "../mixture/formats.ts";
import { isStill, optimizeLimit, optimizePath, type PathRow } from "../mixture/path.ts";
import { AbortedError, type Backend, CATALOG, type FitFile, InputError, openEngine, type OptimizeOptions, type Optimum } from "../node.ts";
import { type ConstraintFlags, addConstraints, constraintsOf } from "./bounds.ts";
import { amount } from "./counts.ts";
import { INTERRUPTED, interruption } from "./interrupt.ts";
import { print, style, tell, width } from "./output.ts";
import { PROGRESS, type Reporter, reporter } from "./progress.ts";
import { quietly } from "./quiet.ts";
import { type Answer, rendered } from "./answer.ts";
import { destination } from "./save.ts";
import { readFit } from "./schema.ts";
import { mixtureOf, pairs, pathsOf, weighted } from "./shares.ts";
import { type Route, route, stopsOf } from "./stops.ts";
import { choice, limited, numeric, whole } from "./values.ts";

export interface Flags extends ConstraintFlags {
  readonly params?: number;
  readonly tokens?: number;
  readonly flops?: number;
  readonly path?: Route;
  readonly objective?: "worst" | Readonly<Record<string, number>>;
  readonly law?: string | Readonly<Record<string, string>>;
  readonly reference?: string;
  readonly noWorse?: Readonly<Record<string, number>>;
  readonly solver?: "gradient" | "mirror";
  readonly samples?: number;
  readonly seed?: number;
  readonly epsilon?: number;
  readonly format?: Format | "table";
  readonly json?: true;
  readonly paths?: string;
  readonly out?: string;
  readonly backend: Backend;
  readonly progress: (typeof PROGRESS)[number];
}

/** The laws that come with mixlaw, by name. */
import { additive } from "./additive.ts";
import { chinchilla } from "./chinchilla.ts";
import type { Law } from "./define.ts";
import { full } from "./full.ts";
import { joint } from "./joint.ts";
import { mixture } from "./mixture.ts";
import { simple } from "./simple.ts";
import { mixtureTokens } from "./tokens.ts";

export const laws = { chinchilla, mixture, mixtureTokens, simple, additive, joint, full } as const;

/** The catalog by the names that users type, smaller laws before those that contain them. */
export const CATALOG: ReadonlyMap<string, Law> = new Map(Object.values(laws).map((law) => [law.name, law]));

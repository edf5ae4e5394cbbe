/**
 * Goals of the form constant + Σ_t weight_t/S_t(h), where each S_t is a sum over domains of powers
 * of single shares: what the mixture and additive laws are at one scale. Their global optimum can
 * be bounded (bound/lower-bound.ts).
 */
import { itemAt } from "../../base/known.ts";
import { OPS } from "../../expr/operators.ts";
import { argumentsOf, type Node, topological } from "../../expr/graph.ts";
import type { Scale, Term } from "./surface.ts";

/** coefficient·h_domain^exponent, with both at least 0. */
export interface SharePower {
  readonly domain: number;
  readonly coefficient: number;
  readonly exponent: number;
}

/** constant + Σ powers */
export interface PowerSum {
  readonly constant: number;
  readonly powers: readonly SharePower[];
}

/** weight/sum, with a positive weight. */
export interface InverseSum {
  readonly weight: number;
  readonly sum: PowerSum;
}

/** constant + Σ parts */
export interface InverseSums {
  readonly constant: number;
  readonly parts: readonly InverseSum[];
}

/** What an expression is as a function of the shares; undefined for what is none of these. */
type Form =
  | { readonly kind: "constant"; readonly value: number }
  /** offset + slope·ln h_domain */
  | {
      readonly kind: "log";
      readonly domain: number;
      readonly offset: number;
      readonly slope: number;
    }
  | ({ readonly kind: "sum" } & PowerSum)
  | ({ readonly kind: "inverse" } & InverseSums)
  | undefined;

/** Σ weight·L of the terms in this form; undefined where one of them has another. */
export function inverseSumsOf(terms: readonly Term[], at: Scale): InverseSums | undefined {
  const all: InverseSums[] = [];
  for (const { fitted, weight } of terms) {
    const form = scaled(formOf(fitted.law.loss, leafValues(fitted.theta, at)), weight);
    if (form?.kind === "constant") all.push({ constant: form.value, parts: [] });
    else if (form?.kind === "inverse") all.push(form);
    else return undefined;
  }
  return {
    constant: all.reduce((sum, { constant }) => sum + constant, 0),
    parts: all.flatMap(({ parts }) => parts),
  };
}

/** Values of parameters and inputs. */
const leafValues =
  (theta: ArrayLike<number>, at: Scale) =>
  (leaf: Node): number => {
    if (leaf.kind === "param") return itemAt(theta, leaf.index);
    const inputs: Readonly<Record<string, number>> = {
      ...at.inputs,
      params: at.params,
      tokens: at.tokens,
    };
    return leaf.kind === "input" ? (inputs[leaf.name] ?? Number.NaN) : Number.NaN;
  };

function formOf(root: Node, valueOf: (leaf: Node) => number): Form {
  const forms = new Map<Node, Form>();
  for (const node of topological([root])) {
    const args = argumentsOf(node).map((arg) => forms.get(arg));
    forms.set(node, formOfNode(node, args, valueOf));
  }
  return forms.get(root);
}

function formOfNode(node: Node, args: readonly Form[], valueOf: (leaf: Node) => number): Form {
  if (node.kind === "const") return { kind: "constant", value: node.value };
  if (node.kind === "weight") return powerOf(node.index, 1, 1);
  if (node.kind === "known") return args[0];
  if (node.kind !== "op") return { kind: "constant", value: valueOf(node) };
  const [a, b] = args;
  if (args.every((arg) => arg?.kind === "constant")) {
    const [x = 0, y = 0] = args.map((arg) => (arg?.kind === "constant" ? arg.value : 0));
    return { kind: "constant", value: OPS[node.op].f64(x, y) };
  }
  switch (node.op) {
    case "add":
      return added(a, b);
    case "sub":
      return added(a, scaled(b, -1));
    case "neg":
      return scaled(a, -1);
    case "mul":
      return multiplied(a, b);
    case "div":
      return divided(a, b);
    case "step":
      return isShare(a) ? powerOf(a.powers[0].domain, 1, 0) : undefined;
    case "logz":
      return isShare(a)
        ? { kind: "log", domain: a.powers[0].domain, offset: 0, slope: 1 }
        : undefined;
    case "exp":
      return a?.kind === "log" ? powerOf(a.domain, Math.exp(a.offset), a.slope) : undefined;
    default:
      return undefined;
  }
}

const powerOf = (domain: number, coefficient: number, exponent: number): Form => ({
  kind: "sum",
  constant: 0,
  powers: [{ domain, coefficient, exponent }],
});

/** Whether a form is a share by itself. */
function isShare(
  form: Form,
): form is { readonly kind: "sum"; readonly constant: 0; readonly powers: readonly [SharePower] } {
  if (form?.kind !== "sum" || form.constant !== 0 || form.powers.length !== 1) return false;
  const [power] = form.powers;
  return power?.coefficient === 1 && power.exponent === 1;
}

function added(a: Form, b: Form): Form {
  if (a === undefined || b === undefined) return undefined;
  if (b.kind === "constant") return a.kind === "constant" ? undefined : shifted(a, b.value);
  if (a.kind === "constant") return shifted(b, a.value);
  if (a.kind === "sum" && b.kind === "sum")
    return { kind: "sum", constant: a.constant + b.constant, powers: [...a.powers, ...b.powers] };
  if (a.kind === "inverse" && b.kind === "inverse")
    return { kind: "inverse", constant: a.constant + b.constant, parts: [...a.parts, ...b.parts] };
  return undefined;
}

const shifted = (form: Exclude<Form, undefined | { kind: "constant" }>, by: number): Form =>
  form.kind === "log"
    ? { ...form, offset: form.offset + by }
    : { ...form, constant: form.constant + by };

function scaled(form: Form, factor: number): Form {
  switch (form?.kind) {
    case undefined:
      return undefined;
    case "constant":
      return { kind: "constant", value: factor * form.value };
    case "log":
      return { ...form, offset: factor * form.offset, slope: factor * form.slope };
    case "sum":
      return {
        kind: "sum",
        constant: factor * form.constant,
        powers: form.powers.map((power) => ({ ...power, coefficient: factor * power.coefficient })),
      };
    case "inverse":
      return factor > 0
        ? {
            kind: "inverse",
            constant: factor * form.constant,
            parts: form.parts.map((part) => ({ ...part, weight: factor * part.weight })),
          }
        : undefined;
  }
}

function multiplied(a: Form, b: Form): Form {
  if (a?.kind === "constant") return scaled(b, a.value);
  if (b?.kind === "constant") return scaled(a, b.value);
  if (a?.kind !== "sum" || b?.kind !== "sum") return undefined;
  // step(h)·e^(…) of the same share.
  const [p, q] = [a.powers[0], b.powers[0]];
  if (p === undefined || q === undefined || p.domain !== q.domain) return undefined;
  if (a.constant !== 0 || b.constant !== 0 || a.powers.length + b.powers.length > 2)
    return undefined;
  return powerOf(p.domain, p.coefficient * q.coefficient, p.exponent + q.exponent);
}

function divided(a: Form, b: Form): Form {
  if (b?.kind === "constant") return scaled(a, 1 / b.value);
  if (a?.kind !== "constant" || b?.kind !== "sum" || !(a.value > 0)) return undefined;
  const isPositive =
    b.constant >= 0 &&
    b.powers.every(({ coefficient, exponent }) => coefficient >= 0 && exponent >= 0);
  return isPositive
    ? { kind: "inverse", constant: 0, parts: [{ weight: a.value, sum: b }] }
    : undefined;
}

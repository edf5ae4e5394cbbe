/**
 * The curvature of an expression as a function of the mixture, by the composition rules of
 * disciplined convex programming (Grant, Boyd & Ye 2006): f(g(h)) is convex where f is convex and
 * each g is affine, or convex where f rises in it, or concave where f falls. Signs, slopes and
 * curvature of operators come from the operator table, for the intervals that their arguments lie
 * in; products of powers have rules of their own (power-product.ts). What is said holds over all
 * mixtures of a box; what the rules do not say is not known.
 */
import {
  type Affine,
  constantAffine,
  isConstantOver,
  isFiniteAffine,
  type MixtureBox,
  rangeOver,
} from "./affine.ts";
import type { Call, Leaf, Node } from "../graph.ts";
import {
  ANY_SIGN,
  ANYWHERE,
  type Interval,
  intersection,
  isDown,
  isUp,
  plus,
  point,
  type Signs,
  times,
  ZERO,
} from "../intervals/interval.ts";
import { affineOf, logsOf, productOf } from "./mixture-forms.ts";
import {
  type Curvature,
  type CurvatureReason,
  isCurved,
  type NodeShape,
  opposite,
} from "./node-shape.ts";
import { squareShape } from "../intervals/operator-shapes.ts";
import { OPS } from "../operators.ts";
import { areFiniteLogs, bendOfLogs, bendOfProduct, isTrivial, whyNot } from "./power-product.ts";

/** Shapes of expressions over one box of mixtures, at one point of parameters and inputs. */
export class Curvatures {
  readonly #shapes = new Map<Node, NodeShape>();
  /** Numbers of equal expressions: of constants by their value, of others by a key. */
  readonly #numbers = new Map<string | number, number>();

  /** @param value the value of a parameter or an input */
  constructor(
    readonly box: MixtureBox,
    readonly value: (leaf: Leaf) => number,
  ) {}

  /**
   * The shape of an expression.
   *
   * @example new Curvatures(box, () => NaN).of(exp(weight(0, "web"))).bend.low // 0: convex
   */
  of(node: Node): NodeShape {
    const known = this.#shapes.get(node);
    if (known !== undefined) return known;
    const shape = this.#shapeOf(node);
    this.#shapes.set(node, shape);
    return shape;
  }

  #shapeOf(node: Node): NodeShape {
    switch (node.kind) {
      case "const":
        return this.#constant(node, node.value, []);
      case "param":
        return this.#constant(node, this.value(node), [node.index]);
      case "input":
        return this.#constant(node, this.value(node), []);
      case "weight": {
        const slopes = new Float64Array(this.box.low.length);
        slopes[node.index] = 1;
        return this.#affine(this.#blank(node, `w${node.index}`), { constant: 0, slopes });
      }
      case "known": {
        const equal = node.equal === undefined ? undefined : this.of(node.equal);
        const isKnown = equal !== undefined && (isUp(equal.bend) || isDown(equal.bend));
        return isKnown ? equal : this.of(node.value);
      }
      case "op":
        return this.#call(node);
    }
  }

  /** Of an expression of which nothing is known; equal expressions have the same key. */
  #blank(node: Node, key: string | number): NodeShape {
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    return {
      node,
      number,
      domains: this.box.low.length,
      range: ANYWHERE,
      bend: ANY_SIGN,
      isLogConvex: false,
      isPseudoconvex: false,
      isPseudoconcave: false,
      why: (wanted) => [{ kind: "operation", node, wanted }],
    };
  }

  #constant(node: Node, value: number, parameters: readonly number[]): NodeShape {
    const blank = this.#blank(node, value);
    if (!Number.isFinite(value)) return blank;
    return {
      ...blank,
      range: point(value),
      bend: ZERO,
      isLogConvex: value > 0,
      isPseudoconvex: true,
      isPseudoconcave: true,
      constant: { value, parameters },
      affine: constantAffine(value, blank.domains),
      why: () => [],
    };
  }

  /** Its range is found when it is asked for: that of a part of a sum never is. */
  #affine(blank: NodeShape, affine: Affine): NodeShape {
    const { box } = this;
    if (isConstantOver(affine, box)) {
      const { low, high } = rangeOver(affine, box);
      return this.#constant(blank.node, (low + high) / 2, []);
    }
    let known: Interval | undefined;
    return {
      ...blank,
      ...AFFINE,
      affine,
      get range() {
        known ??= rangeOver(affine, box);
        return known;
      },
    };
  }

  #call(node: Call): NodeShape {
    const { op, args } = node;
    const shapes = args.map((arg) => this.of(arg));
    const constants = shapes.flatMap(({ constant }) => constant ?? []);
    if (constants.length === shapes.length) {
      const [a, b = 0] = constants.map(({ value }) => value);
      return this.#constant(
        node,
        OPS[op].f64(a ?? Number.NaN, b),
        constants.flatMap(({ parameters }) => parameters),
      );
    }
    // A term that is not there, whatever else stands in it.
    if (op === "mul" && constants.some(({ value }) => value === 0))
      return this.#constant(node, 0, []);
    const blank = this.#blank(node, `${op}(${shapes.map(({ number }) => number).join()})`);
    const affine = only(affineOf(op, shapes), isFiniteAffine);
    if (affine === undefined) return this.#withForms(composed(blank, node, shapes), node, shapes);
    const shape = this.#affine(blank, affine);
    // A multiple of a share is a product of powers, too.
    const isMultiple = shape.constant === undefined && op !== "add" && op !== "sub";
    return isMultiple ? this.#withForms(shape, node, shapes) : shape;
  }

  /** What the forms of a result say beside the operator itself. */
  #withForms(shape: NodeShape, { op }: Call, args: readonly NodeShape[]): NodeShape {
    const logs = only(logsOf(op, args), areFiniteLogs);
    const product = only(productOf(op, args), ({ ln }) => areFiniteLogs(ln));
    const isConstant = (affine: Affine): boolean => isConstantOver(affine, this.box);
    const bends = product === undefined ? undefined : bendOfProduct(product, isConstant);
    let bend = shape.bend;
    if (logs !== undefined) bend = intersection(bend, bendOfLogs(logs));
    if (bends !== undefined) bend = intersection(bend, bends.bend);
    return {
      ...shape,
      bend,
      isLogConvex: shape.isLogConvex || bends?.isLogConvex === true,
      isPseudoconvex: isUp(bend) || shape.isPseudoconvex || bends?.isPseudoconvex === true,
      isPseudoconcave: isDown(bend) || shape.isPseudoconcave || bends?.isPseudoconcave === true,
      ...(logs === undefined ? {} : { logs }),
      ...(product === undefined ? {} : { product }),
      why(wanted) {
        if (isCurved(bend, wanted)) return [];
        return product === undefined || isTrivial(product)
          ? shape.why(wanted)
          : whyNot(product, shape.node, wanted);
      },
    };
  }
}

/** A form that suits, else none. */
const only = <T>(form: T | undefined, suits: (form: T) => boolean): T | undefined =>
  form !== undefined && suits(form) ? form : undefined;

const AFFINE = {
  bend: ZERO,
  isPseudoconvex: true,
  isPseudoconcave: true,
  why: () => [],
} as const;

/** An operation's result by the composition rules. */
function composed(blank: NodeShape, { op }: Call, shapes: readonly NodeShape[]): NodeShape {
  const [a, b] = shapes;
  if (a === undefined) return blank;
  const isSquare = op === "mul" && a.number === b?.number;
  const parts = isSquare ? [a] : shapes;
  const {
    range,
    slopes,
    bend: own,
  } = isSquare ? squareShape(a.range) : OPS[op].shape(a.range, b?.range ?? ANYWHERE);
  const moving = parts.flatMap((shape, i) =>
    shape.constant === undefined ? [{ shape, slope: slopes[i] ?? ZERO }] : [],
  );
  const bend = moving.map(({ shape, slope }) => times(slope, shape.bend)).reduce(plus, own);
  const level = pseudoOf(moving);
  const keepsLog = op === "add" || op === "max";
  return {
    ...blank,
    range,
    bend,
    isLogConvex:
      (keepsLog && shapes.every(({ isLogConvex }) => isLogConvex)) ||
      (op === "exp" && isUp(a.bend)),
    isPseudoconvex: isUp(bend) || level.convex,
    isPseudoconcave: isDown(bend) || level.concave,
    why: (wanted) => (isCurved(bend, wanted) ? [] : reasons(blank, own, moving, wanted)),
  };
}

/** An argument that is no constant, and the sign of the operator's derivative in it. */
interface Moving {
  readonly shape: NodeShape;
  readonly slope: Signs;
}

/** A function that strictly rises or falls in the one argument that moves has its level sets. */
function pseudoOf([first, ...more]: readonly Moving[]): { convex: boolean; concave: boolean } {
  if (first === undefined || more.length > 0) return { convex: false, concave: false };
  const { isPseudoconvex, isPseudoconcave } = first.shape;
  if (first.slope.low > 0) return { convex: isPseudoconvex, concave: isPseudoconcave };
  return first.slope.high < 0
    ? { convex: isPseudoconcave, concave: isPseudoconvex }
    : { convex: false, concave: false };
}

/** Why the composition rules do not give what is wanted: the operator itself, or its arguments. */
function reasons(
  { node }: NodeShape,
  own: Signs,
  moving: readonly Moving[],
  wanted: Curvature,
): readonly CurvatureReason[] {
  const itself: CurvatureReason = { kind: "operation", node, wanted };
  const curved = moving.filter(({ shape }) => shape.affine === undefined);
  const isEither = curved.some(({ slope }) => !isUp(slope) && !isDown(slope));
  if (!isCurved(own, wanted) || isEither) return [itself];
  return curved.flatMap(({ shape, slope }) => shape.why(isUp(slope) ? wanted : opposite(wanted)));
}

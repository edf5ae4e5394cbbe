/**
 * What a third party does with the printed report: reads equations and numbers from the text, and
 * computes losses from them. Nothing here comes from the program.
 */

/** A fit as the text has it. */
export interface PrintedFit {
  readonly law: string;
  readonly target: string;
  /** Right sides by name; the first is L. */
  readonly equations: ReadonlyMap<string, string>;
  /** What the text says of the other names. */
  readonly where: string;
  /** "alpha", "C[web]". */
  readonly numbers: ReadonlyMap<string, number>;
}

const HEADER = /^(\S+) as it was fitted$/;
const EQUATION = /^ {2}(\w+) = (.*)$/;
const NUMBER = /([\p{L}_][\p{L}\p{N}_]*(?:\[.+?\])?) = (-?[\d.]+(?:e[+-]?\d+)?)(?= {2}|$)/gmu;

/** All fits in a report that was printed with `--parameters`. */
export function readReport(text: string): PrintedFit[] {
  return text.split("\n\n").flatMap((block) => {
    const [header = "", ...lines] = block.split("\n");
    const law = HEADER.exec(header)?.[1];
    if (law === undefined) return [];
    const equations = new Map<string, string>();
    while (EQUATION.test(lines[0] ?? "")) {
      const [, name = "", right = ""] = EQUATION.exec(lines.shift() ?? "") ?? [];
      equations.set(name, right);
    }
    const where: string[] = [];
    while ((lines[0] ?? "").startsWith(" ")) where.push((lines.shift() ?? "").trim());
    const fits: PrintedFit[] = [];
    while (lines.length > 0) {
      const target = lines.shift() ?? "";
      const numbers = new Map<string, number>();
      while ((lines[0] ?? "").startsWith(" "))
        for (const [, name = "", value] of (lines.shift() ?? "").matchAll(NUMBER))
          numbers.set(name, Number(value));
      fits.push({ law, target, equations, where: where.join(" "), numbers });
    }
    return fits;
  });
}

/** A training run: N, D and other inputs by name, and shares by domain. */
export interface Run {
  readonly inputs: Readonly<Record<string, number>>;
  readonly shares: Readonly<Record<string, number>>;
}

/** The loss of a run by a printed fit. */
export const lossOf = (fit: PrintedFit, run: Run): number => new Evaluation(fit, run).loss();

const FUNCTIONS: Readonly<Record<string, (...x: number[]) => number>> = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  expm1: Math.expm1,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  min: Math.min,
  max: Math.max,
  phi1: (z = 0) => (z === 0 ? 1 : Math.expm1(z) / z),
};

const TOKEN =
  /\s*(?:(\d[\d.]*(?:e[+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|("[^"]*")|(\*\*|[-+*/^()[\],]))/uy;

/** Arithmetic with names, by recursive descent. */
class Evaluation {
  #tokens: string[] = [];
  #at = 0;
  /** The domain that sums are at. */
  #domain = "";

  constructor(
    readonly fit: PrintedFit,
    readonly run: Run,
  ) {}

  loss(): number {
    return this.#value(this.fit.equations.get("L") ?? "");
  }

  /** The value of a text, whatever is being read. */
  #value(text: string): number {
    const before = [this.#tokens, this.#at] as const;
    [this.#tokens, this.#at] = [tokensOf(text), 0];
    const value = this.#sum();
    if (this.#at < this.#tokens.length) throw new Error(`${this.#tokens[this.#at]} in ${text}`);
    [this.#tokens, this.#at] = before;
    return value;
  }

  #is(token: string): boolean {
    return this.#tokens[this.#at] === token;
  }

  #take(token?: string): string {
    const taken = this.#tokens[this.#at++] ?? "the end";
    if (token !== undefined && taken !== token) throw new Error(`${taken} in place of ${token}`);
    return taken;
  }

  #sum(): number {
    let value = this.#product();
    while (this.#is("+") || this.#is("-"))
      value += this.#take() === "+" ? this.#product() : -this.#product();
    return value;
  }

  #product(): number {
    let value = this.#signed();
    while (this.#is("*") || this.#is("/"))
      if (this.#take() === "*") value *= this.#signed();
      else value /= this.#signed();
    return value;
  }

  #signed(): number {
    if (!this.#is("-")) return this.#power();
    this.#take();
    return -this.#signed();
  }

  #power(): number {
    const base = this.#one();
    if (!this.#is("^") && !this.#is("**")) return base;
    this.#take();
    const exponent = this.#signed();
    return base === 0 ? 0 : base ** exponent;
  }

  #one(): number {
    const token = this.#take();
    if (/^\d/.test(token)) return Number(token);
    if (token === "(") {
      const value = this.#sum();
      this.#take(")");
      return value;
    }
    if (this.#is("(")) return this.#call(token);
    return this.#is("[") ? this.#element(token) : this.#name(token);
  }

  #call(name: string): number {
    this.#take("(");
    if (name === "sum" || name === "dot") return this.#overDomains();
    const values = [this.#sum()];
    while (this.#is(",")) {
      this.#take();
      values.push(this.#sum());
    }
    this.#take(")");
    const call = FUNCTIONS[name];
    if (call === undefined) throw new Error(`no function ${name}`);
    return call(...values);
  }

  /** The argument of a sum, or the product of those of a dot product, once for each domain. */
  #overDomains(): number {
    const [start, outer] = [this.#at, this.#domain];
    let total = 0;
    for (const domain of Object.keys(this.run.shares)) {
      [this.#at, this.#domain] = [start, domain];
      let term = this.#sum();
      while (this.#is(",")) {
        this.#take();
        term *= this.#sum();
      }
      total += term;
    }
    this.#domain = outer;
    this.#take(")");
    return total;
  }

  #element(name: string): number {
    this.#take("[");
    const index = this.#take();
    this.#take("]");
    const domain = index === "i" ? this.#domain : index.slice(1, -1);
    return this.#elementAt(name, domain);
  }

  #elementAt(name: string, domain: string): number {
    const label = domain === "" ? name : `${name}[${domain}]`;
    if (name === "u") return found(this.run.inputs[label], label);
    return found(name === "h" ? this.run.shares[domain] : this.fit.numbers.get(label), label);
  }

  #name(name: string): number {
    const text = this.fit.equations.get(name);
    if (text !== undefined) return this.#value(text);
    const value = this.fit.numbers.get(name) ?? this.run.inputs[name];
    // A dot product is of names without an index.
    return value ?? this.#elementAt(name, this.#domain);
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`cannot read ${text}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

function found(value: number | undefined, name: string): number {
  if (value === undefined) throw new Error(`the text does not say what ${name} is`);
  return value;
}

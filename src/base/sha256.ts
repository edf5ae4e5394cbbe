/**
 * SHA-256 (FIPS 180-4). The platform's own where it is there; pages over plain http have none
 * (`crypto.subtle` is for secure contexts), and compute it here.
 */

/** The SHA-256 of bytes, in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  const digest =
    subtle === undefined
      ? computedSha256(bytes)
      : new Uint8Array(await subtle.digest("SHA-256", new Uint8Array(bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The first n primes. */
function primes(n: number): number[] {
  const found: number[] = [];
  for (let x = 2; found.length < n; x++) if (found.every((p) => x % p !== 0)) found.push(x);
  return found;
}

/** The first 32 bits of the fractional part. */
const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) | 0;

const PRIMES = primes(64);
/** §4.2.2: of the cube roots of the first 64 primes. */
const K = Int32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));
/** §5.3.3: of the square roots of the first eight. */
const START = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)));

/** The SHA-256 of bytes, computed here. */
export function computedSha256(bytes: Uint8Array): Uint8Array {
  const state = START.slice();
  const view = padded(bytes);
  const words = new Int32Array(64);
  for (let at = 0; at < view.byteLength; at += 64) compress(state, words, view, at);
  const digest = new DataView(new ArrayBuffer(32));
  for (const [i, word] of state.entries()) digest.setInt32(4 * i, word);
  return new Uint8Array(digest.buffer);
}

/** §5.1.1: a 1, zeros, and the length in bits, to a multiple of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const length = 64 * Math.ceil((bytes.length + 9) / 64);
  const buffer = new Uint8Array(length);
  buffer.set(bytes);
  buffer[bytes.length] = 0x80;
  const view = new DataView(buffer.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(length - 4, (bytes.length << 3) >>> 0);
  return view;
}

const turned = (x: number, bits: number): number => (x >>> bits) | (x << (32 - bits));

/** §6.2.2: one block of 64 bytes; `words` is working memory. */
function compress(state: Int32Array, words: Int32Array, view: DataView, at: number): void {
  const word = (i: number): number => words[i] ?? 0;
  for (let t = 0; t < 16; t++) words[t] = view.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const [x, y] = [word(t - 15), word(t - 2)];
    const low = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const high = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    words[t] = high + word(t - 7) + low + word(t - 16);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t++) {
    const sum1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + (K[t] ?? 0) + word(t)) | 0;
    const sum0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] ?? 0) + value;
}

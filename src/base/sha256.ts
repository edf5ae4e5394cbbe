/**
 * SHA-256, from @noble/hashes: the Web Cryptography of browsers has it on secure origins only, and
 * a page may come by plain http.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { encodeBytes } from "./base64.ts";

/** The SHA-256 of bytes, in hexadecimal. */
export const sha256Hex = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** The SHA-256 of a text in UTF-8, in base64, as content security policies name scripts. */
export const sha256Base64 = (text: string): string =>
  encodeBytes(sha256(new TextEncoder().encode(text)));

/** The SHA-256 of bytes that come piece by piece. */
export class Sha256 {
  readonly #hash = sha256.create();

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Of all bytes, in hexadecimal. */
  hex(): string {
    return bytesToHex(this.#hash.digest());
  }
}

/**
 * Loaded before a program (`node --import`), in its worker threads too: says on stderr, in a line
 * that begins with "network:", when it opens or listens on a socket or looks a name up.
 */
import { createHook } from "node:async_hooks";
import { writeSync } from "node:fs";

/** What Node calls the handles of network requests; pipes of a process are none. */
const KINDS = /^(TCP|UDP|GETADDRINFO|GETNAMEINFO|QUERY|HTTP|DNS|TLS|QUIC)/;

createHook({
  init(_, type) {
    if (KINDS.test(type)) writeSync(2, `network: ${type}\n`);
  },
}).enable();

// The monotonic clock.
//
// The host's `performance` is loaded when it is first used. That takes a start nearly a millisecond, and a Ctrl-C in the
// middle of it leaves the process without.

/** Milliseconds, with fractions, from an arbitrary origin; never goes back. */
export function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

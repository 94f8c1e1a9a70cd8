// The ten socket protocols, and what the rest of the code has to know about each. Source: networking §2.

export const PROTOCOLS = ['pair', 'req', 'rep', 'pub', 'sub', 'push', 'pull', 'surveyor', 'respondent', 'bus'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/** PAIR means version 0, as all the others are: `nng_pair0_open`. */
export function protocolNamed(name: string): Protocol | null {
  return (PROTOCOLS as readonly string[]).includes(name) ? (name as Protocol) : null;
}

/** Sends that wait while there is no peer, or while the connections are full; the others never block. */
export function sendCanWait(protocol: Protocol): boolean {
  return protocol === 'pair' || protocol === 'push' || protocol === 'req';
}

/** Protocols in which both sides may send at any time. */
export function isBidirectional(protocol: Protocol): boolean {
  return protocol === 'pair' || protocol === 'bus';
}

/** Protocols whose conversation ends when a receive times out (networking §7.2, §7.5). */
export function timeoutEndsConversation(protocol: Protocol): boolean {
  return protocol === 'req' || protocol === 'surveyor';
}

// Notifications: `(down ENDPOINT REASON)` lists that are queued on a socket here and never travel. Source: networking §13.

import { intern, listFrom, type Value } from '../../values/types.ts';

export type DownReason = 'disconnected' | 'heartbeat-timeout';

const UNKNOWN_ENDPOINT = '<unknown>';

/** The lists that were made here, to tell them from messages that look the same. */
const notifications = new WeakSet<object>();

export function downNotification(endpoint: string, reason: DownReason): Value {
  const list = listFrom([intern('down'), endpoint === '' ? UNKNOWN_ENDPOINT : endpoint, reason]);
  notifications.add(list as object);
  return list;
}

/** Whether this is a notification, and not a message that some peer has sent. */
export function isNotification(value: Value): boolean {
  return typeof value === 'object' && notifications.has(value);
}

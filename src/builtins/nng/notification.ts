// Notifications: `(down ENDPOINT REASON)` lists that are queued on a socket here and never travel. Source: networking §13.

import { intern, listFrom, type Value } from '../../values/types.ts';

export type DownReason = 'disconnected' | 'heartbeat-timeout';

const UNKNOWN_ENDPOINT = '<unknown>';

export function downNotification(endpoint: string, reason: DownReason): Value {
  return listFrom([intern('down'), endpoint === '' ? UNKNOWN_ENDPOINT : endpoint, reason]);
}

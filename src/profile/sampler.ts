// V8's sampling profiler around a run.
//
// Its inspector answers at once within one thread, so this works for a program that never returns to the event loop.

import { type Profiler, Session } from 'node:inspector';

const INTERVAL_US = 500;

export interface Sampled<T> {
  readonly result: T;
  readonly profile: Profiler.Profile;
}

/** Do something, and sample what it does. */
export function sample<T>(action: () => T): Sampled<T> {
  const inspector = new Session();
  inspector.connect();
  inspector.post('Profiler.enable');
  inspector.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  inspector.post('Profiler.start');
  try {
    const result = action();
    return { result, profile: stop(inspector) };
  } finally {
    inspector.disconnect();
  }
}

function stop(inspector: Session): Profiler.Profile {
  let profile: Profiler.Profile | null = null;
  inspector.post('Profiler.stop', (error, stopped) => {
    if (error !== null) throw error;
    profile = stopped.profile;
  });
  return profile as unknown as Profiler.Profile;
}

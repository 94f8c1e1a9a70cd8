// The compile cache of this build. The sources, run as they are, have none: they change under one's hands.

import { CompileCache } from '../modules/compile-cache.ts';

/** What the build puts in place: a hash of all that it was made of. */
declare const ETA_BUILD: string | undefined;

/** Whether the user wants it, which is so unless ETA_CACHE is 0. */
export const wantsCache = (): boolean => process.env['ETA_CACHE'] !== '0';

export const ownCompileCache = (): CompileCache | undefined =>
  typeof ETA_BUILD === 'string' && wantsCache() ? new CompileCache(ETA_BUILD) : undefined;

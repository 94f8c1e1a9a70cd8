// What the operating system says about a failure, without the host's own decoration.
//
// Node's message is `ENOENT: no such file or directory, open '/x'`; the system's words are `No such file or directory`.

import { getSystemErrorMap } from 'node:util';

/** Where the host's list of words is not that of the system. */
const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENFILE: 'Too many open files in system',
  ENOMEM: 'Cannot allocate memory',
  ETXTBSY: 'Text file busy',
  EXDEV: 'Invalid cross-device link',
};

interface SystemError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly message?: unknown;
}

/** The system's words for an error that a function of node:fs or node:child_process has thrown or returned. */
export function systemWords(error: unknown): string {
  const { code, errno, message } = error as SystemError;
  if (typeof code === 'string' && Object.hasOwn(SYSTEM_WORDS, code)) return SYSTEM_WORDS[code];
  const words = typeof errno === 'number' ? getSystemErrorMap().get(errno)?.[1] : undefined;
  if (words !== undefined) return words[0].toUpperCase() + words.slice(1);
  // Node itself refuses a path or an argument with a NUL character before the system sees it.
  if (code === 'ERR_INVALID_ARG_VALUE') return 'Invalid argument';
  return String(message);
}

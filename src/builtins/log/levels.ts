// Log levels and their spellings. Source: builtins §18.

import { type EtaError, typeError } from '../../values/errors.ts';
import { Sym, type Value } from '../../values/types.ts';

/** Ascending; a level is its index. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'off'] as const;

export const INFO = LEVELS.indexOf('info');
export const ERROR = LEVELS.indexOf('error');
export const OFF = LEVELS.indexOf('off');

const OTHER_SPELLINGS: Readonly<Record<string, string>> = { warning: 'warn', err: 'error' };

/** The level of this name, -1 if there is none. */
export function levelOf(name: string): number {
  const spelling = Object.hasOwn(OTHER_SPELLINGS, name) ? OTHER_SPELLINGS[name] : name;
  return (LEVELS as readonly string[]).indexOf(spelling);
}

/** A level argument; `position` is its place among the arguments of `who`. */
export function wantLevel(value: Value, who: string, position: string): number {
  if (!(value instanceof Sym)) throw typeError(`${who}: ${position} argument must be a symbol`, value);
  const level = levelOf(value.name);
  if (level < 0) throw unknownLevel(value.name, who);
  return level;
}

function unknownLevel(name: string, who: string): EtaError {
  return typeError(`${who}: unknown level symbol '${name}'`);
}

// `nng-set-option`: which options there are, and what each accepts. Source: networking §4.3.

import { type EtaError, typeError } from '../../values/errors.ts';
import { doubleOf } from '../../values/numbers.ts';
import { Sym, type Value } from '../../values/types.ts';
import { wantString } from '../arguments.ts';
import { NNG_EINVAL, nng } from './binding.ts';
import type { NngSocket } from './socket.ts';

const LARGEST_INT = 2 ** 31 - 1;

const invalid = (): EtaError => nng().failure(NNG_EINVAL);

/** Each sets one option of an open socket to an integer, or raises. */
const SETTERS: Readonly<Record<string, (socket: NngSocket, value: number) => void>> = {
  'recv-timeout': (socket, value) => {
    socket.recvTimeoutMs = wantDuration(value);
  },
  'send-timeout': (socket, value) => {
    socket.sendTimeoutMs = wantDuration(value);
  },
  'recv-buf-size': (socket, value) => {
    check(nng().setInt(socket.transport.id, 'recv-buffer', value));
  },
  'survey-time': (socket, value) => {
    check(nng().setMs(socket.transport.id, 'surveyor:survey-time', value));
    socket.surveyTimeMs = value;
  },
};

const NAMES = Object.keys(SETTERS).join('|');

/** Set an option of an open socket. */
export function setOption(socket: NngSocket, name: Value, value: Value): void {
  if (!(name instanceof Sym)) throw typeError('nng-set-option: option must be a symbol', name);
  if (name.name === 'token') return setToken(socket, value);
  const number = doubleOf(value);
  if (number === undefined) throw typeError('nng-set-option: value must be a number', value);
  const setter = Object.hasOwn(SETTERS, name.name) ? SETTERS[name.name] : undefined;
  if (setter === undefined) throw typeError(`nng-set-option: unknown option '${name.name}'; expected ${NAMES}`);
  const integer = Math.trunc(number);
  if (!(Math.abs(integer) <= LARGEST_INT)) throw invalid();
  setter(socket, integer);
}

/** The one option that is no number. It is beyond the specification, whose error does not list it. */
function setToken(socket: NngSocket, value: Value): void {
  const token = wantString(value, "nng-set-option: 'token must be a string");
  if (token === '') throw invalid();
  check(socket.transport.demandToken(token));
}

/** Milliseconds, or -1 for without limit. */
function wantDuration(value: number): number {
  if (value < -1) throw invalid();
  return value;
}

function check(code: number): void {
  if (code !== 0) throw nng().failure(code);
}

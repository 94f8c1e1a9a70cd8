// Patterns: the text of a log record around its message, in the notation of spdlog.
//
//   %[-|=][WIDTH][!]LETTER      - pads right, = centres, a bare width pads left; ! cuts off what is wider
//
// A pattern is compiled once into pieces, each a function of the record. `%^` and `%$` mark the range that a terminal
// shows in colour. Source: builtins §18, stdlib §17.3.

import { type LocalFields, localFields, offsetText, two } from '../time.ts';
import { LEVELS } from './levels.ts';

export const HUMAN_PATTERN = '[%Y-%m-%d %H:%M:%S.%e] [%^%l%$] [%n] %v';
export const JSON_PATTERN = '%v';

export interface LogRecord {
  readonly logger: string;
  readonly level: number;
  readonly text: string;
  /** Since 1970-01-01 UTC. */
  readonly microseconds: number;
}

/** A formatted record: its line, with its line end, and where the colour begins and ends in it. */
export interface LogLine {
  readonly text: string;
  readonly colorStart: number;
  readonly colorEnd: number;
}

interface Moment extends LocalFields {
  readonly epochSeconds: number;
  readonly microsecond: number;
  /** Since the previous record of the same pattern. */
  readonly elapsedMicroseconds: number;
}

type Format = (record: LogRecord, moment: Moment) => string;
type Piece = Format | { readonly mark: 'color-start' | 'color-end' };

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const LONG_LEVELS = LEVELS.map((name) => (name === 'warn' ? 'warning' : name));

const short = (name: string): string => name.slice(0, 3);
const hour12 = ({ hour }: Moment): string => two(hour % 12 === 0 ? 12 : hour % 12);
const halfOfDay = ({ hour }: Moment): string => (hour < 12 ? 'AM' : 'PM');
const clock = ({ hour, minute, second }: Moment): string => `${two(hour)}:${two(minute)}:${two(second)}`;
const date = ({ month, day, year }: Moment): string => `${two(month)}/${two(day)}/${two(year % 100)}`;
const monthName = ({ month }: Moment): string => MONTHS[month - 1];
const nothing = (): string => '';

/** The letters, without `%^ %$ %%`. */
const FORMATS: Readonly<Record<string, Format>> = {
  v: ({ text }) => text,
  l: ({ level }) => LONG_LEVELS[level],
  L: ({ level }) => 'TDIWECO'[level],
  n: ({ logger }) => logger,
  Y: (_, { year }) => String(year),
  C: (_, { year }) => two(year % 100),
  m: (_, { month }) => two(month),
  d: (_, { day }) => two(day),
  H: (_, { hour }) => two(hour),
  I: (_, moment) => hour12(moment),
  M: (_, { minute }) => two(minute),
  S: (_, { second }) => two(second),
  e: (_, { microsecond }) => padded(Math.floor(microsecond / 1000), 3),
  f: (_, { microsecond }) => padded(microsecond, 6),
  F: (_, { microsecond }) => padded(microsecond * 1000, 9),
  a: (_, { weekday }) => short(WEEKDAYS[weekday]),
  A: (_, { weekday }) => WEEKDAYS[weekday],
  b: (_, moment) => short(monthName(moment)),
  h: (_, moment) => short(monthName(moment)),
  B: (_, moment) => monthName(moment),
  c: (_, moment) =>
    `${short(WEEKDAYS[moment.weekday])} ${short(monthName(moment))} ${moment.day} ${clock(moment)} ${moment.year}`,
  D: (_, moment) => date(moment),
  x: (_, moment) => date(moment),
  p: (_, moment) => halfOfDay(moment),
  r: (_, moment) => `${hour12(moment)}:${two(moment.minute)}:${two(moment.second)} ${halfOfDay(moment)}`,
  R: (_, { hour, minute }) => `${two(hour)}:${two(minute)}`,
  T: (_, moment) => clock(moment),
  X: (_, moment) => clock(moment),
  z: (_, { offsetMinutes }) => offsetText(offsetMinutes),
  E: (_, { epochSeconds }) => String(epochSeconds),
  t: () => String(process.pid),
  P: () => String(process.pid),
  u: (_, { elapsedMicroseconds }) => String(elapsedMicroseconds * 1000),
  i: (_, { elapsedMicroseconds }) => String(elapsedMicroseconds),
  o: (_, { elapsedMicroseconds }) => String(Math.floor(elapsedMicroseconds / 1000)),
  O: (_, { elapsedMicroseconds }) => String(Math.floor(elapsedMicroseconds / 1_000_000)),
  // Source locations, which records do not have.
  '@': nothing,
  s: nothing,
  g: nothing,
  '#': nothing,
  '!': nothing,
};

function padded(n: number, digits: number): string {
  return String(n).padStart(digits, '0');
}

/** The widest padding. */
const MAX_WIDTH = 64;

export class Pattern {
  private readonly pieces: readonly Piece[];
  private previousMicroseconds: number | null = null;

  constructor(pattern: string) {
    this.pieces = compile(pattern);
  }

  format(record: LogRecord): LogLine {
    const moment = this.moment(record);
    let text = '';
    let colorStart = 0;
    let colorEnd = 0;
    for (const piece of this.pieces) {
      if (typeof piece === 'function') text += piece(record, moment);
      else if (piece.mark === 'color-start') colorStart = text.length;
      else colorEnd = text.length;
    }
    return { text: `${text}\n`, colorStart, colorEnd };
  }

  private moment({ microseconds }: LogRecord): Moment {
    const epochSeconds = Math.floor(microseconds / 1_000_000);
    const elapsed = microseconds - (this.previousMicroseconds ?? microseconds);
    this.previousMicroseconds = microseconds;
    return {
      ...localFieldsOf(epochSeconds),
      epochSeconds,
      microsecond: microseconds - epochSeconds * 1_000_000,
      elapsedMicroseconds: Math.max(0, elapsed),
    };
  }
}

let lastSecond = Number.NaN;
let lastFields: LocalFields;

/** Many records fall into one second. */
function localFieldsOf(seconds: number): LocalFields {
  if (seconds !== lastSecond) {
    lastFields = localFields(seconds);
    lastSecond = seconds;
  }
  return lastFields;
}

function compile(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  const flag = /%(?:([-=]?)(\d+)(!?))?([\s\S])|%$/gu;
  let last = 0;
  for (const found of pattern.matchAll(flag)) {
    pieces.push(literal(pattern.slice(last, found.index)), piece(found));
    last = found.index + found[0].length;
  }
  pieces.push(literal(pattern.slice(last)));
  return pieces;
}

function literal(text: string): Format {
  return () => text;
}

function piece([whole, align, width, cut, letter]: RegExpExecArray): Piece {
  if (letter === undefined) return nothing;
  if (letter === '^') return { mark: 'color-start' };
  if (letter === '$') return { mark: 'color-end' };
  if (letter === '%') return literal('%');
  const format = Object.hasOwn(FORMATS, letter) ? FORMATS[letter] : null;
  if (format === null) return literal(whole);
  if (width === undefined) return format;
  const columns = Math.min(Number(width), MAX_WIDTH);
  return (record, moment) => alignText(format(record, moment), columns, align, cut === '!');
}

function alignText(text: string, width: number, align: string, isCut: boolean): string {
  const characters = [...text];
  const missing = width - characters.length;
  if (missing < 0) return isCut ? characters.slice(0, width).join('') : text;
  const left = align === '-' ? 0 : align === '=' ? Math.floor(missing / 2) : missing;
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
}

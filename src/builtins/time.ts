// Time: clocks, sleeping, calendar fields and ISO 8601 text.
//
// An instant is a count of milliseconds since 1970-01-01 UTC, any 64-bit integer, and is reduced to whole seconds by
// floor. JavaScript dates end at the year 275,760, so the calendar is our own (days since the epoch to a civil date, the
// proleptic Gregorian calendar) and the host is asked for one thing only: the local offset at an instant. Instants beyond
// its range are moved into it by whole cycles of 400 years, in which the calendar repeats.
//
// Source: builtins §13.3, stdlib §16, README B8.

import type { Define } from '../bytecode/builtin-table.ts';
import { nowMs } from '../values/clock.ts';
import { typeError } from '../values/errors.ts';
import { Flonum, integerFromBigint, intern, listFrom, NIL, Pair, type Value } from '../values/types.ts';
import { sleepMs } from './host/libc.ts';

const SECONDS_A_DAY = 86_400;
const DAYS_A_CYCLE = 146_097;
const SECONDS_A_CYCLE = DAYS_A_CYCLE * SECONDS_A_DAY;
/** Well inside the range of JavaScript dates, which is ±8.64e15. */
const HOST_RANGE_MS = 8e15;

interface CalendarFields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 is the first of January. */
  readonly yearday: number;
}

export interface LocalFields extends CalendarFields {
  readonly isDst: boolean;
  /** East of UTC. */
  readonly offsetMinutes: number;
}

/** The calendar fields, in UTC, of an instant in seconds. */
function utcFields(seconds: number): CalendarFields {
  const days = Math.floor(seconds / SECONDS_A_DAY);
  const rest = seconds - days * SECONDS_A_DAY;
  return {
    ...civilDate(days),
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    weekday: modulo(days + 4, 7),
  };
}

/**
 * Days since 1970-01-01 to a date. The year is taken to begin in March, so that the leap day is its last and month
 * lengths follow one line: 153 days to five months.
 */
function civilDate(days: number): { year: number; month: number; day: number; yearday: number } {
  const fromMarch = days + 719_468; // since 0000-03-01
  const cycle = Math.floor(fromMarch / DAYS_A_CYCLE);
  const dayOfCycle = fromMarch - cycle * DAYS_A_CYCLE;
  const leapDays = Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - leapDays) / 365);
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
  const isLeap = modulo(year, 4) === 0 && (modulo(year, 100) !== 0 || modulo(year, 400) === 0);
  const yearday = month <= 2 ? dayOfYear - 306 : dayOfYear + 59 + (isLeap ? 1 : 0);
  return { year, month, day, yearday };
}

function modulo(a: number, b: number): number {
  return a - b * Math.floor(a / b);
}

/** The calendar fields, in the time zone of the process, of an instant in seconds that JavaScript dates have. */
export function localFields(seconds: number): LocalFields {
  const { offsetSeconds, isDst } = hostOffset(seconds);
  // Offsets before standard time have seconds; the fields follow the minutes that we report.
  const offsetMinutes = Math.floor(offsetSeconds / 60);
  return { ...utcFields(seconds + offsetMinutes * 60), isDst, offsetMinutes };
}

/** What the host says about local time at an instant; daylight saving is in force when the offset exceeds the year's least. */
function hostOffset(seconds: number): { offsetSeconds: number; isDst: boolean } {
  const date = new Date(seconds * 1000);
  const offsetSeconds = offsetAt(date);
  const year = date.getFullYear();
  const standard = Math.min(offsetAt(dateIn(year, 0)), offsetAt(dateIn(year, 6)));
  return { offsetSeconds, isDst: offsetSeconds > standard };
}

function dateIn(year: number, month: number): Date {
  const date = new Date(2000, month, 1);
  date.setFullYear(year); // the constructor takes years below 100 for the twentieth century
  return date;
}

/** Seconds east of UTC. `getTimezoneOffset` loses the seconds of local mean times. */
function offsetAt(date: Date): number {
  const local = new Date(0);
  local.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  local.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds());
  return Math.round((local.getTime() - Math.floor(date.getTime() / 1000) * 1000) / 1000);
}

export function offsetText(offsetMinutes: number): string {
  const minutes = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

function dateTimeText({ year, month, day, hour, minute, second }: CalendarFields): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

function partsList(fields: LocalFields): Value {
  const parts: readonly (readonly [string, Value])[] = [
    ['year', fields.year],
    ['month', fields.month],
    ['day', fields.day],
    ['hour', fields.hour],
    ['minute', fields.minute],
    ['second', fields.second],
    ['weekday', fields.weekday],
    ['yearday', fields.yearday],
    ['is-dst', fields.isDst],
    ['offset-minutes', fields.offsetMinutes],
  ];
  return listFrom(parts.map(([name, value]) => new Pair(intern(name), value)));
}

/** An instant: seconds that JavaScript dates have, and how many cycles of 400 years they are away. */
interface Instant {
  readonly seconds: number;
  readonly cycles: number;
}

/** The argument of a calendar builtin. */
function wantInstant(value: Value, who: string): Instant {
  if (typeof value === 'number' && Number.isInteger(value)) {
    if (Math.abs(value) > HOST_RANGE_MS) return distantInstant(BigInt(value));
    return { seconds: Math.floor(value / 1000), cycles: 0 };
  }
  if (typeof value === 'bigint') return distantInstant(value);
  if (value instanceof Flonum) {
    if (Math.abs(value.value) >= 2 ** 63) throw typeError(`${who}: epoch-ms out of supported range`, value);
    return distantInstant(BigInt(value.value));
  }
  throw typeError(`${who}: argument must be an integer epoch-ms`, value);
}

function distantInstant(milliseconds: bigint): Instant {
  const cycle = BigInt(SECONDS_A_CYCLE) * 1000n;
  const rest = ((milliseconds % cycle) + cycle) % cycle;
  return { seconds: Math.floor(Number(rest) / 1000), cycles: Number((milliseconds - rest) / cycle) };
}

/** The fields of an instant, by the fields of its seconds. */
function fieldsOf<T extends CalendarFields>({ seconds, cycles }: Instant, fields: (seconds: number) => T): T {
  const near = fields(seconds);
  return cycles === 0 ? near : { ...near, year: near.year + 400 * cycles };
}

export function defineTime(define: Define): void {
  defineClocks(define);
  defineCalendar(define);
}

/** What must be added to the monotonic clock to give the wall clock; not known before it is first asked for. */
let clockOrigin = Number.NaN;

/** The wall clock in microseconds. The fine clock stands still while the machine sleeps, so it is set by the coarse one. */
export function nowMicroseconds(): bigint {
  const elapsed = nowMs();
  const coarse = Date.now();
  if (!(Math.abs(clockOrigin + elapsed - coarse) <= 2)) clockOrigin = coarse - elapsed;
  return BigInt(Math.round((clockOrigin + elapsed) * 1000));
}

function defineClocks(define: Define): void {
  const clock = (name: string, doc: string, fn: () => Value): void =>
    define(`(${name})`, { doc, spec: 'builtins §13.3' }, fn);

  clock('%time-now-ms', 'The wall clock, in milliseconds since 1970-01-01 UTC.', () => Date.now());
  clock('%time-now-us', 'The wall clock, in microseconds since 1970-01-01 UTC.', () =>
    integerFromBigint(nowMicroseconds()),
  );
  clock('%time-now-ns', 'The wall clock, in nanoseconds since 1970-01-01 UTC.', () =>
    integerFromBigint(nowMicroseconds() * 1000n),
  );
  clock('%time-monotonic-ms', 'Milliseconds of a clock that never goes back, from an arbitrary origin.', () =>
    Math.floor(nowMs()),
  );

  define(
    '(%time-sleep-ms milliseconds)',
    {
      doc: 'Do nothing for that long.',
      errors: 'the argument is not a non-negative integer',
      spec: 'builtins §13.3',
    },
    (milliseconds: Value) => {
      const duration = milliseconds instanceof Flonum ? milliseconds.value : milliseconds;
      if (!(typeof duration === 'bigint' || Number.isInteger(duration)) || (duration as number) < 0) {
        throw typeError('%time-sleep-ms: argument must be a non-negative integer', milliseconds);
      }
      sleepMs(Number(duration));
      return NIL;
    },
  );
}

function defineCalendar(define: Define): void {
  const errors = 'the argument is not an integer of at most 64 bits';
  const spec = 'builtins §13.3';

  define(
    '(%time-utc-parts epoch-ms)',
    { doc: 'The calendar fields of an instant in UTC, as an association list.', errors, spec },
    (ms: Value) =>
      partsList({ ...fieldsOf(wantInstant(ms, '%time-utc-parts'), utcFields), isDst: false, offsetMinutes: 0 }),
  );

  define(
    '(%time-local-parts epoch-ms)',
    { doc: 'The calendar fields of an instant in local time, as an association list.', errors, spec },
    (ms: Value) => partsList(fieldsOf(wantInstant(ms, '%time-local-parts'), localFields)),
  );

  define(
    '(%time-format-iso8601-utc epoch-ms)',
    { doc: 'An instant as the text YYYY-MM-DDTHH:MM:SSZ.', errors, spec },
    (ms: Value) => `${dateTimeText(fieldsOf(wantInstant(ms, '%time-format-iso8601-utc'), utcFields))}Z`,
  );

  define(
    '(%time-format-iso8601-local epoch-ms)',
    { doc: 'An instant as the text YYYY-MM-DDTHH:MM:SS+HH:MM, in local time.', errors, spec },
    (ms: Value) => {
      const fields = fieldsOf(wantInstant(ms, '%time-format-iso8601-local'), localFields);
      return dateTimeText(fields) + offsetText(fields.offsetMinutes);
    },
  );
}

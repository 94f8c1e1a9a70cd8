// The environment, exit statuses, and time: calendars over the whole range, local time with daylight saving.

import { describe, expect, test } from 'vitest';
import { defineOs } from '../../src/builtins/os.ts';
import { defineTime } from '../../src/builtins/time.ts';
import { ExitRequest } from '../../src/values/errors.ts';
import { flonum, type Value } from '../../src/values/types.ts';
import { callerOf, list } from './os-support.ts';

const { call, show } = callerOf((define) => defineOs(define, { programArguments: ['a', '-x'] }), defineTime);

describe('the environment', () => {
  const name = 'ETA_TEST_VARIABLE';

  test('variables are set, listed and removed', () => {
    expect([show('setenv!', name, 'v'), show('getenv', name)]).toEqual(['()', '"v"']);
    expect(show('environment-variables')).toContain(`("${name}" . "v")`);
    call('setenv!', name, '');
    expect(show('getenv', name)).toBe('""');
    expect([show('unsetenv!', name), show('unsetenv!', name), show('getenv', name)]).toEqual(['()', '()', '#f']);
  });

  test.each([
    ['getenv', [5], 'name must be a string'],
    ['setenv!', ['a', 5], 'value must be a string'],
    ['setenv!', ['', 'x'], 'failed to set environment variable'],
    ['setenv!', ['a=b', 'x'], 'failed to set environment variable'],
    ['unsetenv!', [''], 'failed to unset environment variable'],
    ['change-directory!', [5], 'path must be a string'],
    ['change-directory!', ['/no/dir'], 'failed to change current directory: /no/dir: No such file or directory'],
    ['exit', ['x'], 'status must be #t, #f, or an integer'],
    ['exit', [flonum(1)], 'status must be #t, #f, or an integer'],
  ] as [string, Value[], string][])('%s %s fails', (builtin, args, message) => {
    expect(show(builtin, ...args)).toBe(`runtime.type-error: ${builtin}: ${message}`);
  });

  test.each([
    [[], 0],
    [[true], 0],
    [[false], 1],
    [[3], 3],
    [[-1], 255],
    [[256], 0],
    [[2n ** 60n + 7n], 7],
  ] as [Value[], number][])('exit %s gives status %d', (args, status) => {
    expect(() => call('exit', ...args)).toThrow(expect.objectContaining({ status }));
    expect(() => call('exit', ...args)).toThrow(ExitRequest);
  });

  test('program arguments and the working directory', () => {
    expect(show('command-line-arguments')).toBe('("a" "-x")');
    const start = call('current-directory') as string;
    call('change-directory!', '/');
    expect(call('current-directory')).toBe('/');
    call('change-directory!', start);
  });
});

describe('UTC', () => {
  test.each([
    [0, '1970-01-01T00:00:00Z'],
    [-1, '1969-12-31T23:59:59Z'],
    [-1001, '1969-12-31T23:59:58Z'],
    [1709210096789, '2024-02-29T12:34:56Z'],
    [flonum(951782400000), '2000-02-29T00:00:00Z'],
    [253402300799000, '9999-12-31T23:59:59Z'],
    [253402300800000, '10000-01-01T00:00:00Z'],
    [-62135596800000, '0001-01-01T00:00:00Z'],
    [-62167219200000, '0000-01-01T00:00:00Z'],
    [-62167219201000, '00-1-12-31T23:59:59Z'],
    [2 ** 53 - 1, '287396-10-12T08:59:00Z'],
    [2n ** 63n - 1n, '292278994-08-17T07:12:55Z'],
    [-(2n ** 63n), '-292275055-05-16T16:47:04Z'],
  ] as [Value, string][])('%s is %s', (ms, text) => {
    expect(call('%time-format-iso8601-utc', ms)).toBe(text);
  });

  test('the calendar is that of the host', () => {
    for (let day = -800_000; day < 800_000; day += 997) {
      const date = new Date(day * 86_400_000 + 3_723_000);
      const yearday = Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / 86_400_000);
      expect(show('%time-utc-parts', date.getTime())).toBe(
        `((year . ${date.getUTCFullYear()}) (month . ${date.getUTCMonth() + 1}) (day . ${date.getUTCDate()}) (hour . 1) ` +
          `(minute . 2) (second . 3) (weekday . ${date.getUTCDay()}) (yearday . ${yearday}) (is-dst . #f) (offset-minutes . 0))`,
      );
    }
  });

  test.each([1.5, '0', Number.NaN, list()] as Value[])('%s is no instant', (ms) => {
    expect(show('%time-utc-parts', ms)).toBe(
      'runtime.type-error: %time-utc-parts: argument must be an integer epoch-ms',
    );
  });

  test('an instant beyond 64 bits', () => {
    expect(show('%time-local-parts', flonum(1e19))).toBe(
      'runtime.type-error: %time-local-parts: epoch-ms out of supported range',
    );
  });
});

describe('local time', () => {
  const inZone = (zone: string, ms: Value): [string, string] => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      const isDst = /\(is-dst \. (#.)\)/.exec(show('%time-local-parts', ms)) as RegExpExecArray;
      return [call('%time-format-iso8601-local', ms) as string, isDst[1]];
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  };

  test.each([
    ['America/New_York', 1721044800000, '2024-07-15T08:00:00-04:00', '#t'],
    ['America/New_York', 1705320000000, '2024-01-15T07:00:00-05:00', '#f'],
    ['Australia/Sydney', 1705320000000, '2024-01-15T23:00:00+11:00', '#t'],
    ['Asia/Kolkata', 0, '1970-01-01T05:30:00+05:30', '#f'],
    ['UTC', 2 ** 53 - 1, '287396-10-12T08:59:00+00:00', '#f'],
    ['UTC', -1, '1969-12-31T23:59:59+00:00', '#f'],
    ['Europe/Berlin', 2n ** 62n, '146140482-04-24T17:36:27+02:00', '#t'],
  ] as [string, Value, string, string][])('%s at %s', (zone, ms, text, isDst) => {
    expect(inZone(zone, ms)).toEqual([text, isDst]);
  });
});

describe('clocks', () => {
  test('agree with each other', () => {
    const ms = call('%time-now-ms') as number;
    const us = Number(call('%time-now-us'));
    const ns = Number(call('%time-now-ns'));
    expect(Math.abs(us / 1000 - ms)).toBeLessThan(5000);
    expect(Math.abs(ns / 1e6 - ms)).toBeLessThan(5000);
    expect(call('%time-monotonic-ms') as number).toBeLessThanOrEqual(call('%time-monotonic-ms') as number);
  });

  test('sleeping takes non-negative integers', () => {
    expect([show('%time-sleep-ms', 0), show('%time-sleep-ms', flonum(1))]).toEqual(['()', '()']);
    for (const bad of [-1, 0.5, 'x', flonum(-1)] as Value[]) {
      expect(show('%time-sleep-ms', bad)).toMatch(/argument must be a non-negative integer$/);
    }
  });
});

// Logging: patterns, payloads as text and as JSON, sinks, the registry.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { defineLog } from '../../src/builtins/log/define.ts';
import { Pattern } from '../../src/builtins/log/pattern.ts';
import { DailySink } from '../../src/builtins/log/sinks.ts';
import { HashMap } from '../../src/values/hash-map.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { charOf, flonum, NIL, Pair, type Value } from '../../src/values/types.ts';
import { alist, callerOf, list, sym, vector } from './os-support.ts';

const ports = { output: new StringOutput(), error: new StringOutput() };
const { call, show } = callerOf((define) => defineLog(define, { ports }));
const folder = fs.mkdtempSync(join(tmpdir(), 'eta-log-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

let out = new StringOutput();
let logger: Value;
beforeEach(() => {
  out = new StringOutput();
  logger = call('%log-make-logger', 'app', list(call('%log-make-port-sink', out)));
});
const emit = (level: string, message: string, payload: Value = NIL, target = logger): string =>
  show('%log-emit', target, sym(level), message, payload);

describe('patterns', () => {
  const record = { logger: 'app', level: 3, text: 'text', microseconds: 1_769_846_709_123_456 };
  const at = new Date(2026, 0, 31, 8, 5, 9).getTime() * 1000 + 123_456;

  test.each([
    ['[%Y-%m-%d %H:%M:%S.%e] [%^%l%$] [%n] %v', '[2026-01-31 08:05:09.123] [warning] [app] text'],
    ['%L|%f|%F|%T|%D|%C|%%|%R|%X|%x', 'W|123456|123456000|08:05:09|01/31/26|26|%|08:05|08:05:09|01/31/26'],
    ['%a %A %b %B|%c|%I %p|%r', 'Sat Saturday Jan January|Sat Jan 31 08:05:09 2026|08 AM|08:05:09 AM'],
    ['%6n|%-6n|%=6n|%2n|%2!n|%=8L|', '   app|app   | app  |app|ap|   W    |'],
    ['%q|%5q|%@%s%g%#%!|%', '%q|%5q||'],
    ['', ''],
  ])('%s', (pattern, expected) => {
    expect(new Pattern(pattern).format({ ...record, microseconds: at }).text).toBe(`${expected}\n`);
  });

  test('time since the previous record', () => {
    const pattern = new Pattern('%u %i %o %O');
    expect(pattern.format(record).text).toBe('0 0 0 0\n');
    expect(pattern.format({ ...record, microseconds: record.microseconds + 2_500_000 }).text).toBe(
      '2500000000 2500000 2500 2\n',
    );
  });
});

describe('records', () => {
  test('are filtered by level, and those at level off never', () => {
    call('%log-set-pattern!', logger, '%l %v');
    for (const level of ['debug', 'info', 'warning', 'err', 'off']) emit(level, 'x');
    expect(out.contents).toBe('info x\nwarning x\nerror x\noff x\n');
    expect(show('%log-level', logger)).toBe('info');
  });

  test('for people show their payload in written form', () => {
    call('%log-set-pattern!', logger, '%v');
    emit('info', 'm', alist(['a', 7], ['b', 'n'], ['c', flonum(1)], ['d', list(1, 2)]));
    emit('info', 'h', HashMap.of([['only', sym('one')]]));
    expect(out.contents).toBe('m a=7 b="n" c=1.0 d=(1 2)\nh only=one\n');
  });

  test('as JSON keep the order of their fields', () => {
    call('%log-set-formatter!', logger, sym('json'));
    emit('warn', 'm', alist(['z', list(1, 2)], ['msg', 1], ['n', NIL], ['c', charOf(97)], ['p', new Pair(1, 2)]));
    emit(
      'error',
      'q',
      HashMap.of([
        [
          'k',
          HashMap.of([
            ['y', vector(1.5)],
            [sym('x'), false],
          ]),
        ],
      ]),
    );
    expect(out.contents).toBe(
      '{"level":"warn","logger":"app","msg":"m","z":[1,2],"payload.msg":1,"n":null,"c":"#\\\\a","p":"(1 . 2)"}\n' +
        '{"level":"error","logger":"app","msg":"q","k":{"y":[1.5],"x":false}}\n',
    );
    expect(emit('trace', 'x', alist(['v', Number.NaN]))).toBe(
      'runtime.type-error: log: cannot encode NaN/infinity in JSON payload',
    );
  });

  const endless = list(new Pair('k', 1)) as Pair;
  endless.cdr = endless;
  test.each([
    [5, "payload must be an alist, hash-map, or '()"],
    [list(5), 'payload entries must be pairs'],
    [list(new Pair(5, 1)), 'payload keys must be strings or symbols'],
    [new Pair(new Pair(sym('a'), 1), 5), 'payload alist must be a proper list'],
    [endless, 'payload alist must be a proper list'],
  ] as [Value, string][])('payload error %#', (payload, message) => {
    expect(emit('trace', 'x', payload)).toBe(`runtime.type-error: log: ${message}`);
  });
});

describe('sinks', () => {
  test('a file is appended to or truncated, its folders are made', () => {
    const path = join(folder, 'a/b/app.log');
    for (const [truncate, message] of [
      [false, 'one'],
      [false, 'two'],
      [true, 'three'],
    ] as const) {
      const target = call('%log-make-logger', '', list(call('%log-make-file-sink', path, truncate)));
      call('%log-set-pattern!', target, '%v');
      emit('info', message, NIL, target);
      expect(fs.readFileSync(path, 'utf8')).toBe({ one: 'one\n', two: 'one\ntwo\n', three: 'three\n' }[message]);
    }
  });

  test('a rotating file shifts before it grows too large', () => {
    const path = join(folder, 'r.log');
    const target = call('%log-make-logger', '', list(call('%log-make-rotating-sink', path, 20, 2)));
    call('%log-set-pattern!', target, '%v');
    for (const letter of 'abcdef') emit('info', letter.repeat(9), NIL, target);
    const files = fs.readdirSync(folder).filter((name) => name.startsWith('r.'));
    expect(files.map((name) => [name, fs.readFileSync(join(folder, name), 'utf8')])).toEqual([
      ['r.1.log', 'ccccccccc\nddddddddd\n'],
      ['r.2.log', 'aaaaaaaaa\nbbbbbbbbb\n'],
      ['r.log', 'eeeeeeeee\nfffffffff\n'],
    ]);
  });

  test('a daily file begins at its time and the oldest go', () => {
    let now = new Date(2026, 1, 27, 12).getTime() / 1000;
    const sink = new DailySink(join(folder, 'daily/d.log'), 3, 30, 2, 'who', () => now);
    const log = (text: string): void => sink.log({ logger: '', level: 2, text, microseconds: 0 });
    sink.setPattern('%v');
    log('one');
    now += 15 * 3600; // 03:00 of the next day
    log('two');
    now += 3600;
    log('three');
    now += 86_400;
    log('four');
    const files = fs.readdirSync(join(folder, 'daily'));
    expect(files.map((name) => [name, fs.readFileSync(join(folder, 'daily', name), 'utf8')])).toEqual([
      ['d_2026-02-28.log', 'three\n'],
      ['d_2026-03-01.log', 'four\n'],
    ]);
  });

  test('the stream sinks write to the console without colour', () => {
    const target = call('%log-make-logger', '', list(call('%log-make-stdout-sink', true, sym('stdout'))));
    call('%log-set-pattern!', target, '%^%v%$');
    emit('error', 'x', NIL, target);
    expect(ports.output.contents).toBe('x\n');
  });

  test.each([
    ['%log-make-stdout-sink', [1, sym('stdout')], 'first argument must be #t or #f'],
    ['%log-make-stdout-sink', [true, 'stdout'], 'second argument must be a symbol'],
    ['%log-make-stdout-sink', [true, sym('zork')], "stream must be 'stdout or 'stderr"],
    ['%log-make-port-sink', [new StringInput('')], 'expected an output port'],
    ['%log-make-file-sink', ['x', 1], 'second argument must be #t or #f'],
    ['%log-make-rotating-sink', ['x', -1, 1], 'second argument must be a non-negative integer'],
    ['%log-make-rotating-sink', ['x', 1, 0], 'max-size and max-files must be > 0'],
    ['%log-make-daily-sink', ['x', 24, 0, 1], 'hour/minute out of range'],
    ['%log-make-logger', ['x', NIL], 'at least one sink is required'],
    ['%log-make-logger', ['x', list(5)], 'sink must be a log sink'],
    ['%log-make-logger', ['x', 5], 'sinks must be a proper list of log sinks'],
  ] as [string, Value[], string][])('%s error %#', (name, args, message) => {
    expect(show(name, ...args)).toBe(`runtime.type-error: ${name}: ${message}`);
  });

  test('a file that cannot be opened', () => {
    expect(show('%log-make-file-sink', '/proc/no/x.log', true)).toMatch(
      /^runtime\.internal-error: %log-make-file-sink: Failed opening file \/proc\/no\/x\.log for writing: \w/,
    );
  });
});

describe('the registry', () => {
  test('finds loggers by name and sets their levels', () => {
    const found = call('%log-get-logger', 'app');
    expect(found).not.toBe(logger);
    expect(show('%log-set-global-level!', sym('debug'))).toBe('()');
    expect([show('%log-level', found), show('%log-level', call('%log-default-logger'))]).toEqual(['debug', 'info']);
    expect(show('%log-get-logger', 'none')).toBe('#f');
    call('%log-shutdown!');
    expect(show('%log-get-logger', 'app')).toBe('#f');
  });

  test('makes the default logger on first use, at the level of ETA_LOG_LEVEL', () => {
    process.env.ETA_LOG_LEVEL = 'DEBUG';
    call('%log-shutdown!');
    const first = call('%log-default-logger') as { printed(): string } & object;
    delete process.env.ETA_LOG_LEVEL;
    expect([first.printed(), show('%log-level', first)]).toEqual(['#<logger:default>', 'debug']);
    call('%log-set-pattern!', first, '%v');
    ports.error = new StringOutput();
    emit('info', 'late', NIL, first);
    expect(ports.error.contents).toBe('late\n');
    call('%log-set-default!', logger);
    expect(call('%log-default-logger')).toBe(logger);
  });
});

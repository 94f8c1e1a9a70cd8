// Subprocesses: options, results, pipes, signals, reaping. The children are `sh`, `cat` and the like.

import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defineProcess } from '../../src/builtins/process/define.ts';
import { decodeText } from '../../src/builtins/process/run.ts';
import { HashMap } from '../../src/values/hash-map.ts';
import type { Port } from '../../src/values/ports.ts';
import { Bytevector, flonum, NIL, type Value } from '../../src/values/types.ts';
import { alist, callerOf, list, sym, vector } from './os-support.ts';

const { call, show } = callerOf(defineProcess);
const bytes = (...items: number[]): Value => new Bytevector(Uint8Array.from(items));

// [program, args, options, result]
const RUNS: [string, string[], Value, string][] = [
  ['sh', ['-c', 'echo hi; echo err >&2; exit 3'], NIL, '(3 "hi\\n" "err\\n")'],
  ['printf', ['%s-', 'a b', '$HOME', '*'], NIL, '(0 "a b-$HOME-*-" "")'],
  ['cat', [], NIL, '(0 "" "")'],
  ['cat', [], alist(['stdin', 'pipe']), '(0 "pipe" "")'],
  ['cat', [], alist([':stdin', bytes(65, 0xff, 66)]), '(0 "A\ufffdB" "")'],
  ['cat', [], alist(['stdin', bytes(1, 255)], ['binary?', true]), '(0 #u8(1 255) #u8())'],
  ['sh', ['-c', 'echo a; echo b >&2; echo c'], alist(['stderr', sym('merge')]), '(0 "a\\nb\\nc\\n" #f)'],
  [
    'sh',
    ['-c', 'echo a; echo b >&2'],
    HashMap.of([
      ['stdout', 'null'],
      [sym('stderr'), sym('null')],
    ]),
    '(0 #f #f)',
  ],
  ['sh', ['-c', 'echo a; echo b >&2'], alist(['stdout', sym('null')], ['stderr', 'merge']), '(0 #f #f)'],
  ['sh', ['-c', 'kill -9 $$'], NIL, '(137 "" "")'],
  ['pwd', [], alist(['cwd', '/']), '(0 "/\\n" "")'],
  ['env', [], alist(['env', alist(['ONLY', '1'])], ['replace-env?', true]), '(0 "ONLY=1\\n" "")'],
  [
    'sh',
    ['-c', 'echo $ETA_T$HOME'],
    alist([
      'env',
      HashMap.of([
        ['ETA_T', 'x'],
        ['HOME', '/h'],
      ]),
    ]),
    '(0 "x/h\\n" "")',
  ],
  ['true', [], alist(['stdin', 'x'.repeat(1 << 20)]), '(0 "" "")'],
];

// [args, message]
const ERRORS: [Value[], string][] = [
  [['eta-no-such-program', NIL], 'runtime.internal-error: process-not-found: No such file or directory'],
  [['', NIL], 'runtime.internal-error: process-not-found: No such file or directory'],
  [['/', NIL], 'runtime.internal-error: process-spawn-failed: Permission denied'],
  [
    ['sh', NIL, alist(['cwd', '/nonexistent-x'])],
    'runtime.internal-error: process-not-found: No such file or directory',
  ],
  [['sh', list('a\0b')], 'runtime.internal-error: process-spawn-failed: Invalid argument'],
  [[5, NIL], 'runtime.type-error: WHO: program must be a string'],
  [['sh', 5], 'runtime.type-error: WHO: args must be a proper list of strings'],
  [['sh', list(1)], 'runtime.type-error: WHO: args must be a string'],
  [['sh', NIL, 5], "runtime.type-error: WHO: options must be an alist, hash-map, or '()"],
  [['sh', NIL, list(5)], 'runtime.type-error: WHO: option entry must be a pair'],
  [['sh', NIL, list(list(5))], 'runtime.type-error: WHO: option key must be a symbol'],
  [['sh', NIL, alist(['zork', 1])], "runtime.type-error: WHO: unknown option key 'zork'"],
  [
    ['sh', NIL, alist(['stdin', sym('zork')])],
    "runtime.type-error: WHO: stdin must be string, bytevector, 'pipe, 'inherit, or 'null",
  ],
  [['sh', NIL, alist(['stdin', 5])], 'runtime.type-error: WHO: stdin must be a symbol'],
  [
    ['sh', NIL, alist(['stdout', sym('merge')])],
    "runtime.type-error: WHO: stdout must be 'pipe, 'capture, 'inherit, or 'null",
  ],
  [['sh', NIL, alist(['timeout-ms', flonum(1)])], 'runtime.type-error: WHO: timeout-ms must be a non-negative integer'],
  [['sh', NIL, alist(['env', alist(['A', 1])])], 'runtime.type-error: WHO: environment value must be a string'],
  [['sh', NIL, alist(['env', 5])], "runtime.type-error: WHO: options must be an alist, hash-map, or '()"],
  [['sh', NIL, NIL, 1], 'runtime.invalid-arity: WHO: expected program args [opts]'],
];

describe('%process-run', () => {
  test.each(RUNS)('%s %j %#', (program, args, options, expected) => {
    expect(show('%process-run', program, list(...args), options)).toBe(expected);
  });

  test.each(['stdin', 'stdout', 'stderr'])('%s cannot be a pipe', (key) => {
    expect(show('%process-run', 'sh', NIL, alist([key, sym('pipe')]))).toMatch(
      /^runtime.type-error: %process-run: std/,
    );
  });

  test('a child that takes too long is killed', () => {
    const options = alist(['timeout-ms', 50]);
    expect(show('%process-run', 'sleep', list('30'), options)).toBe(
      'runtime.internal-error: process-timeout: timed out after 50 ms',
    );
  });

  test('each byte that is no part of a character is replaced', () => {
    expect(
      decodeText(Uint8Array.from([0xe2, 0x82, 0x41, 0xc3, 0xa9, 0xf0, 0x9d, 0x84, 0x9e, 0xc0, 0xef, 0xbb, 0xbf])),
    ).toBe('\ufffd\ufffdAé𝄞\ufffd\ufeff');
  });
});

describe.each(['%process-run', '%process-spawn'])('errors of %s', (who) => {
  test.each(ERRORS)('%#: %s', (args, message) => {
    expect(show(who, ...args)).toBe(message.replace('WHO', who));
  });
});

describe('%process-spawn', () => {
  const port = (name: string, handle: Value): Port => call(`%process-${name}-port`, handle) as Port;

  test('a conversation with cat', () => {
    const handle = call('%process-spawn', 'cat', NIL);
    expect([show('%process-alive?', handle), show('%process-exit-code', handle)]).toEqual(['#t', '#f']);
    expect(show('%process-wait', handle, 0)).toBe('#f');
    const input = port('stdin', handle);
    const output = port('stdout', handle);
    input.writeText('héy\n');
    expect(output.readLine()).toBe('héy');
    input.writeBytes(Uint8Array.of(65, 0xff));
    expect([output.readByte(), output.readCharacter()]).toEqual([65, 0xfffd]);
    input.close();
    input.close();
    expect(() => input.writeText('x')).toThrow('process port is not writable');
    expect([output.readCharacter(), output.readByte(), port('stderr', handle).readLine()]).toEqual([-1, -1, null]);
    expect([show('%process-wait', handle), show('%process-wait', handle, 10)]).toEqual(['0', '0']);
    expect([show('%process-pid', handle), show('%process-kill', handle)]).toEqual(['-1', '#f']);
    expect((handle as { printed(): string }).printed()).toBe('#<process-handle pid=-1>');
  });

  test('a megabyte goes through cat without being read in between', () => {
    const text = 'x'.repeat(1 << 20);
    const handle = call('%process-spawn', 'cat', NIL, alist(['stdin', text]));
    expect(show('%process-stdin-port', handle)).toBe('#f');
    expect(port('stdout', handle).readText(Number.POSITIVE_INFINITY)).toBe(text);
    expect(show('%process-wait', handle)).toBe('0');
  });

  test('merged and absent streams', () => {
    const merged = call('%process-spawn', 'sh', list('-c', 'echo e >&2; echo o'), alist(['stderr', 'merge']));
    expect(port('stdout', merged).readText(Number.POSITIVE_INFINITY)).toBe('e\no\n');
    expect(show('%process-stderr-port', merged)).toBe('#f');
    const none = alist(['stdin', sym('null')], ['stdout', sym('null')], ['stderr', sym('null')]);
    const quiet = call('%process-spawn', 'true', NIL, none);
    expect(show('%process-stdout-port', quiet)).toBe('#f');
    expect([show('%process-wait', merged), show('%process-wait', quiet)]).toEqual(['0', '0']);
  });

  test('writing to a child that is gone', () => {
    const handle = call('%process-spawn', 'true', NIL);
    call('%process-wait', handle);
    expect(() => port('stdin', handle).writeText('x')).toThrow('process port write failed');
  });

  test.each([
    ['%process-kill', '137'],
    ['%process-terminate', '143'],
  ])('%s, then reaped: %s', (how, code) => {
    const handle = call('%process-spawn', 'sleep', list('30'));
    const pid = call('%process-pid', handle) as number;
    expect(show('%process-wait', handle, 20)).toBe('#f');
    expect(show(how, handle)).toBe('#t');
    expect(show('%process-wait', handle, 5000)).toBe(code);
    // A zombie would still take a signal.
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('the child gets its own pipes only', () => {
    const first = call('%process-spawn', 'cat', NIL);
    const second = call('%process-spawn', 'cat', NIL);
    port('stdin', first).close();
    expect(port('stdout', first).readText(Number.POSITIVE_INFINITY)).toBe('');
    expect(show('%process-wait', first, 5000)).toBe('0');
    call('%process-kill', second);
    expect(show('%process-wait', second)).toBe('137');
  });

  const onLinux = test.skipIf(process.platform !== 'linux');
  /** The pipes that this process has open; which descriptors there are otherwise is the test runner's business. */
  const pipes = (): number =>
    fs.readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith('pipe:');
      } catch {
        return false; // that of the folder itself
      }
    }).length;

  onLinux('a child that has been waited for holds no pipes, and its output can still be read', () => {
    const before = pipes();
    const handle = call('%process-spawn', 'sh', list('-c', 'echo o; echo e >&2'));
    expect(pipes()).toBe(before + 3);
    expect(show('%process-wait', handle)).toBe('0');
    expect(pipes()).toBe(before);
    expect([port('stdout', handle).readText(9), port('stderr', handle).readText(9)]).toEqual(['o\n', 'e\n']);
    expect(() => port('stdin', handle).writeText('x')).toThrow('process port write failed');
  });

  test("a child's child goes on with the pipes", () => {
    const script = 'exec 3<&0; (read line <&3; echo "got $line") & echo started';
    const handle = call('%process-spawn', 'sh', list('-c', script));
    expect(show('%process-wait', handle)).toBe('0');
    port('stdin', handle).writeText('text\n');
    expect(port('stdout', handle).readText(99)).toBe('started\ngot text\n');
  });

  test('handle arguments', () => {
    const handle = call('%process-spawn', 'true', NIL);
    expect(show('%process-wait', handle, -1)).toMatch(/timeout-ms must be a non-negative integer$/);
    expect(show('%process-wait', handle, 1, 2)).toBe(
      'runtime.invalid-arity: %process-wait: expected handle [timeout-ms]',
    );
    expect(show('%process-pid', vector())).toBe('runtime.type-error: %process-pid: expected process handle');
    call('%process-wait', handle);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasTerminals, type TerminalOptions, TerminalProgram } from '../support/terminal.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
let program: TerminalProgram | null = null;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-terminal-')));
});
afterEach(async () => {
  await program?.close();
  program = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BANNER =
  'eta REPL - type an expression and press Enter.\nUse Ctrl+D or (exit) to quit, :help for the commands.\n';

/** Start a prompt and wait for it. */
async function start(options: TerminalOptions & { readonly words?: readonly string[] } = {}): Promise<TerminalProgram> {
  const env = {
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    ETA_MODULE_PATH: undefined,
    ETA_HISTORY: '',
    ...options.env,
  };
  program = new TerminalProgram([process.execPath, ETAI, ...(options.words ?? [])], { cwd: folder, ...options, env });
  await program.shows('eta>');
  return program;
}

const RAW_MODE = '\x1b[?2004h';

/** Type a line, and wait until the prompt is there again. */
async function enter(at: TerminalProgram, line: string): Promise<void> {
  const prompts = at.raw.split(RAW_MODE).length;
  at.send(`${line}\r`);
  await at.until(({ raw, screen }) => raw.split(RAW_MODE).length > prompts && screen.endsWith('\neta>'));
}

const CTRL = (letter: string) => String.fromCharCode(letter.charCodeAt(0) & 0x1f);
const [UP, DOWN, LEFT] = ['\x1b[A', '\x1b[B', '\x1b[D'];
const ALT_ENTER = '\x1b\r';

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('what is typed is evaluated; Ctrl-D leaves', async () => {
    const at = await start();
    await enter(at, '(* 6 7)');
    await enter(at, '(display "open")');
    await enter(at, '(car 5)');
    expect(at.screen.replace(/^ {2}(?:note|usage|hint): .*\n/gm, '')).toBe(`${BANNER}eta> (* 6 7)
=> 42
eta> (display "open")
open⏎
eta> (car 5)
error [<repl>:1:1-1:8]: car: not a pair
  1 | (car 5)
    | ^^^^^^^
eta>`);
    at.send(CTRL('D'));
    expect(await at.ended).toBe(0);
    expect(at.raw.endsWith('\x1b[?2004l')).toBe(true);
  });

  test('Enter submits what is complete, and else begins a line that is indented', async () => {
    const at = await start();
    at.send('(define (f x)\r(let ((y x))\r(* x y)))\r');
    await at.until(({ screen }) => screen.endsWith('\neta>'));
    at.send(`(list 1${ALT_ENTER}2)`);
    await at.until(({ screen }) => screen.includes(' 2)'));
    expect(at.screen).toBe(
      `${BANNER}eta> (define (f x)
...    (let ((y x))
...      (* x y)))
eta> (list 1
...        2)
(list obj …)`.replace(/\n\(list obj …\)$/, ''),
    );
    await enter(at, '');
    expect(at.screen).toContain('=> (1 2)');
  });

  describe('what actors print while somebody types', () => {
    /** Waits for a file of this name, then prints. */
    const printsWhen = (name: string, printing: string) =>
      `(define (wait) (if (file-exists? "${name}") ${printing} (begin (time:sleep-ms 20) (wait))))`;
    const letGo = (name: string) => writeFileSync(join(folder, name), '');

    // [what prints, how it is started, what it prints]
    test.each([
      ['child', '(define c (spawn "late-child.eta"))', '(println "late")', 'late\n'],
      ['open-line', '(define c (spawn "late-open-line.eta"))', '(display "open" (current-error-port))', 'open⏎\n'],
      ['many-lines', '(define c (spawn "late-many-lines.eta"))', "(for-each println '(1 2 3))", '\n3\n'],
      ['grandchild', '(define c (spawn "late-grandchild.eta"))', '(println "late")', 'late\n'],
      ['error', '(define c (spawn "late-error.eta"))', '(car 5)', 'late-error_init (late-error.eta:1:105)\n'],
      ['thread', '(define c (spawn-thread wait))', '(println "late")', 'late\n'],
    ])('%s: the prompt is drawn anew below', async (name, start_, printing, printed) => {
      const program = `(import std.time) ${printsWhen(name, printing)}`;
      const isNested = name === 'grandchild';
      writeFileSync(
        join(folder, `late-${name}.eta`),
        isNested ? '(spawn-wait (spawn "inner.eta"))' : `${program} (wait)`,
      );
      if (isNested) writeFileSync(join(folder, 'inner.eta'), `${program} (wait)`);
      const at = await start();
      if (name === 'thread') await enter(at, program);
      await enter(at, start_);
      at.send('(list 1\r2');
      await at.until(({ screen }) => screen.includes('(list 1\n'));
      letGo(name);
      await at.until(({ screen }) => screen.includes(`${printed}eta> (list 1\n`));
      const [row] = at.cursor;
      expect(at.screen.split('\n')[row]).toBe('...        2');
      expect(at.screen.split('\n')[row - 1]).toBe('eta> (list 1');
      await enter(at, ')');
      expect(at.screen).toContain('=> (1 2)\neta>');
    });

    test('a child that a signal ends leaves the terminal as the prompt has set it', async () => {
      writeFileSync(join(folder, 'waits.eta'), "(recv! (current-mailbox) 'wait)");
      const at = await start();
      await enter(at, '(define c (spawn "waits.eta"))');
      await enter(at, ':actors');
      const pid = Number(/^process (\d+)/m.exec(at.screen)?.[1]);
      at.send('(list 1');
      await at.until(({ screen }) => screen.includes('(list 1'));
      const before = at.raw.length;
      process.kill(pid, 'SIGTERM');
      await at.until(({ raw }) => raw.length > before);
      await enter(at, ' 2)');
      expect(at.screen).toContain('eta> (list 1 2)\n=> (1 2)\neta>');
    });
  });

  test('brackets that belong together stand out, and those that do not', async () => {
    const at = await start();
    at.send('(list [1 2]');
    await at.until(({ screen }) => screen.includes('[1 2]'));
    const [row] = at.cursor;
    expect([at.styleAt(row, 11), at.styleAt(row, 15)]).toEqual(['bold underline color 6', 'bold underline color 6']);
    expect(at.styleAt(row, 5)).toBe('');
    at.send(')');
    await at.until(({ cursor: [, column] }) => column === 17);
    expect([at.styleAt(row, 5), at.styleAt(row, 16)]).toEqual(['bold underline color 6', 'bold underline color 6']);
    at.send(')');
    await at.until(({ screen }) => screen.endsWith('this bracket closes nothing'));
    expect(at.styleAt(row, 17)).toBe('bold inverse color 1');
  });

  test('code has colours, and the call that is typed a signature', async () => {
    const at = await start();
    at.send('(if "s" 1 (vector-ref ; c');
    await at.until(({ screen }) => screen.endsWith('(vector-ref v k)'));
    const [row] = at.cursor;
    // if, "s", 1, vector-ref, ; c, and the signature below
    const styles = [6, 9, 13, 16, 27].map((column) => at.styleAt(row, column));
    expect([...styles, at.styleAt(row + 1, 0)]).toEqual([
      'bold color 4',
      'color 2',
      'color 6',
      'color 4',
      'dim',
      'dim',
    ]);
  });

  test('Tab completes names, modules, files and commands', async () => {
    writeFileSync(join(folder, 'notes.txt'), '');
    const at = await start();
    at.send('(vector-le\t');
    await at.until(({ screen }) => screen.includes('(vector-length'));
    at.send(`${CTRL('C')}(import std.superv\t`);
    await at.until(({ screen }) => screen.includes('(import std.supervisor'));
    at.send(`${CTRL('C')}(open-input-file "no\t`);
    await at.until(({ screen }) => screen.includes('(open-input-file "notes.txt'));
    at.send(`${CTRL('C')}:rel\t`);
    await at.until(({ screen }) => screen.includes(':reload'));
    at.send(`${CTRL('C')}(string-\t`);
    await at.until(({ screen }) => screen.includes('string-append') && screen.includes('string-length'));
  });

  test('keys edit as in Emacs', async () => {
    const at = await start();
    at.send(`(list 1 2)${CTRL('A')}${CTRL('F')}\x1bf 0${CTRL('E')}${LEFT} 3${CTRL('W')}${CTRL('Y')}${CTRL('Y')}`);
    await at.until(({ screen }) => screen.includes('(list 0 1 2 33)'));
    at.send(`${CTRL('A')}${CTRL('K')}`);
    await at.until(({ screen }) => screen.endsWith('\neta>'));
    at.send(`${CTRL('Y')}\x1b[H\x1b[3~\x1b[F\x7f`);
    await at.until(({ screen }) => screen.includes('eta> list 0 1 2 33'));
  });

  test('a bracketed paste is taken as it is', async () => {
    const at = await start();
    at.send('\x1b[200~(define (f)\n(list "a\tb"\n1))\x1b[201~');
    await at.until(({ screen }) => screen.includes('1))'));
    expect(at.screen.split('\n').slice(2)).toEqual(['eta> (define (f)', '...  (list "a   b"', '...  1))']);
  });

  test('Ctrl-C gives up the input', async () => {
    const at = await start();
    at.send(`(car${CTRL('C')}`);
    await at.shows('eta> (car\neta>');
  });

  test('Ctrl-C ends what runs, at once, and keeps the state', async () => {
    const at = await start();
    await enter(at, '(define x 1)');
    at.send('(begin (set! x 2) (println (+ 1234 1)) (let loop () (loop)))\r');
    await at.shows('\n1235');
    at.send(CTRL('C'));
    await at.shows('^C\ninterrupted\neta>');
    await enter(at, "(define s (nng-socket 'pull))");
    await enter(at, '(nng-listen s "inproc://nobody")');
    at.send("(recv! s 'wait)\r");
    await at.until(({ raw }) => raw.endsWith('\x1b[?2004l'));
    at.send(CTRL('C'));
    await at.until(({ screen }) => (screen.match(/interrupted/g) ?? []).length === 2 && screen.endsWith('\neta>'));
    await enter(at, '(list "x is" x)');
    expect(at.screen).toContain('=> ("x is" 2)');
  });

  test('what is typed while something runs is evaluated next', async () => {
    const at = await start();
    at.send('(begin (println (+ 1234 1)) (let loop ((i 0)) (if (< i 30000000) (loop (+ i 1)) i)))\r');
    await at.shows('\n1235');
    at.send('(+ 4000 321)\r');
    await at.until(({ screen }) => screen.endsWith('=> 4321\neta>'));
  });

  test('it goes on after Ctrl-Z, and after somebody has stopped and continued it', async () => {
    const at = await start();
    at.send(`(list${CTRL('Z')} 1`);
    await at.until(({ screen }) => screen.includes('(list 1\n'));
    process.kill(at.pid, 'SIGSTOP');
    // As shells do, which have the terminal meanwhile.
    spawnSync('sh', ['-c', 'stty sane < "$0"', readlinkSync(`/proc/${at.pid}/fd/1`)]);
    at.send(' 2');
    const prompts = at.raw.split(RAW_MODE).length;
    process.kill(at.pid, 'SIGCONT');
    await at.until(({ raw, screen }) => raw.split(RAW_MODE).length > prompts && screen.includes('(list 1 2\n'));
    await enter(at, ')');
    expect(at.screen).toContain('=> (1 2)');
  });

  test('programs read what is typed', async () => {
    const at = await start();
    at.send('(read-line)\r');
    await at.until(({ raw }) => raw.endsWith('\x1b[?2004l'));
    at.send('hello\r');
    await at.until(({ screen }) => screen.endsWith('=> "hello"\neta>'));
  });

  // When the key meets raw mode, the change to the other mode, or the evaluation, hangs on the machine: all must do.
  const DELAYS_MS = [0, 1, 2, 4, 6, 8, 11, 15, 20, 30];
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test('Ctrl-C right behind Enter ends the evaluation, and nothing that comes after it', async () => {
    const at = await start({ rows: 60 });
    for (const [i, delay] of DELAYS_MS.entries()) {
      at.send('(let loop () (loop))\r');
      await pause(delay);
      at.send(CTRL('C'));
      await at.until(({ everything }) => everything.split('\ninterrupted\neta>').length === i + 2);
      await enter(at, `(* ${i + 2} 1001)`);
      expect(at.everything).toContain(`=> ${(i + 2) * 1001}\n`);
    }
  });

  test('Ctrl-C as the evaluation ends does not end the next one', async () => {
    const at = await start({ rows: 60 });
    await enter(at, '(import std.time)');
    for (const [i, delay] of DELAYS_MS.entries()) {
      at.send('(time:sleep-ms 5)\r');
      await pause(delay);
      at.send(CTRL('C'));
      await pause(50);
      at.send(`(* ${i + 2} 1001)\r`);
      await at.until(({ everything }) => everything.includes(`=> ${(i + 2) * 1001}\n`));
    }
  });

  test('Ctrl-C while native code is loaded for the first time', async () => {
    for (const delay of [5, 15, 25, 35]) {
      const at = await start();
      at.send("(nng-socket 'pair)\r");
      await pause(delay);
      at.send(CTRL('C'));
      await pause(50);
      at.send('(* 6 7)\r');
      await at.until(({ screen }) => screen.endsWith('=> 42\neta>'));
      await at.close();
    }
  });

  test('what is typed while something runs is for the next prompts', async () => {
    const at = await start({ rows: 60 });
    await enter(at, '(import std.time)');
    for (const [i, delay] of DELAYS_MS.entries()) {
      at.send('(time:sleep-ms 15)\r');
      await pause(delay);
      at.send(`(* ${i + 2} 1001)\r(* ${i + 2} `);
      await pause(3);
      at.send('10001)\r');
      const shown = [1001, 10001].map((factor) => `=> ${(i + 2) * factor}\n`);
      await at.until(({ everything }) => shown.every((text) => everything.split(text).length === 2));
    }
  });

  test.each([0, 3, 10, 30])('Ctrl-D %i ms behind Enter leaves when the evaluation has ended', async (delay) => {
    const at = await start();
    at.send('(begin (display "slow") (car (map (lambda (x) (* x x)) (range 0 20000))))\r');
    await pause(delay);
    at.send(CTRL('D'));
    expect(await at.ended).toBe(0);
    expect(at.raw).toContain('slow=> 0');
  });

  test.each([
    ['reading', '(read-line (open-input-file "pipe"))'],
    ['writing', '(open-output-file "pipe")'],
  ])('Ctrl-C ends %s a named pipe that has no other end, and what was printed is seen', async (_, form) => {
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    const at = await start();
    at.send(`(begin (display "name? ") ${form})\r`);
    await at.until(({ screen }) => screen.endsWith('\nname?'));
    at.send(CTRL('C'));
    await at.until(({ screen }) => screen.endsWith('interrupted\neta>'));
  });

  test('actors live on between submissions, survive Ctrl-C, and end with the prompt', async () => {
    writeFileSync(
      join(folder, 'echo.eta'),
      "(let loop () (send! (current-mailbox) (list 'echo (recv! (current-mailbox) 'wait))) (loop))",
    );
    const at = await start({ rows: 60 });
    await enter(at, '(define child (spawn "echo.eta"))');
    await enter(at, '(send! child "one")');
    await enter(at, "(recv! child 'wait)");
    await at.until(({ screen }) => screen.includes('=> (echo "one")'));
    await enter(
      at,
      "(define t (spawn-thread (lambda () (send! (current-mailbox) (* 2 (recv! (current-mailbox) 'wait))))))",
    );
    at.send("(recv! t 'wait)\r");
    await at.until(({ raw }) => raw.endsWith('\x1b[?2004l'));
    at.send(CTRL('C'));
    await at.until(({ screen }) => screen.endsWith('interrupted\neta>'));
    await enter(at, '(send! t 21)');
    await enter(at, "(recv! t 'wait)");
    await at.until(({ screen }) => screen.includes('=> 42'));
    await enter(at, '(send! child "two")');
    await enter(at, "(recv! child 'wait)");
    await at.until(({ screen }) => screen.includes('=> (echo "two")'));
    await enter(at, ':actors');
    const pid = () => Number(/process (\d+) +running +echo\.eta\b(?![\s\S]*process \d)/.exec(at.screen)?.[1]);
    const first = pid();
    expect(() => process.kill(first, 0)).not.toThrow();
    await enter(at, ':reset');
    expect(() => process.kill(first, 0)).toThrow(/ESRCH/);
    await enter(at, '(define child (spawn "echo.eta"))');
    await enter(at, ':actors');
    const second = pid();
    expect(() => process.kill(second, 0)).not.toThrow();
    at.send(CTRL('D'));
    expect(await at.ended).toBe(0);
    expect(() => process.kill(second, 0)).toThrow(/ESRCH/);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s at the prompt leaves the terminal as it was', async (signal, status) => {
    const at = await start();
    process.kill(at.pid, signal);
    expect(await at.ended).toBe(status);
    expect(at.raw.endsWith('\x1b[?2004l')).toBe(true);
  });

  test('results are cut to items and depth, and broken to the width; :full shows all', async () => {
    const at = await start({ columns: 40, rows: 60 });
    await enter(at, '(range 0 12)');
    await enter(at, '(map (lambda (i) (list i "abcdefgh")) (range 0 4))');
    expect(at.screen.split('\n').slice(4)).toEqual([
      'eta> (range 0 12)',
      '=> (0 1 2 3 4 5 6 7 8 9 10 11)',
      'eta> (map (lambda (i) (list i "abcdefgh"',
      ')) (range 0 4))',
      '=> ((0 "abcdefgh") (1 "abcdefgh")',
      '    (2 "abcdefgh") (3 "abcdefgh"))',
      'eta>',
    ]);
    await enter(at, '(range 0 200)');
    expect(at.screen).toMatch(/98\s+99 …\)\n {3}\(cut at …; :full shows all\)\neta>$/);
    await enter(at, ':full');
    expect(at.everything.replaceAll('\n', '')).toMatch(/196 197 198 199\)eta>$/);
  });
});

describe.skipIf(!hasTerminals)('terminals of other kinds', () => {
  test('of 20 columns, and one that is resized', async () => {
    const at = await start({ columns: 20, rows: 12 });
    at.send('(define (long-name x) (* x 2))');
    await at.until(({ screen }) => screen.includes('x 2))'));
    expect(at.screen.split('\n').slice(-2)).toEqual(['eta> (define (long-n', 'ame x) (* x 2))']);
    at.resize(30, 12);
    at.send(' ; more');
    await at.until(({ screen }) => screen.endsWith('; more'));
    expect(at.screen.split('\n').slice(-2)).toEqual(['eta> (define (long-name x) (*', 'x 2)) ; more']);
  });

  test('an input that fills its row leaves no empty one behind', async () => {
    const at = await start({ columns: 20, rows: 12 });
    await enter(at, '(list "12345678")');
    await enter(at, '"1234567890123"');
    expect(at.screen.split('\n').slice(-6)).toEqual([
      'eta> (list "12345678',
      '")',
      '=> ("12345678")',
      'eta> "1234567890123"',
      '=> "1234567890123"',
      'eta>',
    ]);
  });

  test('with wide characters', async () => {
    const at = await start({ columns: 20, rows: 10 });
    at.send('"日本語日本語日本語"');
    await at.until(({ screen }) => screen.endsWith('本語"'));
    expect(at.screen.split('\n').slice(-2)).toEqual(['eta> "日本語日本語日', '本語"']);
    at.send(`${LEFT}${LEFT}x`);
    await at.until(({ screen }) => screen.endsWith('本x語"'));
  });

  test('with NO_COLOR: the cursor visits the bracket that belongs to the one that was typed', async () => {
    const at = await start({ env: { NO_COLOR: '1' } });
    at.send('(list 1)');
    // In what has been written, since the screen shows it for a moment only: paint, cursor at the column.
    const visits = /\(list 1\)\x1b\[K\x1b\[J\r\x1b\[5C[\s\S]*\(list 1\)\x1b\[K\x1b\[J\r\x1b\[13C\x1b\[\?25h$/;
    await at.until(({ raw }) => visits.test(raw));
  });

  test('with NO_COLOR: no colours', async () => {
    const at = await start({ env: { NO_COLOR: '1' } });
    await enter(at, '(list "a" 1)');
    await enter(at, '(car 5)');
    expect(at.raw).not.toMatch(/\x1b\[[0-9;]*m/);
  });

  test('with TERM=dumb: lines, prompts, and nothing else', async () => {
    const at = await start({ env: { TERM: 'dumb' } });
    at.send('(+ 1\r');
    await at.shows('...');
    at.send('2)\r');
    await at.shows('=> 3\neta>');
    at.send(`(car${CTRL('C')}`);
    await at.shows('^C\neta>');
    at.send('(begin (println (+ 1234 1)) (let loop () (loop)))\r');
    await at.shows('\n1235');
    at.send(CTRL('C'));
    await at.shows('interrupted\neta>');
    expect(at.raw).not.toContain('\x1b');
    at.send(CTRL('D'));
    expect(await at.ended).toBe(0);
  });
});

describe.skipIf(!hasTerminals)('the history', () => {
  const historyIn = (home: string) => ({ env: { HOME: home, ETA_HISTORY: undefined } });
  const home = () => mkdtempSync(join(folder, 'home-'));

  test('comes back, with entries of several lines', async () => {
    const at = home();
    const first = await start(historyIn(at));
    first.send(`(list 1${ALT_ENTER}2)\r`);
    await first.until(({ screen }) => screen.endsWith('=> (1 2)\neta>'));
    await enter(first, '"back\\\\slash"');
    await first.close();
    expect(readFileSync(join(at, '.eta', 'history'), 'utf8')).toBe('(list 1\\n      2)\n"back\\\\\\\\slash"\n');
    const second = await start(historyIn(at));
    second.send(UP);
    await second.until(({ screen }) => screen.endsWith('eta> "back\\\\slash"'));
    second.send(UP);
    await second.until(({ screen }) => screen.includes('(list 1'));
    second.send(DOWN + DOWN);
    await second.until(({ screen }) => screen.endsWith('eta> "back\\\\slash"'));
  });

  test('is searched with Ctrl-R', async () => {
    const at = await start(historyIn(home()));
    await enter(at, '(define alpha 1)');
    await enter(at, '(define beta 2)');
    await enter(at, '(+ 1 1)');
    at.send(`${CTRL('R')}def`);
    await at.until(({ screen }) => screen.endsWith('eta> (define beta 2)\nsearch: def'));
    at.send(CTRL('R'));
    await at.until(({ screen }) => screen.endsWith('eta> (define alpha 1)\nsearch: def'));
    at.send('zzz');
    await at.until(({ screen }) => screen.endsWith('search: defzzz  (not found)'));
    at.send(`${CTRL('G')}${CTRL('R')}beta\r`);
    await at.until(({ screen }) => screen.endsWith('eta> (define beta 2)\neta>'));
  });

  test('of two prompts at once is that of both', async () => {
    const at = home();
    const one = await start(historyIn(at));
    const two = new TerminalProgram([process.execPath, ETAI, 'repl'], { cwd: folder, ...historyIn(at) });
    try {
      await two.shows('eta>');
      for (let i = 0; i < 3; i++) {
        await enter(one, `"one-${i}"`);
        await enter(two, `"two-${i}"`);
      }
    } finally {
      await two.close();
    }
    const lines = readFileSync(join(at, '.eta', 'history'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.sort()).toEqual(['"one-0"', '"one-1"', '"one-2"', '"two-0"', '"two-1"', '"two-2"']);
  });

  test('that is damaged is told once, and what is sound is kept', async () => {
    const at = home();
    mkdirSync(join(at, '.eta'));
    writeFileSync(join(at, '.eta', 'history'), Buffer.concat([Buffer.from([0, 255, 10]), Buffer.from('(sound)\n')]));
    const prompt = await start(historyIn(at));
    expect(prompt.screen).toContain('1 damaged entry of');
    prompt.send(UP);
    await prompt.until(({ screen }) => screen.includes('eta> (sound)'));
  });

  test('that cannot be kept is told once', async () => {
    const at = home();
    writeFileSync(join(at, '.eta'), 'a file, where a folder should be');
    const prompt = await start(historyIn(at));
    await enter(prompt, '(+ 1 2)');
    await enter(prompt, '(+ 1 3)');
    expect(prompt.everything.match(/the history is not kept/g)).toHaveLength(1);
    expect(prompt.screen).toContain('=> 4');
  });
});

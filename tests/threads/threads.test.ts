// Thread actors as programs meet them: bin/etai in a process of its own. (`npm test` builds it first.)
//
// The status of every process is compared: a worker that is torn down badly would show there.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-threads-')));
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = () => ({
  ...process.env,
  XDG_RUNTIME_DIR: join(folder, 'run'),
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  ETA_MODULE_PATH: undefined,
});

/** Run a program with these files beside it. */
function run(program: string, files: Readonly<Record<string, string>> = {}) {
  for (const [name, text] of Object.entries({ ...files, 'main.eta': program })) writeFileSync(join(folder, name), text);
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [ETAI, 'main.eta'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 110_000,
    env: environment(),
  });
  return { stdout, stderr, status: status ?? signal };
}

/** What every program begins with. `(ask thunk)`: the first message of a thread that runs thunk; `(end t)`: its end. */
const PRELUDE = `
(define (me) (current-mailbox))
(define (brief r) (if (and (pair? r) (eq? (car r) 'runtime-error)) (list (cadr r) (caddr r)) r))
(define (end t) (let ((r (brief (catch (recv! t 'wait))))) (thread-join t) (nng-close t) r))
(define (ask thunk) (let* ((t (spawn-thread thunk)) (r (recv! t 'wait))) (end t) r))
`;

// [program, standard output]
const CONVERSATIONS = [
  [`(println (ask (lambda () (send! (me) (list 'hello (nng-socket? (me)) (eq? (me) (me)))))))`, '(hello #t #t)'],
  [
    `(define t (spawn-thread (lambda () (let loop () (let ((m (recv! (me) 'wait))) (when m (send! (me) (* 2 m)) (loop)))))))
     (println (map (lambda (n) (send! t n) (recv! t)) '(1 2 3))) (println (thread-alive? t)) (nng-close t)
     (println (list (thread-join t) (thread-join t) (thread-alive? t)))`,
    '(2 4 6)\n#t\n(0 0 #f)',
  ],
  // the parent closes: what was sent first is received first, then #f for good
  [
    `(define out (nng-socket 'pull)) (nng-listen out "inproc://closing")
     (define t (spawn-thread (lambda () (let ((s (nng-socket 'push))) (nng-dial s "inproc://closing") (send! s 'up)
       (let loop ((l '())) (let ((m (recv! (me) 'wait))) (if m (loop (cons m l)) (send! s (list l (recv! (me)) (recv! (me) 'wait))))))))))
     (recv! out 'wait) (send! t 1) (send! t 2) (nng-close t) (println (recv! out 'wait))`,
    '((2 1) #f #f)',
  ],
  // the end of a thread, after its messages
  [
    `(define t (spawn-thread (lambda () (send! (me) 1) (send! (me) 2)))) (println (list (recv! t 'wait) (recv! t 'wait) (recv! t 'wait) (recv! t) (recv! t 'noblock)))`,
    '(1 2 #f #f #f)',
  ],
  [
    `(define t (spawn-thread (lambda () (send! (me) 'word)))) (thread-join t) (println (list (recv! t) (recv! t)))`,
    '(word #f)',
  ],
  // more words than any queue holds, to a parent that only joins
  [
    `(define t (spawn-thread (lambda () (let loop ((i 0)) (when (< i 1000) (send! (me) i 'wait) (loop (+ i 1)))))))
     (thread-join t) (let loop ((sum 0)) (let ((m (recv! t))) (if m (loop (+ sum m)) (println sum))))`,
    '499500',
  ],
  // exit ends the actor only
  [`(println (end (spawn-thread (lambda () (exit)))))`, '#f'],
  [
    `(println (end (spawn-thread (lambda () (exit 3)))))`,
    '(nng-error nng-error: peer process exited abnormally (exit code 3))',
  ],
  [
    `(println (end (spawn-thread (lambda () (dynamic-wind (lambda () 1) (lambda () (exit)) (lambda () (send! (me) 'after)))))))`,
    'after',
  ],
  // what is no thread
  [`(define s (nng-socket 'pair)) (println (list (thread-join s) (thread-alive? s)))`, '(#f #f)'],
  [`(define t (spawn-thread (lambda () 1))) (println (list (spawn-wait t) (spawn-kill t))) (end t)`, '(#f #f)'],
  // threads of threads, and their endpoints
  [
    `(println (ask (lambda () (let ((t (spawn-thread (lambda () (send! (me) (* 2 (recv! (me) 'wait))))))) (send! t 21) (send! (me) (list 'outer (recv! t 'wait)))))))`,
    '(outer 42)',
  ],
  // a thread does not wait for those that it has started
  [`(println (end (spawn-thread (lambda () (spawn-thread (lambda () (recv! (me) 'wait)))))))`, '#f'],
  // a monitored thread is told of once, and nng-poll agrees
  [
    `(define t (spawn-thread (lambda () 'done))) (monitor t) (println (map (lambda (s) (eq? s t)) (nng-poll (list t) 10000)))
     (define d (recv! t)) (println (list (car d) (caddr d) (recv! t) (nng-poll (list t) 50)))`,
    '(#t)\n(down disconnected #f ())',
  ],
  // sending to a thread that has ended
  [
    `(define t (spawn-thread (lambda () 1))) (thread-join t)
     (println (list (cadr (catch (send! t 1))) (caddr (catch (send! t 1 'wait))) (send! t 1 'noblock)))`,
    '(nng-error nng-error: Connection shutdown #f)',
  ],
  // a handle that was closed at once
  [
    `(define t (spawn-thread (lambda () (recv! (me) 'wait)))) (nng-close t) (println (list (thread-join t) (thread-alive? t)))`,
    '(0 #f)',
  ],
  // text and large values
  [`(println (string-length (ask (lambda () (send! (me) (make-string 3000000 #\\a))))))`, '3000000'],
  [`(println (ask (lambda () (send! (me) '(a "b" #\\c) 'text))))`, '(a b c)'],
] as const;

describe('a thread actor', () => {
  test.each(CONVERSATIONS)('%s', (program, printed) => {
    expect(run(PRELUDE + program)).toEqual({ stdout: `${printed}\n`, stderr: '', status: 0 });
  });

  test('prints its uncaught error, and its parent gets it', () => {
    const { stdout, stderr, status } = run(`${PRELUDE}
(define (f x) (car x))
(define t (spawn-thread (lambda ()
  (send! (me) 'before)
  (f 5))))
(println (recv! t 'wait))
(println (brief (catch 'nng-error (recv! t 'wait))))
(println (brief (catch 'runtime.internal-error (recv! t))))
(println (list (thread-join t) (thread-alive? t)))`);
    const error = '(nng-error nng-error: peer thread failed: car: not a pair)';
    expect(stdout).toBe(`before\n${error}\n${error}\n(0 #f)\n`);
    expect(stderr).toContain('error [main.eta:7:15-7:22]: car: not a pair\n');
    expect(stderr).toContain('at f (main.eta:7:15)');
    expect(status).toBe(0);
  });

  test('fails on its own when its memory is at its end', () => {
    const { stdout, status } = run(`${PRELUDE}
(define t (spawn-thread (lambda () (let loop ((l '())) (loop (cons (make-vector 100 0) l))))))
(println (caddr (catch 'nng-error (recv! t 'wait))))
(println (ask (lambda () (send! (me) 'fine))))`);
    expect(stdout).toMatch(/^nng-error: peer thread failed: .*\nfine\n$/);
    expect(status).toBe(0);
  });
});

// [call, message]; the tag is runtime.type-error
const REFUSALS = [
  ['(spawn-thread 42)', 'spawn-thread: argument must be a 0-argument closure (thunk)'],
  ['(spawn-thread 3.0)', 'spawn-thread: argument must be a 0-argument closure (thunk)'],
  ['(spawn-thread "x")', 'spawn-thread: argument must be a 0-argument closure (thunk)'],
  ["(spawn-thread 'x)", 'spawn-thread: argument must be a 0-argument closure (thunk)'],
  ["(spawn-thread '())", 'spawn-thread: argument must be a 0-argument closure (thunk)'],
  ["(spawn-thread '(1))", 'spawn-thread: argument must be a closure (thunk)'],
  ['(spawn-thread car)', 'spawn-thread: argument must be a closure (thunk)'],
  ['(spawn-thread map)', 'spawn-thread: argument must be a closure (thunk)'],
  ['(spawn-thread (lambda (x) x))', 'spawn-thread: thunk must take 0 arguments (arity=1)'],
  ['(spawn-thread (lambda args args))', 'spawn-thread: thunk must take 0 arguments (arity=0)'],
  ['(spawn-thread (lambda (a b . c) c))', 'spawn-thread: thunk must take 0 arguments (arity=2)'],
  ["(spawn-thread-with 'x 'f)", 'spawn-thread-with: first argument must be a module-path string'],
  ['(spawn-thread-with "x.eta" "f")', 'spawn-thread-with: second argument must be a symbol (function name)'],
  ['(thread-join 1)', 'thread-join: expected an nng-socket'],
  ["(thread-alive? '())", 'thread-alive?: expected an nng-socket'],
] as const;

test('the thread primitives check their arguments', () => {
  const calls = REFUSALS.map(([call]) => `(println (let ((e (catch 'runtime.type-error ${call}))) (caddr e)))`);
  expect(run(calls.join('\n')).stdout).toBe(REFUSALS.map(([, message]) => `${message}\n`).join(''));
});

test('an argument that cannot travel is refused by its number', () => {
  const program = `(println (caddr (catch 'nng-error (spawn-thread-with "w.eta" 'f 1 (list 2 car)))))`;
  const message = 'nng-error: cannot send non-serializable value: spawn-thread-with.arg[1].cdr.car: Primitive';
  expect(run(program).stdout).toBe(`${message}\n`);
});

describe('spawn-thread-with', () => {
  const MODULE = `
(module first (export f) (begin (define (f) (send! (current-mailbox) 'first))))
(module w (export f (rename hidden shown)) (import std.io)
  (begin
    (println (list 'body (nng-socket? (current-mailbox))))
    (define (hidden) (send! (current-mailbox) 'renamed))
    (define (inner a) (send! (current-mailbox) (list 'inner a)))
    (define (f . args) (send! (current-mailbox) (cons 'exported args)))))`;
  const BARE = `(define (f x) (send! (current-mailbox) (list 'bare x)))`;
  const FILES = { 'w.eta': MODULE, 'bare.eta': BARE, 'broken.eta': '(define (f) (nonsense))' };

  // [call, what recv! gives or its error's message]
  test.each([
    [`"w.eta" 'f 1 "two" '(3) (vector 4)`, '(body #t)\n(exported 1 two (3) #(4))\n'],
    [`"w.eta" 'inner 'x`, '(body #t)\n(inner x)\n'],
    [`"w.eta" 'shown`, '(body #t)\nrenamed\n'],
    [`"bare.eta" 'f 7`, '(bare 7)\n'],
    [`"./w.eta" 'f`, '(body #t)\n(exported)\n'],
  ])('%s', (call, stdout) => {
    const program = `${PRELUDE}(define t (spawn-thread-with ${call})) (println (brief (catch (recv! t 'wait)))) (end t)`;
    expect(run(program, FILES)).toEqual({ stdout, stderr: '', status: 0 });
  });

  test.each([
    [`"none.eta" 'f`, 'spawn-thread-with: file not found: '],
    [`"bare.eta" 'g`, 'bare.eta has no function g'],
    [`"bare.eta" 'f`, 'call_value: expected 1 argument(s), got 0'],
    [`"broken.eta" 'f`, 'nonsense'],
  ])('%s fails in the thread: %s', (call, message) => {
    const program = `${PRELUDE}(define t (spawn-thread-with ${call})) (println (caddr (catch 'nng-error (recv! t 'wait)))) (println (thread-join t))`;
    const { stdout, stderr, status } = run(program, FILES);
    const [told, joined] = stdout.split('\n');
    expect(told).toContain('nng-error: peer thread failed: ');
    expect(told).toContain(message);
    expect(joined).toBe('0');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('file 0'); // a place that is none
    expect(status).toBe(0);
  });

  test('finds its file beside the program, and modules beside the file', () => {
    mkdirSync(join(folder, 'sub'), { recursive: true });
    writeFileSync(join(folder, 'sub', 'helper.eta'), '(module helper (export h) (begin (define (h) 42)))');
    writeFileSync(
      join(folder, 'sub', 'worker.eta'),
      '(module worker (import helper) (begin (define (go) (send! (current-mailbox) (h)))))',
    );
    writeFileSync(
      join(folder, 'sub', 'prog.eta'),
      `(define t (spawn-thread-with "worker.eta" 'go)) (println (recv! t 'wait))`,
    );
    const { stdout } = spawnSync(process.execPath, [ETAI, 'sub/prog.eta'], {
      cwd: folder,
      encoding: 'utf8',
      env: environment(),
    });
    expect(stdout).toBe('42\n');
  });
});

const FIFTY = `${PRELUDE}
(define (start n) (spawn-thread (lambda () (send! (me) n) (recv! (me) 'wait) (println "woken"))))
(define (starts n) (if (= n 0) '() (cons (start n) (starts (- n 1)))))
(define ts (starts 50))
(println (apply + (map (lambda (t) (recv! t 'wait)) ts)))`;

describe('the end of the program', () => {
  test.each([
    ['returning', '', 0],
    ['failing', '(car 5)', 1],
    ['exiting', '(exit 7)', 7],
  ])('does not wait for 50 threads that wait for messages: %s', (_, last, status) => {
    expect(run(`${FIFTY}\n${last}`)).toMatchObject({ stdout: '1275\n', status });
  });

  test.each([
    ['computes', '(let loop () (loop))'],
    ['waits for a stranger', '(let ((s (nng-socket \'pull))) (nng-listen s "inproc://nobody") (recv! s \'wait))'],
    ['sleeps', '(time:sleep-ms 100000)'],
    ['is only starting', '1'],
  ])('does not wait for a thread that %s', (_, body) => {
    expect(run(`(import std.time) (spawn-thread (lambda () ${body})) (println "end")`)).toEqual({
      stdout: 'end\n',
      stderr: '',
      status: 0,
    });
  });

  test('Ctrl-C lets the after-thunks of threads run', async () => {
    writeFileSync(
      join(folder, 'main.eta'),
      `${PRELUDE}
(define (start name body)
  (spawn-thread (lambda () (dynamic-wind (lambda () (send! (me) name)) body (lambda () (println (list name 'after)))))))
(define ts (list (start 'wait (lambda () (recv! (me) 'wait))) (start 'compute (lambda () (let loop () (loop))))))
(for-each (lambda (t) (recv! t 'wait)) ts)
(dynamic-wind
  (lambda () 1)
  (lambda () (println 'ready) (flush-output) (let loop () (loop)))
  (lambda () (println '(main after))))`,
    );
    const child = spawn(process.execPath, [ETAI, 'main.eta'], { cwd: folder, env: environment() });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (stdout === '') child.kill('SIGINT');
      stdout += text;
    });
    const killer = setTimeout(() => child.kill('SIGKILL'), 100_000);
    const status = await new Promise((done) => child.on('close', done));
    clearTimeout(killer);
    expect(stdout.split('\n').sort()).toEqual(['', '(compute after)', '(main after)', '(wait after)', 'ready']);
    expect(status).toBe(130);
  });
});

test('nothing is left of 60 threads', () => {
  const { stdout, status } = run(`(import std.fs) (import std.time)
(define (count dir) (length (fs:list-directory dir)))
(define (once) (let ((t (spawn-thread (lambda () (send! (current-mailbox) 1))))) (recv! t 'wait) (thread-join t) (nng-close t)))
(define (go n) (when (> n 0) (once) (go (- n 1))))
(define (counts) (list (count "/proc/self/fd") (count "/proc/self/task")))
; A worker that is just ending, or a spare one that is just starting, may be counted or not.
(define (settle before n)
  (let ((now (counts)))
    (if (and (< (car now) (+ (car before) 20)) (< (cadr now) (+ (cadr before) 6)))
        'settled
        (if (= n 0) (list before now) (begin (time:sleep-ms 100) (settle before (- n 1)))))))
(go 5) (define before (counts)) (go 60) (println (settle before 300))`);
  expect({ stdout, status }).toEqual({ stdout: 'settled\n', status: 0 });
});

test('last words are never lost', () => {
  const { stdout, status } = run(`
(define (start n) (spawn-thread (lambda () (let loop ((i 0)) (when (< i n) (send! (current-mailbox) i) (loop (+ i 1)))))))
(define (collect t k) (if (eqv? (recv! t 'wait) k) (collect t (+ k 1)) k))
(define (go i) (when (> i 0) (let* ((n (modulo i 4)) (t (start n))) (if (= (collect t 0) n) 'ok (println (list 'lost n))) (nng-close t) (go (- i 1)))))
(go 40) (println 'done)`);
  expect({ stdout, status }).toEqual({ stdout: 'done\n', status: 0 });
});

test('no socket folder is left by threads that spawned', () => {
  const { status } = run(
    `(define t (spawn-thread (lambda () (let ((p (spawn "child.eta"))) (send! (current-mailbox) (recv! p 'wait)) (recv! (current-mailbox) 'wait)))))
     (println (recv! t 'wait))`,
    { 'child.eta': `(send! (current-mailbox) 'up) (recv! (current-mailbox) 'wait)` },
  );
  expect(status).toBe(0);
  expect(readdirSync(join(folder, 'run'))).toEqual([]);
});

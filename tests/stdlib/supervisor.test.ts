// Supervision as programs meet it: bin/etai, with real processes and threads. (`npm test` builds it first.)
//
// Every program runs with its children as processes and again as threads, prints the same, and leaves no process, no file
// and nothing on standard error. Order is asserted, and least times; never that something was quick.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const ETAI = path.resolve(import.meta.dirname, '..', '..', 'bin', 'etai');
/** A variable that the processes of this file inherit and no other process has. */
const MARK = 'ETA_SUPERVISOR_RUN';

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'eta-supervisor-')));
  for (const name of ['run', 'tmp']) mkdirSync(path.join(folder, name), { mode: 0o700 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Processes of this file that still exist. Known only where there is a /proc; elsewhere none. */
function survivors(): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${folder}`);
    } catch {
      return false; // ended meanwhile, or another user's
    }
  });
}

const leftFiles = (): string[] => ['run', 'tmp'].flatMap((name) => readdirSync(path.join(folder, name)));

/** What every program and every child begins with. */
const COMMON = `
(import std.supervisor std.time)
(define (say . words) (apply println words) (flush-output))
(define mb (current-mailbox))

;; What a child does. A server does what it is told until its handle is closed.
(define (work name order)
  (case order
    ((serve) (send! (current-mailbox) 'up) (serve) (say name "ends"))
    ((slow) (send! (current-mailbox) 'up) (serve) (nng-poll '() 300) (say name "ends at last"))
    ((deaf) (send! (current-mailbox) 'up) (let loop () (time:sleep-ms 10) (loop)))
    ((crash) (exit 1))))
(define (serve)
  (let ((m (recv! (current-mailbox) 'wait)))
    (when m
      (case m ((crash) (exit 1)) ((finish) (exit 0)) (else (serve))))))
`;

const WORKER = `${COMMON}
(let ((order (recv! mb 'wait)))
  (when order (work (car order) (cadr order))))
`;

/** How a child is started. */
const LAUNCH = {
  process: `(define (launch name order) (let ((w (spawn "worker.eta"))) (send! w (list name order)) w))`,
  thread: `(define (launch name order) (spawn-thread (lambda () (work name order))))`,
} as const;

/**
 * `(run supervise specs steps option …)`: supervise and say what happens. The steps are a list N action N action …: after
 * N more children have said that they are up, `(action leave)` is called.
 */
const DRIVER = `
(define handles '())
(define (handle-of name) (cdr (assoc name handles)))
(define (started name thunk)
  (lambda ()
    (let ((w (thunk)))
      (set! handles (cons (cons name w) handles))
      w)))
(define (child name order . options) (cons name (cons (started name (lambda () (launch name order))) options)))
(define (server name . options) (apply child name 'serve options))
(define (tell name message) (lambda (leave) (send! (handle-of name) message)))
(define (quit leave) (leave 'left))
(define (run supervise specs steps . options)
  (let ((ups 0))
    (define (up! leave)
      (set! ups (+ ups 1))
      (when (and (pair? steps) (= ups (car steps)))
        (let ((action (cadr steps)))
          (set! steps (cddr steps))
          (set! ups 0)
          (action leave))))
    (say (call/cc (lambda (leave)
      (supervise specs
        (cons (cons 'on-event
                    (lambda (event)
                      (case (car event)
                        ((message) (up! leave))
                        ((down restarted) (say event)))))
              options)))))))
(define abc (list (server 'a) (server 'b) (server 'c)))
`;

function run(program: string, files: Readonly<Record<string, string>> = {}) {
  const all = { 'worker.eta': WORKER, ...files, 'main.eta': program };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [ETAI, 'main.eta'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...process.env,
      NO_COLOR: '1',
      ETA_MODULE_PATH: undefined,
      XDG_RUNTIME_DIR: path.join(folder, 'run'),
      TMPDIR: path.join(folder, 'tmp'),
      [MARK]: folder,
    },
  });
  return { stdout, stderr, status: status ?? signal };
}

const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
const cleanRun = (...texts: readonly string[]) => ({ stdout: lines(...texts), stderr: '', status: 0 });

const EXIT_1 = 'nng-error: peer process exited abnormally (exit code 1)';

// [what it shows, program, lines of output]
const PROGRAMS: readonly (readonly [string, string, readonly string[]])[] = [
  // ---- strategies; in each, children end in reverse order
  [
    'one-for-one starts the crashed child again, and no other',
    `(run one-for-one abc (list 3 (tell 'b 'crash) 1 quit))`,
    [`(down b ${EXIT_1})`, '(restarted b)', 'c ends', 'b ends', 'a ends', 'left'],
  ],
  [
    'one-for-all starts all again',
    `(run one-for-all abc (list 3 (tell 'b 'crash) 3 quit))`,
    [
      `(down b ${EXIT_1})`,
      'c ends',
      'a ends',
      '(restarted a)',
      '(restarted b)',
      '(restarted c)',
      'c ends',
      'b ends',
      'a ends',
      'left',
    ],
  ],
  [
    'rest-for-one starts the crashed child and the later ones again',
    `(run rest-for-one abc (list 3 (tell 'b 'crash) 2 (tell 'c 'finish) 1 quit))`,
    [
      `(down b ${EXIT_1})`,
      'c ends',
      '(restarted b)',
      '(restarted c)',
      '(down c normal)',
      '(restarted c)',
      'c ends',
      'b ends',
      'a ends',
      'left',
    ],
  ],

  // ---- restart types
  [
    'a permanent child is started again after a normal end',
    `(run one-for-one (list (server 'a)) (list 1 (tell 'a 'finish) 1 quit))`,
    ['(down a normal)', '(restarted a)', 'a ends', 'left'],
  ],
  [
    'a transient child is started again after a crash only',
    `(run one-for-one (list (server 'a '(restart . transient))) (list 1 (tell 'a 'crash) 1 (tell 'a 'finish)))`,
    [`(down a ${EXIT_1})`, '(restarted a)', '(down a normal)', 'done'],
  ],
  [
    'a temporary child is never started again',
    `(run one-for-one (list (server 'a '(restart . temporary))) (list 1 (tell 'a 'crash)))`,
    [`(down a ${EXIT_1})`, 'done'],
  ],
  [
    'the crash of a temporary child leaves its group alone',
    `(define ups 0)
     (define (on-event event)
       (case (car event)
         ((message)
          (set! ups (+ ups 1))
          (if (= ups 2) (send! (handle-of 'b) 'crash)))
         ((down)
          (say event)
          (if (eq? (cadr event) 'b) (send! (handle-of 'a) 'finish)))
         ((restarted) (say event))))
     (say (one-for-all (list (server 'a '(restart . transient)) (server 'b '(restart . temporary)))
                       (list (cons 'on-event on-event))))`,
    [`(down b ${EXIT_1})`, '(down a normal)', 'done'],
  ],
  [
    'a group restart ends temporary children for good, and starts finished ones again',
    `(run one-for-all (list (server 'a '(restart . transient)) (server 'b) (server 'c '(restart . temporary)))
       (list 3 (lambda (leave) ((tell 'b 'crash) leave)) 2 quit))`,
    [`(down b ${EXIT_1})`, 'c ends', 'a ends', '(restarted a)', '(restarted b)', 'b ends', 'a ends', 'left'],
  ],
  ['nothing to supervise', `(run one-for-one '() '()) (say (rest-for-one '()))`, ['done', 'done']],

  // ---- intensity and back-off
  [
    'too many restarts end the supervisor, and its children',
    `(define starts 0)
     (define (crasher) (set! starts (+ starts 1)) (launch 'x 'crash))
     (define (b) (let ((w (launch 'b 'serve))) (recv! w 'wait) w))
     (say (catch 'supervisor-shutdown
       (rest-for-one (list (list 'b b) (list 'x crasher)) '((max-restarts . 2) (max-seconds . 600)))))
     (say starts)
     (say (catch 'supervisor-shutdown (one-for-one (list (list 'x crasher)) '((max-restarts . 0)))))
     (say starts)`,
    ['b ends', '(too-many-restarts x)', '3', '(too-many-restarts x)', '4'],
  ],
  [
    'restarts that are long ago do not count',
    `(run one-for-one (list (server 'a '(restart . transient)))
       (list 1 (tell 'a 'crash) 1 (tell 'a 'crash) 1 (tell 'a 'crash) 1 (tell 'a 'finish))
       '(max-restarts . 1) '(max-seconds . 0))`,
    [...[1, 2, 3].flatMap(() => [`(down a ${EXIT_1})`, '(restarted a)']), '(down a normal)', 'done'],
  ],
  [
    'a child that crashes again and again has to wait, longer and longer',
    `(define (waits . options)
       (let ((at 0) (waited '()))
         (call/cc (lambda (leave)
           (one-for-one (list (list 'x (lambda () (launch 'x 'crash))))
             (cons (cons 'on-event
                         (lambda (event)
                           (case (car event)
                             ((down) (set! at (%time-monotonic-ms)))
                             ((restarted)
                              (set! waited (cons (- (%time-monotonic-ms) at) waited))
                              (when (= (length waited) 3) (leave (reverse waited)))))))
                   options))))
         (reverse waited)))
     (define (at-least? waited least) (apply and-all (map2 >= waited least)))
     (define (and-all . truths) (equal? truths (map (lambda (t) #t) truths)))
     (say (at-least? (waits) '(0 49 99)) (at-least? (waits '(backoff-ms . 20)) '(19 39 79)))`,
    ['#t #t'],
  ],
  [
    'a child that cannot be started again is tried again',
    `(define failures 2)
     (define (start)
       (if (and (pair? handles) (> failures 0))
           (begin (set! failures (- failures 1)) (error "no room" failures))
           ((started 'a (lambda () (launch 'a 'serve))))))
     (run one-for-one (list (list 'a start)) (list 1 (tell 'a 'crash) 1 quit))`,
    [`(down a ${EXIT_1})`, '(down a no room)', '(down a no room)', '(restarted a)', 'a ends', 'left'],
  ],
  [
    'a child that hangs is found by its heartbeat',
    `(define (start)
       (let ((w ((started 'a (lambda () (launch 'a (if (null? handles) 'deaf 'serve)))))))
         (nng-set-option w 'recv-timeout 30000)
         (recv! w)
         (enable-heartbeat w 200)
         w))
     (call/cc (lambda (leave)
       (one-for-one (list (list 'a start '(shutdown-ms . 50)))
         (list (cons 'on-event (lambda (event) (say event) (if (eq? (car event) 'restarted) (leave 1))))))))`,
    ['(started a)', '(down a heartbeat-timeout)', '(restarted a)', 'a ends'],
  ],

  [
    'one that hangs is killed, however patient its specification is, and the others go on',
    `(define asked #f)
     (define (start)
       (let ((w ((started 'a (lambda () (launch 'a (if (null? handles) 'deaf 'serve)))))))
         (nng-set-option w 'recv-timeout 30000)
         (recv! w)
         (enable-heartbeat w 200)
         w))
     (call/cc (lambda (leave)
       (one-for-one (list (list 'a start '(shutdown-ms . infinity)))
         (list (cons 'on-event (lambda (event) (say event) (if (eq? (car event) 'restarted) (leave 1))))))))`,
    ['(started a)', '(down a heartbeat-timeout)', '(restarted a)', 'a ends'],
  ],

  // ---- shutdown
  [
    'questions are answered while a child takes its time to end',
    `(define (slow-a) (launch 'a 'slow))
     (define (once) (launch 'b 'serve))
     (define asker
       (spawn-thread (lambda ()
         (let loop ((seen '()))
           (let ((states (map cadr (which-children "inproc://slow"))))
             (if (equal? states '(ended ended))
                 (send! (current-mailbox) (reverse (if (member states seen) seen (cons states seen))))
                 (loop (if (member states seen) seen (cons states seen)))))))))
     (define b #f)
     (define (start-b) (set! b (once)) b)
     (run one-for-all (list (child 'a 'slow '(shutdown-ms . infinity)) (list 'b start-b))
       (list 2 (lambda (leave) (send! b 'crash)) 2 (lambda (leave) (say (pair? (member '(ended ended) (recv! asker 'wait)))) (leave 'left)))
       '(endpoint . "inproc://slow"))`,
    [
      `(down b ${EXIT_1})`,
      'a ends at last',
      '(restarted a)',
      '(restarted b)',
      '#t',
      'b ends',
      'a ends at last',
      'left',
    ],
  ],
  [
    'a child that does not end in time is killed',
    `(run one-for-one (list (server 'a) (child 'b 'deaf '(shutdown-ms . 50)) (server 'c)) (list 3 quit))
     (say (thread-alive? (handle-of 'b)) (spawn-kill (handle-of 'b)) (spawn-wait (handle-of 'b)))`,
    ['c ends', 'a ends', 'left', '#f #f #f'],
  ],
  [
    'a child may take its time, or has none',
    `(run one-for-one (list (child 'a 'slow '(shutdown-ms . infinity)) (child 'b 'slow '(shutdown-ms . 20000))
                            (child 'd 'deaf '(shutdown-ms . brutal)))
       (list 3 quit))`,
    ['b ends at last', 'a ends at last', 'left'],
  ],

  // ---- ways out
  [
    'an error in on-event leaves the supervisor, and no child',
    `(say (catch 'enough
       (one-for-all (list (server 'a)) (list (cons 'on-event (lambda (event) (if (eq? (car event) 'message) (raise 'enough (caddr event)))))))))
     (say (thread-alive? (handle-of 'a)))`,
    ['a ends', 'up', '#f'],
  ],
  [
    'a child that cannot be started at first is the error of the call',
    `(define a (started 'a (lambda () (let ((w (launch 'a 'serve))) (recv! w 'wait) w))))
     (say (cadr (catch 'no-room (one-for-one (list (list 'a a) (list 'b (lambda () (raise 'no-room '(b 1)))))))))
     (say (thread-alive? (handle-of 'a)))`,
    ['a ends', '1', '#f'],
  ],
  [
    'one whose first start fails because it died is a crash like others, and leaves nothing',
    `(define failures 2)
     (define (start)
       (let ((w (launch 'a (if (> failures 0) 'crash 'serve))))
         (when (> failures 0)
           (set! failures (- failures 1))
           (launch 'stray 'serve)
           (recv! w 'wait)
           (recv! w 'wait))
         w))
     (run one-for-one (list (server 'x) (list 'a start)) (list 2 quit))
     (say (catch 'supervisor-shutdown
       (one-for-one (list (server 'x '(shutdown-ms . brutal)) (list 'a (lambda () (recv! (launch 'a 'crash) 'wait))))
                    '((max-restarts . 2)))))`,
    [`(down a ${EXIT_1})`, `(down a ${EXIT_1})`, '(restarted a)', 'a ends', 'x ends', 'left', '(too-many-restarts a)'],
  ],
  [
    'a thunk that gives no handle is the error of the call, first or later, and the others are ended',
    `(define (message-of thunk) (caddr (catch (thunk))))
     (say (message-of (lambda () (one-for-one (list (server 'a '(shutdown-ms . brutal)) (list 'b (lambda () 5)))))))
     (define starts 0)
     (define (start) (set! starts (+ starts 1)) (if (= starts 1) (launch 'b 'crash) 'oops))
     (say (message-of (lambda () (one-for-one (list (server 'c '(shutdown-ms . brutal)) (list 'b start))))))
     (say (map (lambda (h) (thread-alive? (cdr h))) handles) (map (lambda (h) (spawn-kill (cdr h))) handles))`,
    [
      'supervisor: the thunk of a child must return a handle b',
      'supervisor: the thunk of a child must return a handle b',
      '(#f #f) (#f #f)',
    ],
  ],
  [
    'a wrong specification starts nothing',
    `(define (message-of thunk) (caddr (catch (thunk))))
     (say (message-of (lambda () (one-for-one (list (server 'a) (server 'b '(restart . transcient)))))))
     (say (message-of (lambda () (one-for-one (list (server 'a) (server 'b '(shutdown-ms . soon)))))))
     (say (message-of (lambda () (one-for-one (list (server 'a) (server 'b '(restrat . permanent)))))))
     (say (message-of (lambda () (one-for-one (list (server 'a)) '((max-restart . 1))))))
     (say (message-of (lambda () (one-for-one (list (server 'a)) '((max-restarts . -1))))))
     (say (message-of (lambda () (one-for-one (list (server 'a)) '((on-event . println) (endpoint . inproc))))))
     (say (message-of (lambda () (one-for-one (list (server 'a)) '(max-restarts 1)))))
     (say (message-of (lambda () (one-for-one (list (server 'a) '(b))))))
     (say handles)`,
    [
      'supervisor: restart must be permanent, transient or temporary',
      'supervisor: shutdown-ms must be milliseconds, brutal or infinity',
      "supervisor: unknown option 'restrat'; expected restart|shutdown-ms",
      "supervisor: unknown option 'max-restart'; expected max-restarts|max-seconds|backoff-ms|on-event|endpoint|poll-ms",
      'supervisor: max-restarts must be an integer of at least 0',
      'supervisor: on-event must be a procedure',
      'supervisor: options must be a list of pairs (name . value)',
      'supervisor: a child must be a path, (id path . options) or (id thunk . options) (b)',
      '()',
    ],
  ],
];

describe.each(['process', 'thread'] as const)('children that are a %s', (kind) => {
  test.each(PROGRAMS)('%s', (_name, program, expected) => {
    const { stdout, stderr, status } = run(`${COMMON}${LAUNCH[kind]}${DRIVER}${program}`);
    expect({ stdout, stderr, status }).toEqual(cleanRun(...expected));
    expect(survivors()).toEqual([]);
    expect(leftFiles()).toEqual([]);
  });
});

// ---- supervisors as children

/** A supervisor of x and y that says when they are up, and hands to x what its parent says. */
const INNER = `
(define (inner options)
  (let ((x #f))
    (one-for-one (list (list 'x (lambda () (set! x (launch 'x 'serve)) x))
                       (list 'y (lambda () (launch 'y 'serve))))
      (cons (cons 'on-event
                  (lambda (event)
                    (case (car event)
                      ((message) (send! (current-mailbox) 'up))
                      ((parent) (send! x (cadr event))))))
            options))))
`;

/** How it is started; the grandchildren are of the same kind. */
const START_INNER = {
  process: `(define (start-inner) (spawn "inner.eta"))`,
  thread: `(define (start-inner) (spawn-thread (lambda () (inner '((max-restarts . 1))))))`,
} as const;

const FAILURE = {
  process: EXIT_1,
  thread: 'nng-error: peer thread failed: Unhandled raise: supervisor-shutdown',
} as const;

describe.each(['process', 'thread'] as const)('a supervisor that is a %s', (kind) => {
  const definitions = `${COMMON}${LAUNCH[kind]}${DRIVER}${INNER}`;
  const nested = (program: string) =>
    run(`${definitions}${START_INNER[kind]}${program}`, {
      'inner.eta': `${definitions}(say (inner '((max-restarts . 1))))`,
    });
  afterEach(() => {
    expect(survivors()).toEqual([]);
    expect(leftFiles()).toEqual([]);
  });

  test('ends with the one around it, its children last first', () => {
    const result = nested(`(run one-for-one (list (server 'a) (list 'inner start-inner) (server 'b)) (list 4 quit))`);
    const lastWord = kind === 'process' ? ['shutdown'] : [];
    expect(result).toEqual(cleanRun('b ends', 'y ends', 'x ends', ...lastWord, 'a ends', 'left'));
  });

  test('ends when its handle is closed, and waits for its children', () => {
    const result = nested(
      `(define inner-supervisor (start-inner))
       (recv! inner-supervisor 'wait)
       (recv! inner-supervisor 'wait)
       (nng-close inner-supervisor)
       (say (or (thread-join inner-supervisor) (spawn-wait inner-supervisor)))`,
    );
    expect(result).toEqual(cleanRun('y ends', 'x ends', ...(kind === 'process' ? ['shutdown'] : []), '0'));
  });

  test('is started again, with its children, when it has given up', () => {
    const { stdout, stderr, status } = nested(
      `(run one-for-one (list (list 'inner (started 'inner start-inner)))
         (list 2 (tell 'inner 'crash) 1 (tell 'inner 'crash) 2 quit))`,
    );
    expect({ stdout, status }).toEqual({
      stdout: lines(
        'y ends',
        `(down inner ${FAILURE[kind]})`,
        '(restarted inner)',
        'y ends',
        'x ends',
        ...(kind === 'process' ? ['shutdown'] : []),
        'left',
      ),
      status: 0,
    });
    expect(stderr).toContain('supervisor-shutdown');
  });
});

test('a supervisor that waits for a child to end does not count as hung', () => {
  const result = run(
    `${COMMON}
     (define (slow)
       (spawn-thread (lambda () (recv! (current-mailbox) 'wait) (nng-poll '() 4000))))
     (define crashes 1)
     (define (crasher)
       (let ((now crashes))
         (set! crashes 0)
         (spawn-thread (lambda () (if (> now 0) (exit 1) (recv! (current-mailbox) 'wait))))))
     (define inner
       (spawn-thread
         (lambda ()
           (one-for-all (list (list 'slow slow '(shutdown-ms . infinity)) (list 'crasher crasher))
             (list (cons 'on-event (lambda (event) (send! (current-mailbox) event))))))))
     (enable-heartbeat inner 1500)
     (define (next) (let ((m (recv! inner 'wait))) (say m) m))
     (let loop () (unless (equal? (next) '(restarted crasher)) (loop)))
     (nng-close inner)
     (say (thread-join inner))`,
  );
  expect(result).toEqual(
    cleanRun(
      '(started slow)',
      '(started crasher)',
      `(down crasher ${EXIT_1})`,
      '(restarted slow)',
      '(restarted crasher)',
      '0',
    ),
  );
});

test('a supervisor that is killed takes its children with it', async () => {
  const definitions = `${COMMON}${LAUNCH.process}${DRIVER}${INNER}`;
  const result = run(
    `${definitions}
     (define inner-supervisor (spawn "inner.eta"))
     (recv! inner-supervisor 'wait)
     (recv! inner-supervisor 'wait)
     (say (spawn-kill inner-supervisor))`,
    { 'inner.eta': `${definitions}(inner '())` },
  );
  expect(result.status).toBe(0);
  await expect.poll(survivors, { timeout: 20_000 }).toEqual([]);
});

test('paths alone are enough, also twice the same', () => {
  const result = run(
    `${COMMON}
     (define ups 0)
     (say (call/cc (lambda (leave)
       (one-for-all '("up.eta" "up.eta")
         (list (cons 'on-event
                     (lambda (event)
                       (when (eq? (car event) 'message)
                         (set! ups (+ ups 1))
                         (if (= ups 2) (leave event)))))))))) `,
    { 'up.eta': `${COMMON}(work "up" 'serve)` },
  );
  expect(result).toEqual(cleanRun('up ends', 'up ends', '(message up.eta up)'));
});

// ---- asking

/** `(until good?)`: what which-children gives as soon as that is good. */
const ASK = `
(define endpoint (string-append "ipc://" (temp-file)))
(define (until good?)
  (let loop () (let ((children (which-children endpoint))) (if (good? children) children (loop)))))
(define (states-are . states) (lambda (children) (equal? (map cadr children) states)))
(define (supervise . specs)
  (spawn-thread (lambda () (one-for-one specs (list (cons 'endpoint endpoint) '(backoff-ms . 5000))))))
(define (finish t) (nng-close t) (say (thread-join t)))
`;

test('which-children and count-children tell what has become of the children', () => {
  const result = run(
    `${COMMON}${LAUNCH.thread}${DRIVER}${ASK}
     (import std.net)
     (define t (supervise (server 'a) (child "b" 'crash) (child 'c 'finish '(restart . temporary))))
     (for-each say (until (states-are 'running 'restarting 'ended)))
     (say (count-children endpoint))
     (say (request-reply endpoint '(format disk)))
     (finish t)`,
  );
  expect(result).toEqual(
    cleanRun(
      '(a running 0 #f)',
      `(b restarting 0 ${EXIT_1})`,
      '(c ended 0 normal)',
      '((specs . 3) (active . 1) (restarts . 0))',
      'unknown-question',
      'a ends',
      '0',
    ),
  );
});

test('restarts are counted for each child', () => {
  const result = run(
    `${COMMON}${LAUNCH.thread}${DRIVER}${ASK}
     (define starts 0)
     (define (flaky) (set! starts (+ starts 1)) (launch 'b (if (< starts 3) 'finish 'serve)))
     (define t (spawn-thread (lambda () (rest-for-one (list (server 'a) (list 'b flaky) (server 'c))
                                                      (list (cons 'endpoint endpoint))))))
     (for-each say (until (lambda (children) (equal? (map caddr children) '(0 2 2)))))
     (say (count-children endpoint))`,
  );
  expect(result).toEqual({
    stdout: expect.stringContaining(
      lines(
        '(a running 0 #f)',
        '(b running 2 normal)',
        '(c running 2 #f)',
        '((specs . 3) (active . 3) (restarts . 4))',
      ),
    ),
    stderr: '',
    status: 0,
  });
});

test('an endpoint that is taken is the error of the call', () => {
  const result = run(
    `${COMMON}
     (define taken (nng-listen (nng-socket 'pull) "inproc://taken"))
     (say (caddr (catch 'nng-error (one-for-one '("worker.eta") '((endpoint . "inproc://taken"))))))`,
  );
  expect(result).toEqual(cleanRun('nng-error: Address in use'));
});

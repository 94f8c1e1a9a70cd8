// std.net with real sockets, processes and threads. Each row is a program with its whole output; none may leave a
// process behind.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ETAI = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'etai');

/** A variable that a program's processes inherit and no other process has. */
const MARK = 'ETA_NET_TEST';

/** Programs for workers. */
const WORKERS: Readonly<Record<string, string>> = {
  // Squares numbers until its parent closes the handle; leaves by exit at (exit N); fails at anything else.
  'squares.eta': `
    (define mailbox (current-mailbox))
    (let loop ()
      (let ((task (recv! mailbox 'wait)))
        (when task
          (when (pair? task) (exit (cadr task)))
          (send! mailbox (* task task))
          (loop))))`,
  'pid.eta': `
    (import std.process)
    (define mailbox (current-mailbox))
    (let loop ()
      (let ((task (recv! mailbox 'wait)))
        (when task
          (when (eq? task 'exit) (exit 3))
          (send! mailbox (process:run-string "sh" '("-c" "echo $PPID")))
          (loop))))`,
  'once.eta': `
    (import std.process)
    (define mailbox (current-mailbox))
    (define task (recv! mailbox 'wait))
    (unless (eq? task 'silent) (send! mailbox (list task (process:run-string "sh" '("-c" "echo $PPID")))))`,
};

const PRELUDE = `
  (import std.core std.io std.net std.time std.collections std.process)
  (define (distinct xs)
    (let loop ((xs xs) (seen '()))
      (cond ((null? xs) (length seen)) ((member (car xs) seen) (loop (cdr xs) seen)) (else (loop (cdr xs) (cons (car xs) seen))))))
  (define (shown reply)
    (if (task-failure? reply) (list 'failed (task-failure-index reply) (task-failure-message reply)) reply))
  (define-syntax message-of (syntax-rules () ((_ form) (caddr (catch 'nng-error form)))))
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'eta-net-'));
  for (const [name, text] of Object.entries(WORKERS)) writeFileSync(path.join(folder, name), text);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Run a program; its lines, and what is left of it. */
function run(program: string): { lines: readonly string[]; status: number | null; survivors: readonly string[] } {
  writeFileSync(path.join(folder, 'main.eta'), PRELUDE + program);
  const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, 'main.eta'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, [MARK]: folder },
  });
  const lines = stdout.split('\n').slice(0, -1);
  return { lines: status === 0 ? lines : [...lines, stderr], status, survivors: survivors() };
}

/** Processes of this run that still exist. Known only where there is a /proc. */
function survivors(): readonly string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${folder}`);
    } catch {
      return false; // ended meanwhile, or another user's
    }
  });
}

type Row = readonly [what: string, program: string, ...lines: readonly string[]];

const CRASH = 'nng-error: peer process exited abnormally (exit code 3)';

const POOLS: readonly Row[] = [
  [
    'keeps the order of the tasks, with one process for each',
    `(define replies (worker-pool "once.eta" '(1 2 3 4 5) 2))
     (println (map car replies))
     (println (distinct (map cadr replies)))`,
    '(1 2 3 4 5)',
    '5',
  ],
  [
    'reuses as many processes as were asked for',
    `(define pids (worker-pool "pid.eta" (range 1 13) '((workers . 2) (reuse . #t))))
     (println (length pids))
     (println (<= 1 (distinct pids) 2))
     (println (worker-pool "squares.eta" (range 1 9) '((workers . 3) (reuse . #t))))
     (println (worker-pool "squares.eta" '() '((reuse . #t))))`,
    '12',
    '#t',
    '(1 4 9 16 25 36 49 64)',
    '()',
  ],
  [
    'gives #f for a process that ends without a reply, unless it is to be reused',
    `(println (worker-pool "once.eta" '(silent)))
     (println (message-of (worker-pool "once.eta" '(silent) '((reuse . #t)))))`,
    '(#f)',
    'nng-error: peer ended without a reply (task 0)',
  ],
  [
    'is told of misspelt options',
    `(define (told options) (println (caddr (catch 'runtime.type-error (worker-pool "squares.eta" '(1) options)))))
     (for-each told '(((wrokers . 3)) ((workers . 0)) ((workers . many)) ((reuse . yes)) ((on-failure . bogus)) (workers 3) 0 reuse))`,
    "worker-pool: unknown option 'wrokers'; expected workers|reuse|on-failure",
    'worker-pool: workers must be an integer of at least 1',
    'worker-pool: workers must be an integer of at least 1',
    'worker-pool: reuse must be #t or #f',
    'worker-pool: on-failure must be stop or continue',
    'worker-pool: options must be a list of pairs (name . value)',
    'worker-pool: workers must be an integer of at least 1',
    'worker-pool: options must be a list of pairs (name . value)',
  ],
  [
    'says which task failed and ends the others',
    `(println (message-of (worker-pool "squares.eta" '(1 2 (exit 3) 4) 1)))
     (println (message-of (worker-pool "squares.eta" '(1 2 (exit 3) 4) '((workers . 1) (reuse . #t)))))
     (println (message-of (worker-pool "squares.eta" (list 1 car) 1)))`,
    `${CRASH} (task 2)`,
    `${CRASH} (task 2)`,
    'nng-error: cannot send non-serializable value: send-arg: Primitive (task 1)',
  ],
  [
    'goes on after failures and replaces what crashed',
    `(define tasks (list 1 '(exit 3) 3 car '(exit 3) 6))
     (for-each println (map shown (worker-pool "squares.eta" tasks '((workers . 1) (reuse . #t) (on-failure . continue)))))
     (println (map task-failure? (worker-pool "squares.eta" '(1 (exit 3) 3) '((on-failure . continue)))))
     (define pids (worker-pool "pid.eta" '(a b exit c d) '((workers . 1) (reuse . #t) (on-failure . continue))))
     (println (map task-failure? pids))
     (println (list (equal? (car pids) (cadr pids)) (equal? (cadr pids) (cadddr pids)) (equal? (cadddr pids) (car (reverse pids)))))`,
    '1',
    `(failed 1 ${CRASH} (task 1))`,
    '9',
    '(failed 3 nng-error: cannot send non-serializable value: send-arg: Primitive (task 3))',
    `(failed 4 ${CRASH} (task 4))`,
    '36',
    '(#f #t #f)',
    '(#f #f #t #f #f)',
    '(#t #f #t)',
  ],
  [
    'runs a procedure in threads, with its captured values, any task and any reply',
    `(define factor 10)
     (println (worker-pool (lambda (n) (* factor n)) '(1 2 3)))
     (println (worker-pool (lambda (x) x) '(#f () 1 #f) '((workers . 2) (reuse . #t))))
     (println (worker-pool length '((1 2) ())))
     (println (message-of (worker-pool length (list (list car)))))`,
    '(10 20 30)',
    '(#f () 1 #f)',
    '(2 0)',
    'nng-error: cannot send non-serializable value: send-arg.car: Primitive (task 0)',
  ],
  [
    'reports failing threads like failing processes',
    `(define (half n) (if (even? n) (quotient n 2) (exit 3)))
     (println (map shown (worker-pool half '(2 3 4) '((workers . 1) (reuse . #t) (on-failure . continue)))))
     (println (message-of (worker-pool half '(2 3 4))))`,
    `(1 (failed 1 ${CRASH} (task 1)) 2)`,
    `${CRASH} (task 1)`,
  ],
  [
    'leaves no worker behind when it is left by an escape',
    `(println (call/cc (lambda (leave)
       (with-exception-handler
         (lambda (e) (leave 'left))
         (lambda () (worker-pool "pid.eta" '(1 2 3 exit 5 6) '((workers . 3) (reuse . #t))))))))
     (println (process:run-string "sh" '("-c" "pgrep -c -P $PPID")))`,
    'left',
    '1', // the shell that counts
    '',
  ],
];

const CONVERSATIONS: readonly Row[] = [
  [
    'request-reply has a time-out, and gives up the request only',
    `(define mute (nng-listen (nng-socket 'rep) "inproc://mute"))
     (println (request-reply "inproc://mute" 'anybody? 50))
     (define pull (nng-listen (nng-socket 'pull) "inproc://pull"))
     (println (request-reply "inproc://pull" 'anybody? 50))
     (define server
       (spawn-thread
         (lambda ()
           (with-socket 'rep
             (lambda (socket)
               (nng-listen socket "inproc://answers")
               (send! (current-mailbox) 'ready)
               (let loop ()
                 (let ((question (recv! socket 'wait)))
                   (send! socket (list 'you-said question))
                   (unless (eq? question 'stop) (loop)))))))))
     (recv! server 'wait)
     (println (request-reply "inproc://answers" 'hello 20000))
     (println (request-reply "inproc://answers" 'stop))
     (println (thread-join server))
     (println (message-of (request-reply "inproc://nobody" 1 50)))`,
    '#f',
    '#f',
    '(you-said hello)',
    '(you-said stop)',
    '0',
    'nng-error: Connection refused',
  ],
  [
    'pub-sub ends by until, by silence, by an escape',
    `(define publisher
       (spawn-thread
         (lambda ()
           (with-socket 'pub
             (lambda (socket)
               (nng-listen socket "inproc://news")
               (send! (current-mailbox) 'ready)
               (let loop ((n 0))
                 (send! socket (list 'tick n))
                 (when (null? (nng-poll (list (current-mailbox)) 5)) (loop (+ n 1)))))))))
     (recv! publisher 'wait)
     (define seen 0)
     (define (see message) (set! seen (+ seen 1)))
     (println (pub-sub "inproc://news" '("tick") see (list (cons 'until (lambda (m) (= seen 3))))))
     (println seen)
     (println (pub-sub "inproc://news" '("other") see '((idle-ms . 100))))
     (println (call/cc (lambda (leave) (pub-sub "inproc://news" '("") (lambda (m) (leave (car m)))))))
     (send! publisher 'stop)
     (println (thread-join publisher))`,
    'done',
    '3',
    'idle',
    'tick',
    '0',
  ],
  [
    'survey ends early by count and by until',
    `(define (ask options)
       (let ((respondents
              (spawn-thread
                (lambda ()
                  (let ((sockets (map (lambda (id) (nng-socket 'respondent)) '(1 2 3))))
                    (for-each
                      (lambda (socket)
                        (let retry ()
                          (unless (eq? socket (catch 'nng-error (nng-dial socket "inproc://poll")))
                            (nng-poll '() 5)
                            (retry))))
                      sockets)
                    (for-each (lambda (socket) (recv! socket 'wait)) sockets)
                    (for-each send! sockets '(1 2 3))
                    (recv! (current-mailbox) 'wait))))))
         (let ((answers (survey "inproc://poll" 'who 20000 options)))
           (nng-close respondents)
           (thread-join respondents)
           (length answers))))
     (println (ask '((count . 3))))
     (println (<= 1 (ask (list (cons 'until (lambda (answer) (= answer 2))) '(count . 3))) 3))
     (println (survey "inproc://poll" 'anybody? 100 '((count . 1))))`,
    '3',
    '#t',
    '()',
  ],
  [
    'a pipeline: every message is worked on once, also by a slow station, and the end goes backwards',
    `(define (pipeline messages wanted)
       (define (station ms)
         (spawn-thread
           (lambda () (pull-push "inproc://tasks" "inproc://results" (lambda (n) (time:sleep-ms ms) (* n n))))))
       (let* ((source (spawn-thread (lambda () (push-all "inproc://tasks" messages 2))))
              (stations (list (station 0) (station 100)))
              (results (pull-all "inproc://results" wanted)))
         (println (map thread-join (cons source stations)))
         (sort < results)))
     (define messages (range 0 30))
     (println (equal? (pipeline messages 30) (map (lambda (n) (* n n)) messages)))
     (println (length (pipeline messages 5)))
     (println (pull-all "inproc://results" 1 50))
     (println (pull-all "inproc://results" 0))`,
    '(0 0 0)',
    '#t',
    '(0 0 0)',
    '5',
    '()',
    '()',
  ],
  [
    'a bus: everybody hears the others',
    `(define (member-of-bus id peers)
       (spawn-thread
         (lambda ()
           (define (endpoint n) (string-append "inproc://bus-" (number->string n)))
           (join-bus (endpoint id) (map endpoint peers)
             (lambda (bus)
               (send! bus id)
               (let ((one (recv! bus 'wait)))
                 (send! (current-mailbox) (+ one (recv! bus 'wait)))
                 (recv! (current-mailbox) 'wait)))
             2))))
     (define members (list (member-of-bus 1 '()) (member-of-bus 2 '(1)) (member-of-bus 4 '(1 2))))
     (println (map (lambda (m) (recv! m 'wait)) members))
     (println (begin (for-each nng-close members) (map thread-join members)))`,
    '(6 5 3)',
    '(0 0 0)',
  ],
];

describe('conversations', () => {
  test.each(CONVERSATIONS)('%s', (_, program, ...lines) => {
    expect(run(program)).toEqual({ lines, status: 0, survivors: [] });
  });
});

describe('worker-pool', () => {
  test.each(POOLS)('%s', (_, program, ...lines) => {
    expect(run(program)).toEqual({ lines, status: 0, survivors: [] });
  });
});

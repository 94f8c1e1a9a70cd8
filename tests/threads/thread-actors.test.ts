// Thread actors as a tool sees them that runs a session in its own process. (`npm test` builds the workers' entry first.)

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { writeText } from '../../src/values/printer.ts';

const ETAI = resolve(import.meta.dirname, '..', '..', 'bin', 'etai');

function makeSession() {
  const session = new Session({ threads: { entry: ETAI } });
  const evaluate = (text: string): string => {
    const { value, findings } = session.evaluateText(text, 'test.eta');
    return value === undefined ? findings[0].message : writeText(value);
  };
  return { session, evaluate };
}

test('threads are listed in the order of spawning, and can be let go', () => {
  const { session, evaluate } = makeSession();
  try {
    evaluate(`(define t (spawn-thread (lambda () (send! (current-mailbox) 'up) (recv! (current-mailbox) 'wait))))`);
    evaluate(`(define u (spawn-thread (lambda () 1)))`);
    expect(evaluate(`(list (recv! t 'wait) (thread-join u))`)).toBe('(up 0)');
    const common = { modulePath: '(spawn-thread)', funcName: '(thunk)', endpoint: expect.stringMatching(/^inproc:/) };
    expect(session.threads.list()).toEqual([
      { index: 0, alive: true, ...common },
      { index: 1, alive: false, ...common },
    ]);
    expect([session.threads.terminate(1), session.threads.terminate(0), session.threads.terminate(7)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(evaluate('(thread-join t)')).toBe('0');
    expect(evaluate('(recv! t)')).toBe('recv!: socket is closed');
    expect(session.threads.terminate(0)).toBe(false);
  } finally {
    session.close();
    session.close();
  }
});

test('what happens to threads is told once, in order', async () => {
  const { session, evaluate } = makeSession();
  const { threads } = session;
  const events = () => threads.takeEvents().map(({ kind, index, name }) => `${kind} ${index} ${name}`);
  const file = join(mkdtempSync(join(tmpdir(), 'eta-events-')), 'work.eta');
  writeFileSync(
    file,
    `(send! (current-mailbox) 'loading) (recv! (current-mailbox) 'wait) (define (f) (recv! (current-mailbox) 'wait))`,
  );
  try {
    evaluate(`(define t (spawn-thread (lambda () (send! (current-mailbox) 'up) (recv! (current-mailbox) 'wait))))`);
    expect(evaluate(`(recv! t 'wait)`)).toBe('up');
    const [started, ...others] = threads.takeEvents();
    expect([started, others]).toEqual([
      { kind: 'started', index: 0, name: '(spawn-thread)', vm: expect.any(Number) },
      [],
    ]);
    evaluate(`(define u (spawn-thread-with ${writeText(file)} 'f))`);
    expect(evaluate(`(recv! u 'wait)`)).toBe('loading');
    expect(events()).toEqual([]);
    evaluate(`(send! u 'go-on)`);
    while (events().join() !== 'started 1 work (f)') await setTimeout(5);
    evaluate('(nng-close t) (thread-join t) (nng-close u) (thread-join u)');
    evaluate(
      `(define v (spawn-thread-with "none.eta" 'f)) (define w (spawn-thread (lambda () 1))) (thread-join v) (thread-join w)`,
    );
    expect(events()).toEqual([
      'exited 0 (spawn-thread)',
      'exited 1 work (f)',
      'exited 2 none (f)',
      'started 3 (spawn-thread)',
      'exited 3 (spawn-thread)',
    ]);
    expect(events()).toEqual([]);
  } finally {
    session.close();
    rmSync(dirname(file), { recursive: true });
  }
});

test('a session without an entry for workers has no threads', () => {
  const session = new Session();
  const messages = ['(spawn-thread 5)', "(spawn-thread-with 5 'f)", '(thread-join 5)', '(thread-alive? 5)'].map(
    (call) => session.evaluateText(call, 'test.eta').findings[0].message,
  );
  session.close();
  expect(messages).toEqual(
    ['spawn-thread', 'spawn-thread-with', 'thread-join', 'thread-alive?'].map(
      (who) => `${who}: process manager not configured`,
    ),
  );
});

test('a session that ends tells its threads', () => {
  const first = makeSession();
  const second = makeSession();
  second.evaluate(`(define s (nng-socket 'pull)) (nng-listen s "inproc://session-end")`);
  first.evaluate(`(define t (spawn-thread (lambda ()
    (let ((s (nng-socket 'push)))
      (nng-dial s "inproc://session-end")
      (send! s 'up)
      (send! s (list 'end (recv! (current-mailbox) 'wait)))))))`);
  expect(second.evaluate(`(recv! s 'wait)`)).toBe('up');
  expect(second.evaluate(`(define u (spawn-thread (lambda () 1))) (thread-join u)`)).toBe('0');
  first.session.close();
  expect(second.evaluate(`(recv! s 'wait)`)).toBe('(end #f)');
  second.session.close();
});

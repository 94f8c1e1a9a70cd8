// Thread actors as a tool sees them that runs a session in its own process. (`npm test` builds the workers' entry first.)

import { resolve } from 'node:path';
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

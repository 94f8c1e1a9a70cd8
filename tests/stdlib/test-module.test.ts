// std.test: what a run with failures reports, compared whole.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ETAI = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'etai');

const SUITE = `(import std.test)
(define (broken) (car 5))
(define suite
  (make-group "all"
    (list (make-test "passes" (lambda () (assert-equal '(1 "x") (list 1 "x"))))
          (make-test "tail assertion"
            (lambda () (assert-equal "a" 'a)))
          (make-test "inner assertion"
            (lambda ()
              (assert-true #f "the reason")
              'unreached))
          (make-group "errors"
            (list (make-test "in a helper" (lambda () (broken) 1))
                  (make-test "raise" (lambda () (raise 'tag '(some "value"))))
                  (make-test "caught assertion, then an error"
                    (lambda () (catch (assert-equal 1 2)) (error "another")))
                  (make-test "<two\\nlines & \\"quotes\\">" (lambda () (error "line\\nline")))
                  (make-test "not a thunk" 5)))
          (make-test "approximately" (lambda () (assert-approx-equal 1.0 1.5 0.1)))
          (make-test "runs to the end" (lambda () 'fine)))))
(define result (run suite))
`;

const TAP = `TAP version 13
1..10
ok 1 - passes
not ok 2 - tail assertion
  ---
  message: expected a but got a
  expected: "a"
  actual: a
  position: suite.eta:7:13
  ...
not ok 3 - inner assertion
  ---
  message: the reason
  expected: a true value
  actual: #f
  position: suite.eta:10:15
  ...
not ok 4 - in a helper
  ---
  message: car: not a pair
  position: suite.eta:2:18
  ...
not ok 5 - raise
  ---
  message: raised (some "value")
  position: suite.eta:14:38
  ...
not ok 6 - caught assertion, then an error
  ---
  message: another
  position: suite.eta:16:59
  ...
not ok 7 - "<two\\nlines & \\"quotes\\">"
  ---
  message: "line\\nline"
  position: suite.eta:17:69
  ...
not ok 8 - not a thunk
  ---
  message: Callee is not a function
  ...
not ok 9 - approximately
  ---
  message: expected approx 1 but got 1.5 (diff=0.5)
  expected: 1.0 within 0.1
  actual: 1.5
  position: suite.eta:19:38
  ...
ok 10 - runs to the end
`;

const JUNIT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="a &amp; b" tests="2" failures="1">
    <testcase name="fine"/>
    <testcase name="&lt;two&#10;lines&gt;">
      <failure message="expected &quot;1&quot; but got 2">expected: 1
actual: 2
position: suite.eta:5:37</failure>
    </testcase>
</testsuite>
`;

function runSuite(program: string): { stdout: string; stderr: string; status: number | null } {
  const folder = mkdtempSync(path.join(tmpdir(), 'std-test-'));
  try {
    const file = path.join(folder, 'suite.eta');
    writeFileSync(file, program);
    const { stdout, stderr, status } = spawnSync(process.execPath, [ETAI, file], { encoding: 'utf8', timeout: 30_000 });
    return { stdout, stderr, status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('TAP lists every test with what it expected, what came, and where', () => {
  expect(runSuite(`${SUITE}(print-tap result)`)).toEqual({ stdout: TAP, stderr: '', status: 0 });
});

test('the summary counts them', () => {
  expect(runSuite(`${SUITE}(print-summary (summary result))`).stdout).toBe('10 tests, 2 passed, 8 failed\n');
});

test('JUnit carries the same and escapes what XML reserves', () => {
  const program = `(import std.test)
(define result
  (run (make-group "g"
    (list (make-test "fine" (lambda () 1))
          (make-test "<two\\nlines>" (lambda () (assert-equal 1 2 "expected \\"1\\" but got 2")))))))
(print-junit result "a & b")`;
  expect(runSuite(program)).toEqual({ stdout: JUNIT, stderr: '', status: 0 });
});

test('what is no test and no group is an error', () => {
  const { stdout } = runSuite('(import std.test) (println (caddr (catch (run 5))))');
  expect(stdout).toBe('run: expected a test or a group\n');
});

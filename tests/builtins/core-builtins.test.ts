import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MALFORMED, StringInput } from '../../src/values/ports.ts';
import { LeafCalls } from './leaf-calls.ts';

/** Rows of [program, what `write` prints of its value, or `TAG: MESSAGE`], with the type-error tag left out. */
function check(group: string, rows: readonly (readonly [program: string, outcome: string])[]): void {
  test.each(rows)(`${group}: %s is %s`, (program, outcome) => {
    expect(new LeafCalls().outcome(program).replace('runtime.type-error: ', '')).toBe(outcome);
  });
}

check('numbers', [
  ['(+)', '0'],
  ['(+ 5)', '5'],
  ['(+ 1 2.5)', '3.5'],
  ['(+ 1 2 0.0)', '3.0'],
  ['(+ 9223372036854775807 1 -1)', '9223372036854776000.0'],
  ['(+ -9223372036854775807 -1)', '-9223372036854775808'],
  ["(+ 'a)", '+: argument is not a number'],
  ['(- 5)', '-5'],
  ['(- 10 1 2)', '7'],
  ['(*)', '1'],
  ['(* 3037000500 3037000500)', '9223372037000250000.0'],
  ['(/ 12 5 2)', '1.2'],
  ['(/ 4)', '0.25'],
  ['(/ 0)', '/: division by zero'],
  ['(< 1 2 3 2)', '#f'],
  ["(< 3 2 'x)", '#f'],
  ["(< 1 2 'x)", '<: argument is not a number'],
  ['(= 1 1.0)', '#t'],
  ['(min 1 2.0)', '1.0'],
  ['(max 1 2 0.5)', '2.0'],
  ["(max 'a 1)", 'max: argument is not a number'],
  ['(%r7rs-max 1)', '1'],
  ['(modulo -7.0 3)', '2.0'],
  ['(remainder -7.0 4)', '-3.0'],
  ['(quotient 9223372036854775807 10)', '922337203685477580'],
  ['(quotient 7.5 2)', '3.0'],
  ['(quotient 1 0)', 'quotient: division by zero'],
  ['(floor-quotient -5 2)', '-3'],
  ['(floor-remainder -5 2)', '1'],
  ['(truncate-quotient -5 2)', '-2'],
  ['(truncate-remainder -5 2)', '-1'],
  ['(gcd)', '0'],
  ['(gcd 12 18 8)', '2'],
  ['(lcm 4 6)', '12'],
  ['(lcm 3 0)', '0'],
  ['(exact-integer-sqrt -1)', 'exact-integer-sqrt: not a non-negative integer'],
  ['(round 2.5)', '3.0'],
  ['(%r7rs-round 2.5)', '2.0'],
  ['(floor -2.7)', '-3.0'],
  ['(ceiling 2.2)', '3.0'],
  ['(truncate -2.7)', '-2.0'],
  ['(sqrt 16)', '4.0'],
  ['(sqrt -1)', '+nan.0'],
  ['(log 0)', '-inf.0'],
  ['(atan 1 1)', '0.7853981633974483'],
  ['(atan 1 1 1)', '0.7853981633974483'],
  ["(atan 1 'x 'y)", '0.7853981633974483'],
  ["(atan 1 'x)", 'atan: argument is not a number'],
  ["(sin 'a)", 'sin: argument is not a number'],
  ['(pow 2 10)', '1024.0'],
  ["(pow 'x 1)", 'pow: arguments must be numbers'],
  ['(expt 2 10)', '1024'],
  ['(%r7rs-log 8 2)', '3.0'],
  ['(even? 10)', '#t'],
  ['(odd? 2.5)', '#t'],
  ['(exact 2.0)', '2'],
  ['(exact 2.5)', 'exact: no exact integer equals the argument'],
  ['(inexact 2)', '2.0'],
  ['(exact? 2)', '#t'],
  ["(exact? 'a)", 'exact?: argument is not a number'],
  ['(rational? +inf.0)', '#f'],
  ['(nan? +nan.0)', '#t'],
  ['(infinite? -inf.0)', '#t'],
  ['(numerator 0.75)', '3.0'],
  ['(denominator 0.75)', '4.0'],
  ['(rationalize 0.3 0.1)', '0.3333333333333333'],
  ['(number->string 255 16)', '"ff"'],
  ['(number->string 2.0)', '"2"'],
  ['(%r7rs-number->string 2.0)', '"2.0"'],
  ["(number->string 'a)", 'number->string: not a number'],
  ['(number->string 1 1)', 'number->string: radix must be an integer from 2 to 36'],
  ['(string->number "-1F" 16)', '-31'],
  ['(string->number " 42")', '#f'],
  ["(string->number 'a)", 'string->number: not a string'],
]);

check('predicates', [
  ['(integer? 2.0)', '#t'],
  ['(integer? +inf.0)', '#f'],
  ['(procedure? car)', '#t'],
  ["(not '())", '#f'],
  ['(eq? 1.5 1.5)', '#t'],
  ['(eq? 0.0 -0.0)', '#f'],
  ['(eq? +nan.0 +nan.0)', '#t'],
  ['(eq? 9223372036854775807 9223372036854775807)', '#t'],
  ['(equal? 1 1.0)', '#f'],
  ["(equal? (hash-map 1 '(2)) (hash-map 1 '(2)))", '#t'],
  ["(symbol=? 'a 'a 'b)", '#f'],
  ['(boolean=? #t 1)', 'boolean=?: argument is not a boolean'],
]);

check('lists', [
  ["(car '())", 'car: not a pair'],
  ["(cdr 'x)", 'cdr: not a pair'],
  ['(set-car! 5 1)', 'set-car!: not a pair'],
  ['(set-cdr! 5 1)', 'set-cdr!: not a pair'],
  ["(length '(1 . 2))", 'length: not a proper list'],
  ["(append '(1) '(2) 3)", '(1 2 . 3)'],
  ["(append '(1) 2 '(3))", 'append: not a proper list'],
  ['(append)', '()'],
  ["(reverse '(1 2 3))", '(3 2 1)'],
  ["(reverse 'x)", 'reverse: not a proper list'],
  ["(list-ref '(a b) 2)", 'list-ref: index out of bounds'],
  ["(list-ref '(a b) 1.0)", 'list-ref: index must be a non-negative integer'],
  ['(list-tail 5 0)', '5'],
  ["(list-ref '(a b) 9223372036854775807)", 'list-ref: index out of bounds'],
  ['(string-ref "ab" 9223372036854775807)', 'string-ref: index out of bounds'],
  ['(make-vector 9223372036854775807 0)', 'make-vector: length is too large'],
  ["(list-tail '(a) -1)", 'list-tail: index must be a non-negative integer'],
  ["(list-set! '(a) 1 2)", 'list-set!: index out of bounds'],
  ["(memq 'c '(a b c d))", '(c d)'],
  ["(member '(1) '(0 (1) 2))", '((1) 2)'],
  ["(member 1 '(0 . 2))", 'member: not a proper list'],
  ["(assq 'b '(x 5 (b . 1)))", '(b . 1)'],
  ["(assq 'a 5)", 'assq: not a proper alist'],
  ["(assoc '(1) '(((1) . 2)))", '((1) . 2)'],
  ["(assoc 'a '((b . 1) . c))", 'assoc: not a proper alist'],
  ["(cadr '(1 2))", '2'],
  ["(cddadr '(1 (2 3 4)))", '(4)'],
  ["(caddr '(1 2))", 'car: not a pair'],
  ["(cadr '())", 'cdr: not a pair'],
  ["(list-copy '(1 2 . 3))", '(1 2 . 3)'],
  ['(make-list 2 0)', '(0 0)'],
  ["(last-pair '(1 2))", '(2)'],
]);

test('cyclic lists are no lists, and are searched once round', () => {
  const calls = new LeafCalls();
  calls.set('ring', calls.run("(list 'a 'b 'c)"));
  calls.run('(set-cdr! (cddr ring) ring)');
  expect(calls.outcome('(list? ring)')).toBe('#f');
  expect(calls.outcome('(length ring)')).toBe('runtime.type-error: length: not a proper list');
  expect(calls.outcome("(car (memq 'c ring))")).toBe('c');
  expect(calls.outcome("(memq 'd ring)")).toBe('runtime.type-error: memq: not a proper list');
});

check('strings', [
  ['(string-length "a𝄞b")', '3'],
  ["(string-length 'a)", 'string-length: not a string'],
  ['(string-ref "a𝄞b" 2)', '#\\b'],
  ['(string-ref "abc" 3)', 'string-ref: index out of bounds'],
  ['(string-ref "abc" -1)', 'string-ref: index must be a non-negative integer'],
  ['(string-ref 5 0)', 'string-ref: not a string'],
  ['(substring "𝄞𝄞z" 1 3)', '"𝄞z"'],
  ['(substring "abc" 2 1)', 'substring: indices out of bounds'],
  ['(substring "𝄞" 0 2)', 'substring: indices out of bounds'],
  ['(substring "abc" 0.0 1)', 'substring: start must be a non-negative integer'],
  ['(substring "abc" 0 "1")', 'substring: end must be a non-negative integer'],
  ["(substring 'abc 0 1)", 'substring: not a string'],
  ['(string-append "a" 5)', 'string-append: not a string'],
  ['(string<? "\\xffff;" "\\x10000;")', '#t'],
  ['(string=? 1 "a")', 'string=?: first argument is not a string'],
  ['(string>? "a" 1)', 'string>?: second argument is not a string'],
  ['(%r7rs-string<? "a" "b" "a")', '#f'],
  ['(string-ci=? "Straße" "STRASSE")', '#t'],
  ['(symbol->string "a")', 'symbol->string: not a symbol'],
  ['(string->symbol 5)', 'string->symbol: not a string'],
  ['(string->list "aλ𝄞")', '(#\\a #\\x3BB #\\x1D11E)'],
  ['(string->list "abcd" 1 3)', '(#\\b #\\c)'],
  ["(list->string '(#\\a 1))", 'list->string: not a character'],
  ['(string-upcase "Hello, wörld")', '"HELLO, WÖRLD"'],
  ['(string-copy "héllo" 1 3)', '"él"'],
  ['(string-copy "abc" 2 5)', 'string-copy: indices out of bounds'],
  ['(make-string 3 #\\λ)', '"λλλ"'],
  ['(make-string 1000000000000 #\\a)', 'make-string: length is too large'],
  ['(string-join \'("a" "b") ", ")', '"a, b"'],
  ['(string->vector "ab")', '#(#\\a #\\b)'],
  ["(vector->string '#(#\\x #\\y))", '"xy"'],
  ['(string-set! "abc" 0 #\\x)', 'string-set!: the string is immutable'],
]);

check('characters', [
  ['(integer->char 1114112)', 'integer->char: encoding failed'],
  ['(integer->char #xD800)', 'integer->char: encoding failed'],
  ['(integer->char 65.0)', 'integer->char: not a non-negative integer'],
  ['(char->integer 65)', 'char->integer: not a character'],
  ['(char-upcase #\\a)', '#\\A'],
  ['(char-upcase #\\xDF;)', '#\\xDF'],
  ['(char-alphabetic? #\\x3bb;)', '#t'],
  ['(char-numeric? #\\a)', '#f'],
  ['(char-whitespace? #\\newline)', '#t'],
  ['(digit-value #\\7)', '7'],
  ['(digit-value #\\x664;)', '4'],
  ['(digit-value #\\x1D7D9;)', '1'],
  ['(digit-value #\\a)', '#f'],
  ['(char<? #\\a #\\b #\\c)', '#t'],
  ['(char-ci=? #\\a #\\A)', '#t'],
  ['(char<? #\\a 1)', 'char<?: not a character'],
]);

check('vectors', [
  ["(vector-ref '#(1 2) 2)", 'vector-ref: index out of bounds'],
  ["(vector-ref '#(1 2) 0.0)", 'vector-ref: index out of bounds'],
  ["(vector-ref '(1) 'a)", 'vector-ref: not a vector'],
  ['(vector-set! (vector 1) 1 0)', 'vector-set!: index out of bounds'],
  ['(vector-set! 1 1 0)', 'vector-set!: not a vector'],
  ["(vector-length '#u8(1 2))", 'vector-length: not a vector'],
  ['(make-vector -1 0)', 'make-vector: length must be a non-negative integer'],
  ['(make-vector 1000000000000 0)', 'make-vector: length is too large'],
  ["(make-vector 2 'x)", '#(x x)'],
  ["(vector->list '#(1 2 3) 1)", '(2 3)'],
  ["(list->vector '(1 . 2))", 'list->vector: not a proper list'],
  ["(vector-append '#(1) '#(2 3))", '#(1 2 3)'],
  ["(vector-copy '#(1 2 3) 1 5)", 'vector-copy: indices out of bounds'],
  ["(vector-copy! (vector 1 2) 1 '#(8 9))", 'vector-copy!: indices out of bounds'],
  ['(bytevector 1 256)', 'bytevector: argument must be a byte (0-255)'],
  ["(bytevector-u8-ref '#u8(1 2) 1)", '2'],
  ["(bytevector-u8-ref '#u8(1 2) 2)", 'bytevector-u8-ref: index out of bounds'],
  ["(bytevector-append '#u8(1) '#u8(2))", '#u8(1 2)'],
  ["(utf8->string '#u8(206 187))", '"λ"'],
  ["(utf8->string '#u8(206))", 'utf8->string: not valid UTF-8'],
  ['(string->utf8 "aλ" 1)', '#u8(206 187)'],
]);

test('copies within one vector may overlap', () => {
  const calls = new LeafCalls();
  calls.set('v', calls.run('(vector 1 2 3 4 5)'));
  calls.run('(vector-copy! v 1 v 0 4)');
  expect(calls.outcome('v')).toBe('#(1 1 2 3 4)');
  calls.run('(vector-fill! v 0 3)');
  expect(calls.outcome('v')).toBe('#(1 1 2 0 0)');
});

check('hash maps and sets', [
  ["(hash-map 'a 1 'b 2 'a 3)", '#hashmap{a 3, b 2}'],
  ['(hash-map 1)', 'runtime.invalid-arity: hash-map: expected an even number of key/value arguments'],
  ['(hash-map car 1)', 'hash-map: unhashable value'],
  ['(hash-map-ref (hash-map) 1)', 'runtime.user-error: hash-map-ref: key not found'],
  ['(hash-map-ref (hash-map) 1 #f)', '#f'],
  ['(hash-map-ref (hash-map) 1 2 3)', 'runtime.invalid-arity: hash-map-ref: expected 2 or 3 arguments'],
  ['(hash-map-ref 5 car)', 'hash-map-ref: expected a hash-map'],
  ['(hash-map-ref (hash-map) car)', 'hash-map-ref: unhashable value'],
  ['(hash-map-contains? (hash-map 1 2) car)', '#f'],
  ["(hash-map-dissoc (hash-map 'a 1 'b 2) 'a)", '#hashmap{b 2}'],
  ["(hash-map->list (hash-map 'a 1))", '((a . 1))'],
  ["(list->hash-map '((1 . 2) (3 4) (5 6 7)))", '#hashmap{1 2, 3 4, 5 (6 7)}'],
  ["(list->hash-map '((1) (2)))", '#hashmap{(1) (2)}'],
  ["(list->hash-map '(1 2 3))", 'runtime.invalid-arity: list->hash-map: flat input must contain key/value pairs'],
  ['(list->hash-map 5)', 'list->hash-map: expected a proper list'],
  ['(hash-map-keys 1)', 'hash-map-keys: expected a hash-map'],
  ['(hash-map-assoc (hash-map) (list car) 1)', 'hash-map-assoc: unhashable value'],
  ['(hash car)', 'hash: unhashable value'],
  ['(hash-set 3 1 3)', '#hashset{3 1}'],
  ['(hash-set-add 5 1)', 'hash-set-add: expected a hash-set'],
  ['(hash-set-contains? (hash-set) car)', 'hash-set-contains?: unhashable value'],
  ['(hash-set-union (hash-set 1) 5)', 'hash-set-union: expected a hash-set'],
  ['(hash-set-diff (hash-set 1 2 3) (hash-set 2))', '#hashset{1 3}'],
  ["(list->hash-set '(1 . 2))", 'list->hash-set: expected a proper list'],
]);

check('atoms, errors, finalizers', [
  ['(%atom-deref (%atom-new 1))', '1'],
  ['(%atom-deref 5)', '%atom-deref: expected an atom'],
  ["(%atom-reset! 'a 1)", '%atom-reset!: expected an atom'],
  ['(%atom-compare-and-set! (%atom-new 1) 1 2)', '#t'],
  ["(%atom-compare-and-set! (%atom-new '(1)) '(1) 2)", '#f'],
  ['(error "bad" 1 "x" \'y)', 'runtime.user-error: bad 1 "x" y'],
  ["(error '(1 2) 3)", 'runtime.user-error: (1 2) 3'],
  ['(make-dual 1 2)', 'make-dual: Dual AD has been removed  -  use tape-based AD instead'],
  ['((dual-backprop 1) 5)', '()'],
  ["(%stats-mean '(1))", 'runtime.user-error: %stats-mean: not in this build yet'],
  ['(tape-new)', 'runtime.user-error: tape-new: not in this build yet'],
  ['(torch/arange 1)', 'runtime.user-error: torch/arange: not in this build yet'],
  ['(tape-new 1 2)', 'runtime.user-error: tape-new: not in this build yet'],
]);

check('ports', [
  ['(write-string 5)', 'write-string: first argument must be a string'],
  ['(write-string "a" 5)', 'not a port'],
  ['(write-char "a")', 'write-char: first argument must be a character'],
  ["(display 1 'x)", 'not a port'],
  ['(read-char 5)', 'not a port'],
  ['(read-u8)', 'read-u8: not a binary port'],
  ['(write-u8 256 (open-output-bytevector))', 'write-u8: argument must be a byte (0-255)'],
  ['(write-u8 1 5)', 'not a port'],
  ['(write-u8 1)', 'write-u8: not a binary port'],
  ['(get-output-string (open-output-bytevector))', 'get-output-string: not a string port'],
  ['(get-output-string (open-input-string "abc"))', '"abc"'],
  ['(get-output-bytevector (open-output-string))', 'get-output-bytevector: not a binary port'],
  ['(open-input-string 5)', 'open-input-string: not a string'],
  ['(open-input-bytevector "ab")', 'open-input-bytevector: not a bytevector'],
  ['(close-input-port (open-output-string))', 'close-input-port: not an input port'],
  ['(close-output-port (open-input-string ""))', 'close-output-port: not an output port'],
  ['(set-current-output-port! (open-input-string ""))', 'set-current-output-port!: not an output port'],
  ['(set-current-error-port! (open-input-string ""))', 'set-current-error-port!: not an output port'],
  ["(set-current-input-port! '())", 'not a port'],
  ['(write-char #\\a (open-input-string ""))', 'Cannot write to input string port'],
  ['(display 1 (open-output-bytevector))', 'Port is not writable'],
  ["(write-u8 1 (open-input-bytevector '#u8()))", 'Cannot write to input binary port'],
  ['(read-char (open-output-string))', '#f'],
  ["(read-char (open-input-bytevector '#u8(65)))", '#f'],
  ['(%r7rs-read-char (open-input-string ""))', '#<eof>'],
  ['(read-line (open-input-string "a\\rb\\nc"))', '"ab"'],
  ['(read-string 2 (open-input-string "λ𝄞z"))', '"λ𝄞"'],
  ["(read-bytevector 5 (open-input-bytevector '#u8(1 2)))", '#u8(1 2)'],
  ['(eof-object? #f)', '#t'],
  ['(%r7rs-eof-object? #f)', '#f'],
  ['(read (open-input-string "(1 . 2) x"))', '(1 . 2)'],
  ['(read (open-input-string "  "))', '#f'],
  ['(open-input-file 1)', 'open-input-file: not a string'],
  ['(open-append-file 1)', 'open-append-file: not a string'],
  ['(open-append-file "/nowhere/x")', 'open-append-file: could not open file: /nowhere/x: No such file or directory'],
  ['(open-input-file "/nowhere/x")', 'open-input-file: could not open file: /nowhere/x: No such file or directory'],
]);

test('malformed data ends in an error, and reading goes on behind it', () => {
  const calls = new LeafCalls();
  calls.set('p', new StringInput('#\\nothing after'));
  expect(calls.outcome('(read p)')).toMatch(/^runtime\.read-error: read: ./);
  expect(calls.outcome('(read p)')).toBe('after');
});

test('printing goes to the current output port', () => {
  const calls = new LeafCalls();
  calls.run(
    '(begin (display "a") (write "b") (newline) (write-char #\\c) (write-shared (list \'x)) (%r7rs-write \'|a b|))',
  );
  expect(calls.printed).toBe('a"b"\nc(x)|a b|');
  calls.set('shared', calls.run('(list 1)'));
  calls.run('(begin (newline) (write-shared (list shared shared)))');
  expect(calls.printed.endsWith('\n(#0=(1) #0#)')).toBe(true);
});

describe('file ports', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'eta-ports-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const opened = (name: string, bytes?: Uint8Array | string): LeafCalls => {
    const calls = new LeafCalls();
    calls.set('path', join(folder, name));
    if (bytes !== undefined) writeFileSync(join(folder, name), bytes);
    return calls;
  };

  test('text and bytes arrive as they were written', () => {
    const calls = opened('out');
    calls.set('o', calls.run('(open-output-file path)'));
    expect(calls.outcome('(list (output-port? o) (input-port? o) (binary-port? o))')).toBe('(#t #f #f)');
    calls.run('(begin (write-string "line1\\nλ2\\r\\n" o) (write \'(a "b") o) (close-port o) (close-port o))');
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('line1\nλ2\r\n(a "b")');
    expect(calls.outcome('(write-string "x" o)')).toBe('runtime.type-error: FilePort is not writable');
    calls.set('b', calls.run('(open-binary-output-file path)'));
    calls.run("(begin (write-u8 255 b) (write-bytevector '#u8(1 2 3) b 1) (close-port b))");
    expect([...readFileSync(join(folder, 'out'))]).toEqual([255, 2, 3]);
  });

  test('what was written is seen by who opens the file next', () => {
    const calls = opened('shared');
    calls.set('o', calls.run('(open-output-file path)'));
    calls.run('(write-string "not flushed" o)');
    expect(calls.outcome('(read-line (open-input-file path))')).toBe('"not flushed"');
  });

  test('a named pipe is read to the end of what is written to it, and written as far as it is read', async () => {
    const path = join(folder, 'pipe');
    spawnSync('mkfifo', [path]);
    const calls = opened('pipe');
    calls.set('i', calls.run('(open-input-file path)'));
    const writer = spawn('sh', ['-c', 'sleep 0.1; (echo one; sleep 0.1; printf two) > "$0"', path]);
    expect(calls.outcome('(list (read-line i) (read-line i) (read-line i))')).toBe('("one" "two" #f)');
    await once(writer, 'exit');
    const reader = spawn('sh', ['-c', 'sleep 0.1; cat "$0" | wc -c', path]);
    let count = '';
    reader.stdout.on('data', (bytes) => (count += bytes));
    calls.set('o', calls.run('(open-output-file path)'));
    calls.run('(begin (write-string (make-string 300000 #\\x) o) (close-port o))');
    await once(reader, 'close');
    expect(count.trim()).toBe('300000');
  });

  test('characters that lie across the edge of the buffer', () => {
    const calls = opened('long', `${'x'.repeat(65_535)}λ${'y'.repeat(65_534)}𝄞\nlast`);
    calls.set('p', calls.run('(open-input-file path)'));
    calls.run('(read-string 65535 p)');
    expect(calls.outcome('(list (peek-char p) (read-char p))')).toBe('(#\\x3BB #\\x3BB)');
    expect(calls.outcome('(string-length (read-line p))')).toBe('65535');
    expect(calls.outcome('(list (read-line p) (read-line p))')).toBe('("last" #f)');
  });

  test('malformed bytes read as the end, once, and the rest follows', () => {
    const calls = opened('bad', Uint8Array.from([0x61, 0xff, 0x62, 0xe2, 0x82, 0x63, 0xc0, 0x80, 0xe2]));
    calls.set('p', calls.run('(open-input-file path)'));
    const read = (): string => calls.outcome('(read-char p)');
    expect(Array.from({ length: 9 }, read)).toEqual(['#\\a', '#f', '#\\b', '#f', '#\\c', '#f', '#f', '#f', '#f']);
    calls.set('q', calls.run('(open-input-file path)'));
    expect(calls.outcome('(begin (%r7rs-read-char q) (%r7rs-read-char q))')).toBe('#\\xFFFD');
    expect(MALFORMED).not.toBe(-1);
  });

  test('data over several lines, one after the other', () => {
    const calls = opened('data', '(a\n b) "c" ; comment\n\n#(1\n2) (open');
    calls.set('p', calls.run('(open-input-file path)'));
    const read = (): string => calls.outcome('(read p)');
    expect([read(), read(), read()]).toEqual(['(a b)', '"c"', '#(1 2)']);
    expect(read()).toMatch(/^runtime\.read-error/);
    expect(read()).toBe('#f');
  });

  test('a closed port reads as empty', () => {
    const calls = opened('closed', 'text');
    calls.set('p', calls.run('(open-input-file path)'));
    expect(calls.outcome('(begin (close-port p) (read-char p))')).toBe('#f');
    expect(calls.outcome('(list (input-port? p) (input-port-open? p))')).toBe('(#t #f)');
    expect(calls.outcome('(write-string "x" p)')).toBe('runtime.type-error: FilePort is not writable');
  });
});

// Numbers: arithmetic, comparison, rounding, transcendental functions, conversion to and from text.
//
// The rules are in values/numbers.ts; here are the procedures, of any number of arguments where they have that.
// Where R7RS gives a name another meaning than Eta does, its own version is `%r7rs-NAME`, which the (scheme …)
// libraries export under the plain name.
//
// Source: builtins §5, README V2–V5, R7RS 6.2.

import type { Define } from '../bytecode/builtin-table.ts';
import { parseNumber } from '../reader/number-syntax.ts';
import { typeError } from '../values/errors.ts';
import { MutableString } from '../values/mutable-string.ts';
import { numberToText } from '../values/number-text.ts';
import * as numbers from '../values/numbers.ts';
import { flonum, MultipleValues, type Value } from '../values/types.ts';
import { wantCount, wantExactInteger, wantNumber, wantString } from './arguments.ts';

const r7rs = 'R7RS 6.2.6';

export function defineNumbers(define: Define): void {
  defineArithmetic(define);
  defineComparison(define);
  defineExtremes(define);
  defineIntegerDivision(define);
  defineRounding(define);
  defineTranscendentals(define);
  defineKinds(define);
  defineText(define);
}

const errors = 'an argument is not a number';

function defineArithmetic(define: Define): void {
  const spec = 'builtins §5.1';
  define(
    '(+ n …)',
    { doc: 'The sum, 0 of nothing. Integers stay exact within 64 bits.', errors, spec, isLeftFold: true },
    (...items: Value[]) => accumulate(items, numbers.add, 0),
  );
  define(
    '(- n m …)',
    { doc: 'The difference; of one argument, its negative.', errors, spec, isLeftFold: true },
    (...items: Value[]) => (items.length === 1 ? numbers.negate(items[0]) : items.reduce((a, b) => numbers.sub(a, b))),
  );
  define(
    '(* n …)',
    { doc: 'The product, 1 of nothing. Integers stay exact within 64 bits.', errors, spec, isLeftFold: true },
    (...items: Value[]) => accumulate(items, numbers.mul, 1),
  );
  define(
    '(/ n m …)',
    {
      doc: 'The ratio: an integer where integers divide exactly, else a flonum. Of one argument, its reciprocal, a flonum.',
      errors: `${errors}; a divisor is zero`,
      spec,
      isLeftFold: true,
    },
    (...items: Value[]) =>
      items.length === 1 ? numbers.reciprocal(items[0]) : items.reduce((a, b) => numbers.div(a, b)),
  );
  define('(abs n)', { doc: 'The magnitude.', errors, spec }, numbers.abs);
  define('(square n)', { doc: 'The product of n with itself.', errors, spec: r7rs }, (n: Value) => numbers.mul(n, n));
}

/** From the left; a single operand is combined with the neutral one, which checks that it is a number. */
function accumulate(items: readonly Value[], combine: (a: Value, b: Value) => Value, neutral: Value): Value {
  if (items.length === 2) return combine(items[0], items[1]);
  return items.length > 1 ? items.reduce((a, b) => combine(a, b)) : items.reduce(combine, neutral);
}

type Relation = (a: Value, b: Value) => boolean;

const RELATIONS: readonly (readonly [name: string, meaning: string, holds: Relation])[] = [
  ['=', 'equal', numbers.numEq],
  ['<', 'ascending', numbers.lt],
  ['>', 'descending', numbers.gt],
  ['<=', 'ascending or equal', numbers.le],
  ['>=', 'descending or equal', numbers.ge],
];

function defineComparison(define: Define): void {
  for (const [name, meaning, holds] of RELATIONS) {
    const holdsOfAll = (items: readonly Value[]): boolean => {
      for (let i = 1; i < items.length; i++) if (!holds(items[i - 1], items[i])) return false;
      return true;
    };
    define(
      `(${name} a b c …)`,
      {
        doc: `Whether the arguments are ${meaning}, compared two by two up to the first pair for which it is false.`,
        errors: 'an argument that is compared is not a number',
        spec: 'builtins §5.2',
        ofMany: holdsOfAll,
      },
      (...items: Value[]) => holdsOfAll(items),
    );
  }
  const spec = 'builtins §5.2';
  define('(zero? n)', { doc: 'Whether n is zero.', errors, spec }, numbers.isZero);
  define('(positive? n)', { doc: 'Whether n is above zero.', errors, spec }, numbers.isPositive);
  define('(negative? n)', { doc: 'Whether n is below zero.', errors, spec }, numbers.isNegative);
  const isEven = (n: Value): boolean => numbers.isZero(numbers.modulo(n, 2));
  define('(even? n)', { doc: 'Whether n is a multiple of 2.', errors, spec: r7rs }, isEven);
  define('(odd? n)', { doc: 'Whether n is no multiple of 2.', errors, spec: r7rs }, (n: Value) => !isEven(n));
}

function defineExtremes(define: Define): void {
  for (const [name, meaning, choose] of [
    ['min', 'least', numbers.min],
    ['max', 'greatest', numbers.max],
  ] as const) {
    const doc = `The ${meaning} argument; a flonum if one of them is a flonum.`;
    const extreme = (first: Value, ...rest: Value[]): Value =>
      rest.length === 1
        ? choose(first, rest[0])
        : rest.reduce(choose, wantNumber(first, `${name}: argument is not a number`));
    define(`(${name} a b c …)`, { doc, errors, spec: 'builtins §5.1', isLeftFold: true }, extreme);
    define(`(%r7rs-${name} a b …)`, { doc, errors, spec: r7rs, isLeftFold: true }, extreme);
  }
}

type Division = (a: Value, b: Value) => Value;

/** Each a function of its own: the host does not inline a call that goes to several. */
const DIVISIONS: readonly (readonly [name: string, doc: string, divide: Division, spec: string])[] = [
  ['modulo', 'The remainder that has the sign of b.', numbers.modulo, 'builtins §5.1'],
  ['remainder', 'The remainder that has the sign of a.', numbers.remainder, 'builtins §5.1'],
  ['quotient', 'The ratio truncated toward zero: an integer for integers.', numbers.quotient, r7rs],
  ['floor-quotient', 'The ratio rounded down.', numbers.floorQuotient, r7rs],
  ['floor-remainder', 'The remainder that has the sign of b.', (a, b) => numbers.modulo(a, b, 'floor-remainder'), r7rs],
  [
    'truncate-quotient',
    'The ratio truncated toward zero.',
    (a, b) => numbers.quotient(a, b, 'truncate-quotient'),
    r7rs,
  ],
  [
    'truncate-remainder',
    'The remainder that has the sign of a.',
    (a, b) => numbers.remainder(a, b, 'truncate-remainder'),
    r7rs,
  ],
];

function defineIntegerDivision(define: Define): void {
  const divisionErrors = `${errors}; b is zero`;
  for (const [name, doc, divide, spec] of DIVISIONS) {
    define(`(${name} a b)`, { doc, errors: divisionErrors, spec }, divide);
  }
  define(
    '(floor/ a b)',
    {
      doc: 'Two values: the ratio rounded down, and the remainder, of the sign of b.',
      errors: divisionErrors,
      spec: r7rs,
    },
    (a: Value, b: Value) => new MultipleValues([numbers.floorQuotient(a, b, 'floor/'), numbers.modulo(a, b, 'floor/')]),
  );
  define(
    '(truncate/ a b)',
    {
      doc: 'Two values: the truncated ratio, and the remainder, of the sign of a.',
      errors: divisionErrors,
      spec: r7rs,
    },
    (a: Value, b: Value) =>
      new MultipleValues([numbers.quotient(a, b, 'truncate/'), numbers.remainder(a, b, 'truncate/')]),
  );
  define('(gcd n …)', { doc: 'The greatest common divisor, 0 of nothing.', errors, spec: r7rs }, (...items: Value[]) =>
    items.reduce(greatestCommonDivisor, 0),
  );
  define('(lcm n …)', { doc: 'The least common multiple, 1 of nothing.', errors, spec: r7rs }, (...items: Value[]) =>
    items.reduce(leastCommonMultiple, 1),
  );
  define(
    '(exact-integer-sqrt n)',
    {
      doc: 'Two values: the greatest integer whose square is at most n, and the rest.',
      errors: 'n is not a non-negative integer',
      spec: r7rs,
    },
    (n: Value) => {
      const message = 'exact-integer-sqrt: not a non-negative integer';
      const integer = wantExactInteger(n, message);
      if (integer < 0) throw typeError(message, n);
      return new MultipleValues(numbers.exactIntegerSqrt(integer));
    },
  );
}

function greatestCommonDivisor(a: Value, b: Value): Value {
  let [x, y] = [numbers.abs(a), numbers.abs(b)];
  while (!numbers.isZero(y)) [x, y] = [y, numbers.modulo(x, y)];
  return x;
}

function leastCommonMultiple(a: Value, b: Value): Value {
  if (numbers.isZero(a) || numbers.isZero(b)) return 0;
  return numbers.abs(numbers.mul(a, numbers.quotient(b, greatestCommonDivisor(a, b))));
}

function defineRounding(define: Define): void {
  const kind = 'An integral argument comes back as it is, any other gives a flonum.';
  define('(floor n)', { doc: `The integral value at or below n. ${kind}`, errors, spec: 'README V5' }, numbers.floor);
  define(
    '(ceiling n)',
    { doc: `The integral value at or above n. ${kind}`, errors, spec: 'README V5' },
    numbers.ceiling,
  );
  define('(truncate n)', { doc: `The integral part of n. ${kind}`, errors, spec: 'README V5' }, numbers.truncate);
  define(
    '(round n)',
    {
      doc: `The integral value nearest to n; halves go up: 2.5 gives 3.0, -2.5 gives -2.0. ${kind}`,
      errors,
      spec: 'README V5',
    },
    numbers.round,
  );
  define(
    '(%r7rs-round n)',
    { doc: `The integral value nearest to n; halves go to the even one. ${kind}`, errors, spec: r7rs },
    numbers.roundToEven,
  );
}

const FUNCTIONS: readonly (readonly [name: string, doc: string, f: (x: number) => number])[] = [
  ['sin', 'The sine of an angle in radians.', Math.sin],
  ['cos', 'The cosine of an angle in radians.', Math.cos],
  ['tan', 'The tangent of an angle in radians.', Math.tan],
  ['asin', 'The arc sine; NaN outside -1 … 1.', Math.asin],
  ['acos', 'The arc cosine; NaN outside -1 … 1.', Math.acos],
  ['exp', 'The number e to the power n.', Math.exp],
  ['log', 'The natural logarithm; NaN below zero.', Math.log],
  ['sqrt', 'The square root; NaN below zero.', Math.sqrt],
];

function defineTranscendentals(define: Define): void {
  const spec = 'builtins §5.3';
  for (const [name, doc, f] of FUNCTIONS) {
    const message = `${name}: argument is not a number`;
    define(`(${name} n)`, { doc: `${doc} A flonum.`, errors, spec }, (n: Value) =>
      flonum(f(numbers.wantDouble(n, message))),
    );
  }
  define(
    '(atan y [x])',
    { doc: 'The arc tangent of y, or with two arguments the angle of the point (x, y). A flonum.', errors, spec },
    (...items: Value[]) => {
      // Of more than two arguments all but the first are ignored, as in the reference.
      const [y, x] = (items.length === 2 ? items : items.slice(0, 1)).map((item) =>
        numbers.wantDouble(item, 'atan: argument is not a number'),
      );
      return flonum(x === undefined ? Math.atan(y) : Math.atan2(y, x));
    },
  );
  define('(pow base n)', { doc: 'The power, a flonum.', errors, spec }, (base: Value, n: Value) => {
    const message = 'pow: arguments must be numbers';
    return flonum(numbers.wantDouble(base, message) ** numbers.wantDouble(n, message));
  });
  define(
    '(expt base n)',
    {
      doc: 'The power: exact for an integer base and a non-negative integer n while it fits 64 bits.',
      errors,
      spec: r7rs,
    },
    numbers.expt,
  );
  define(
    '(%r7rs-sqrt n)',
    { doc: 'The square root, an integer for the square of one; NaN below zero.', errors, spec: r7rs },
    (n: Value) => {
      const root = Math.sqrt(numbers.wantDouble(n, 'sqrt: argument is not a number'));
      if (typeof n === 'number') return Number.isInteger(n) && root * root === n ? root : flonum(root);
      if (typeof n !== 'bigint' || n < 0n) return flonum(root);
      const [exact, rest] = numbers.exactIntegerSqrt(n);
      return rest === 0 ? exact : flonum(root);
    },
  );
  define(
    '(%r7rs-log n [base])',
    { doc: 'The logarithm to a base, the natural one without.', errors, spec: r7rs },
    (n: Value, base?: Value) => {
      const message = 'log: argument is not a number';
      const logarithm = Math.log(numbers.wantDouble(n, message));
      return flonum(base === undefined ? logarithm : logarithm / Math.log(numbers.wantDouble(base, message)));
    },
  );
}

function defineKinds(define: Define): void {
  const spec = 'builtins §4';
  define('(number? obj)', { doc: 'Whether obj is an integer or a flonum.', spec }, numbers.isNumber);
  define(
    '(integer? obj)',
    { doc: 'Whether obj is an integer, or a finite flonum without a fraction.', spec },
    numbers.isIntegral,
  );
  define('(complex? obj)', { doc: 'Whether obj is a number.', spec: r7rs }, numbers.isNumber);
  define('(real? obj)', { doc: 'Whether obj is a number.', spec: r7rs }, numbers.isNumber);
  const isRational = (obj: Value): boolean => Number.isFinite(numbers.doubleOf(obj));
  define('(rational? obj)', { doc: 'Whether obj is a finite number.', spec: r7rs }, isRational);
  define(
    '(exact-integer? obj)',
    { doc: 'Whether obj is an integer, not a flonum.', spec: r7rs },
    numbers.isExactInteger,
  );

  const ofNumber =
    (who: string, holds: (n: Value) => boolean) =>
    (n: Value): boolean =>
      holds(wantNumber(n, `${who}: argument is not a number`));
  define(
    '(exact? n)',
    { doc: 'Whether n is an integer, not a flonum.', errors, spec: r7rs },
    ofNumber('exact?', numbers.isExactInteger),
  );
  define('(inexact? n)', { doc: 'Whether n is a flonum.', errors, spec: r7rs }, ofNumber('inexact?', numbers.isFlonum));
  define(
    '(finite? n)',
    { doc: 'Whether n is neither infinite nor NaN.', errors, spec: r7rs },
    ofNumber('finite?', isRational),
  );
  define(
    '(infinite? n)',
    { doc: 'Whether n is an infinity.', errors, spec: r7rs },
    ofNumber('infinite?', (n) => Math.abs(Number(numbers.doubleOf(n))) === Number.POSITIVE_INFINITY),
  );
  define(
    '(nan? n)',
    { doc: 'Whether n is NaN.', errors, spec: r7rs },
    ofNumber('nan?', (n) => Number.isNaN(numbers.doubleOf(n))),
  );

  const exactErrors = 'n is not a number, has a fraction, or lies outside 64 bits';
  const inexactDoc = { doc: 'The flonum nearest to n.', errors, spec: r7rs };
  define('(exact n)', { doc: 'The integer equal to an integral n.', errors: exactErrors, spec: r7rs }, numbers.exact);
  define(
    '(inexact->exact n)',
    { doc: 'The integer equal to an integral n.', errors: exactErrors, spec: r7rs },
    numbers.exact,
  );
  define('(inexact n)', inexactDoc, numbers.inexact);
  define('(exact->inexact n)', inexactDoc, numbers.inexact);
  defineFractions(define);
}

function defineFractions(define: Define): void {
  define('(numerator n)', { doc: 'The numerator of n in lowest terms.', errors, spec: r7rs }, (n: Value) => {
    const [numerator] = fractionOf(n, 'numerator');
    return numbers.isExactInteger(n) ? n : flonum(numerator);
  });
  define('(denominator n)', { doc: 'The denominator of n in lowest terms.', errors, spec: r7rs }, (n: Value) => {
    const [, denominator] = fractionOf(n, 'denominator');
    return numbers.isExactInteger(n) ? 1 : flonum(denominator);
  });
  define(
    '(rationalize n d)',
    { doc: 'The simplest number that differs from n by no more than d.', errors, spec: r7rs },
    (n: Value, d: Value) => {
      const message = 'rationalize: argument is not a number';
      const [x, y] = [numbers.wantDouble(n, message), Math.abs(numbers.wantDouble(d, message))];
      const result = simplestWithin(x - y, x + y);
      return numbers.isExactInteger(n) && numbers.isExactInteger(d) ? numbers.exact(flonum(result)) : flonum(result);
    },
  );
}

/** A finite double as a fraction in lowest terms; its denominator is a power of two. */
function fractionOf(n: Value, who: string): [number, number] {
  let numerator = numbers.wantDouble(n, `${who}: argument is not a number`);
  if (!Number.isFinite(numerator)) throw typeError(`${who}: argument is not finite`, n);
  let denominator = 1;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2;
  }
  return [numerator, denominator];
}

/** The fraction with the least denominator in an interval (Stern and Brocot). */
function simplestWithin(low: number, high: number): number {
  if (Number.isNaN(low) || Number.isNaN(high)) return Number.NaN;
  if (low <= 0 && high >= 0) return 0;
  if (high < 0) return -simplestWithin(-high, -low);
  const whole = Math.floor(low);
  if (whole === low || !Number.isFinite(low)) return low;
  if (whole + 1 <= high) return whole + 1;
  return whole + 1 / simplestWithin(1 / (high - whole), 1 / (low - whole));
}

function defineText(define: Define): void {
  const textErrors = 'n is not a number; radix is not in 2 … 36';
  define(
    '(number->string n [radix])',
    { doc: 'The text of n, an integral flonum without a point.', errors: textErrors, spec: 'builtins §7, README V2' },
    (n: Value, radix?: Value) =>
      numberToText(wantNumber(n, 'number->string: not a number'), 'display', wantRadix(radix, 'number->string')),
  );
  define(
    '(%r7rs-number->string n [radix])',
    { doc: 'The text of n, which reads back as the same number.', errors: textErrors, spec: r7rs },
    (n: Value, radix?: Value) => {
      const number = wantNumber(n, 'number->string: not a number');
      return new MutableString(numberToText(number, 'write', wantRadix(radix, 'number->string')));
    },
  );
  define(
    '(string->number s [radix])',
    {
      doc: 'The number that s spells in the syntax of the reader, #f if it spells none.',
      errors: 's is not a string; radix is not in 2 … 36',
      spec: 'builtins §7, README Settled details',
    },
    (s: Value, radix?: Value) =>
      parseNumber(wantString(s, 'string->number: not a string'), wantRadix(radix, 'string->number')) ?? false,
  );
}

function wantRadix(radix: Value | undefined, who: string): number {
  if (radix === undefined) return 10;
  const message = `${who}: radix must be an integer from 2 to 36`;
  const base = wantCount(radix, message);
  if (base < 2 || base > 36) throw typeError(message, radix);
  return base;
}

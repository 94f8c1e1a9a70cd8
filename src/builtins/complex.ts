// (scheme complex), as far as it goes without complex numbers: every number is real.
//
// Source: R7RS 6.2.6.

import type { Define } from '../bytecode/builtin-table.ts';
import { typeError } from '../values/errors.ts';
import { abs, isExactInteger, isZero, lt, wantDouble } from '../values/numbers.ts';
import { flonum, type Value } from '../values/types.ts';
import { wantNumber } from './arguments.ts';

const spec = 'R7RS 6.2.6';
const errors = 'an argument is not a number';

export function defineComplex(define: Define): void {
  const number = (n: Value, who: string): Value => wantNumber(n, `${who}: argument is not a number`);
  define('(real-part n)', { doc: 'n itself.', errors, spec }, (n: Value) => number(n, 'real-part'));
  define('(imag-part n)', { doc: '0: every number is real.', errors, spec }, (n: Value) => {
    number(n, 'imag-part');
    return 0;
  });
  define('(magnitude n)', { doc: 'The absolute value.', errors, spec }, (n: Value) => abs(number(n, 'magnitude')));
  define('(angle n)', { doc: 'Pi for a negative number, else 0.', errors, spec }, (n: Value) => {
    const isNegative = lt(number(n, 'angle'), 0);
    if (isNegative) return Math.PI;
    return isExactInteger(n) ? 0 : flonum(0);
  });
  for (const [usage, polar] of [
    ['(make-rectangular x y)', false],
    ['(make-polar magnitude angle)', true],
  ] as const) {
    const who = usage.slice(1, usage.indexOf(' '));
    const doc = `The number of these ${polar ? 'polar' : 'rectangular'} coordinates, if it is real.`;
    define(usage, { doc, errors: `${errors}; the number is not real`, spec }, (a: Value, b: Value) => {
      number(a, who);
      wantDouble(b, `${who}: argument is not a number`);
      if (!isZero(b)) throw typeError(`${who}: there are no complex numbers`, b);
      return a;
    });
  }
}

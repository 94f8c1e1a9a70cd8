// The counter that a program has in front of its forms while `etai test --coverage` runs it (testing/instrument.ts).
//
// Every session has it, so that code that was made for counting also runs in threads, where nobody counts.

import type { Define } from '../bytecode/builtin-table.ts';
import { NIL } from '../values/types.ts';

export function defineCoverage(define: Define, count: (n: number) => void): void {
  define('(%cover n)', { doc: 'Count that form n is about to be run.', spec: 'tools §16.4' }, (n: number) => {
    count(n);
    return NIL;
  });
}

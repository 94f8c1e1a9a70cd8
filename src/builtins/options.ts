// Option lists of library procedures: `'key value 'key value …`, read one pair at a time, left to right.
//
// Source: stdlib §1, "Option lists".

import type { Define } from '../bytecode/builtin-table.ts';
import { userError } from '../values/errors.ts';
import { textOf } from '../values/mutable-string.ts';
import { intern, listFrom, NIL, Pair, Sym, type Value } from '../values/types.ts';

export function defineOptions(define: Define): void {
  define(
    '(%option-name options who)',
    {
      doc: 'The name, a symbol without its leading colon, that an option list begins with; a value follows it.',
      errors: 'no value follows the first element; it is neither a symbol nor a string',
      spec: 'stdlib §1',
    },
    (options: Value, who: string) => {
      return firstOption(options, who).car;
    },
  );
  define(
    '(%options->alist options who)',
    {
      doc: 'The association list of an option list, with symbols without leading colons for keys.',
      errors: 'the list is of odd length; a key is neither a symbol nor a string',
      spec: 'stdlib §1',
    },
    (options: Value, who: string) => {
      const entries: Pair[] = [];
      for (let rest = options; rest !== NIL; rest = ((rest as Pair).cdr as Pair).cdr)
        entries.push(firstOption(rest, who));
      return listFrom(entries);
    },
  );
}

/** The pair of name and value that an option list begins with. */
function firstOption(options: Value, who: string): Pair {
  if (!(options instanceof Pair && options.cdr instanceof Pair)) {
    throw userError(`${who}: options must be key/value pairs`);
  }
  const key = options.car instanceof Sym ? options.car.name : textOf(options.car);
  if (key === undefined) throw userError(`${who}: option key must be a symbol or string`);
  return new Pair(intern(key.replace(/^:/, '')), options.cdr.car);
}

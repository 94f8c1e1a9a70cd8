// The system interface of R7RS: (scheme process-context) and (scheme time), where Eta has no procedure of the same name.
//
// Source: R7RS 6.14.

import type { Define } from '../bytecode/builtin-table.ts';
import { ExitRequest } from '../values/errors.ts';
import { flonum, listFrom, type Value } from '../values/types.ts';
import { wantString } from './arguments.ts';
import type { BuiltinContext } from './context.ts';
import { environmentVariables, exitStatus } from './os.ts';

const spec = 'R7RS 6.14';
const JIFFIES_PER_SECOND = 1_000_000;
const NANOSECONDS_PER_JIFFY = 1000n;

export function defineR7rsSystem(define: Define, context: BuiltinContext): void {
  define('(command-line)', { doc: 'The name of the program, and its arguments.', spec }, () =>
    listFrom([context.programName?.() ?? '', ...context.programArguments]),
  );
  define(
    '(get-environment-variable name)',
    { doc: 'The value of an environment variable, #f if it is not set.', errors: 'name is not a string', spec },
    (name: Value) => process.env[wantString(name, 'get-environment-variable: name must be a string')] ?? false,
  );
  define(
    '(get-environment-variables)',
    { doc: 'All environment variables: an association list of strings.', spec },
    environmentVariables,
  );
  const status = '#t or nothing is status 0, an integer is itself, anything else is 1';
  define(
    '(%r7rs-exit [obj])',
    { doc: `End the program: ${status}. After-thunks of dynamic-wind run.`, spec },
    (obj: Value = true) => {
      throw new ExitRequest(anyStatus(obj));
    },
  );
  define(
    '(emergency-exit [obj])',
    { doc: `End the program at once: ${status}. After-thunks do not run.`, spec },
    (obj: Value = true) => {
      throw new ExitRequest(anyStatus(obj), true);
    },
  );
  define('(current-second)', { doc: 'Seconds since the beginning of 1970, a flonum.', spec }, () =>
    flonum(Date.now() / 1000),
  );
  define('(current-jiffy)', { doc: 'A count of microseconds from an arbitrary moment.', spec }, () =>
    Number(process.hrtime.bigint() / NANOSECONDS_PER_JIFFY),
  );
  define('(jiffies-per-second)', { doc: 'How many jiffies make a second.', spec }, () => JIFFIES_PER_SECOND);
}

/** R7RS gives every object a meaning: what is no success is a failure. */
function anyStatus(obj: Value): number {
  const isStatus = typeof obj === 'boolean' || typeof obj === 'bigint' || Number.isInteger(obj);
  return exitStatus(isStatus ? obj : false);
}

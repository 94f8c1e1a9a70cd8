// What a program does, on one tier: everything that the tiers have to agree about.

import { Session } from '../../src/session/session.ts';
import { StringInput, StringOutput } from '../../src/values/ports.ts';
import { writeText } from '../../src/values/printer.ts';
import type { TierMode } from '../../src/vm/javascript/tier.ts';

/** Its value or errors, with the places and traces of these, and its output, as one text. */
export function behaviour(program: string, tier: TierMode): string {
  const output = new StringOutput();
  const session = new Session({ tier, ports: { input: new StringInput(''), output, error: new StringOutput() } });
  try {
    const { kind, value, findings } = session.evaluateText(program, 'random.eta');
    const errors = findings.map(({ message, span, trace, hint }) => {
      const calls = (trace ?? []).map(({ name, span }) => `  ${name} ${span.startLine}:${span.startColumn}`);
      return [`${message} ${hint ?? ''} at ${span.startLine}:${span.startColumn}`, ...calls].join('\n');
    });
    return [kind, value === undefined ? '' : writeText(value), ...errors, output.contents].join('\n');
  } finally {
    session.close();
  }
}

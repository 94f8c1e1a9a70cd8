// Calls of the procedures of a record type, as JavaScript: the procedures are known when the caller is translated.
//
//     (point-x p)     becomes     if (l0.type === k1) r = l0.fields[0]; else …the call, which raises
//
// Only a record has a record type in a property `type`.

import { recordProcedureOf } from '../../bytecode/record-procedures.ts';
import type { BaseCase } from './base-cases.ts';
import type { Unit } from './unit.ts';

export interface RecordCall extends BaseCase {
  /** The test always holds. */
  readonly isCertain: boolean;
  /** The value is one of the host's booleans. */
  readonly isTest: boolean;
}

/** What a call of this procedure gives, and when; null for other procedures, and for a wrong number of arguments. */
export function recordCall(procedure: object, args: readonly string[], unit: Unit): RecordCall | null {
  const known = recordProcedureOf(procedure);
  if (known === undefined) return null;
  const { type, role } = known;
  const [record, value] = args;
  const name = unit.constantName(type);
  const isOfType = `${record}.type === ${name}`;
  const partial = (text: string): RecordCall => ({ test: isOfType, value: text, isCertain: false, isTest: false });
  switch (role.kind) {
    case 'constructor': {
      if (args.length !== role.indices.length) return null;
      const fields = type.fields.map((_, i) => (role.indices.includes(i) ? args[role.indices.indexOf(i)] : 'NIL'));
      return { test: 'true', value: `recordOf(${[name, ...fields].join(', ')})`, isCertain: true, isTest: false };
    }
    case 'predicate':
      return args.length === 1 ? { test: 'true', value: isOfType, isCertain: true, isTest: true } : null;
    case 'accessor':
      return args.length === 1 ? partial(`${record}.fields[${role.index}]`) : null;
    case 'modifier':
      return args.length === 2 ? partial(`(${record}.fields[${role.index}] = ${value}, NIL)`) : null;
  }
}

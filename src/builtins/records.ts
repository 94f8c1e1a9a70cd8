// Records: what `define-record-type` expands to.
//
// Each evaluation of the form makes a new type; constructor, predicate, accessors and modifiers are primitives made
// for it. Accessors and modifiers check the type (README, Settled details). A procedure can tell its role, so that it
// can be made again in a thread actor. Source: language §8.3, R7RS 5.5.

import type { Define } from '../bytecode/builtin-table.ts';
import { Primitive, type PrimitiveFunction } from '../bytecode/procedures.ts';
import { typeError } from '../values/errors.ts';
import { listToArray, NIL, RecordInstance, RecordType, type Sym, type Value } from '../values/types.ts';

const spec = 'language §8.3';

/** What a record procedure does; fields are given by their index in the type. */
export type RecordRole =
  | { readonly kind: 'constructor'; readonly indices: readonly number[] }
  | { readonly kind: 'predicate' }
  | { readonly kind: 'accessor'; readonly index: number; readonly name: string }
  | { readonly kind: 'modifier'; readonly index: number; readonly name: string };

export interface RecordProcedure {
  readonly type: RecordType;
  readonly role: RecordRole;
}

// Beside the primitives, not in them: all primitives have one shape, which keeps calls fast.
const procedures = new WeakMap<object, RecordProcedure>();

/** What a procedure that was made here does, undefined for any other value. */
export const recordProcedureOf = (value: object): RecordProcedure | undefined => procedures.get(value);

/** Make the procedure of a record type that has this role. */
export function recordProcedure(type: RecordType, role: RecordRole): Primitive {
  const made = makeProcedure(type, role);
  procedures.set(made, { type, role });
  return made;
}

function makeProcedure(type: RecordType, role: RecordRole): Primitive {
  switch (role.kind) {
    case 'constructor': {
      const { indices } = role;
      const names = indices.map((i) => type.fields[i]);
      return primitive(`make-${type.name}`, names, `A new ${type.name}.`, (...args: Value[]) => {
        const fields = new Array<Value>(type.fields.length).fill(NIL);
        for (let i = 0; i < indices.length; i++) fields[indices[i]] = args[i];
        return new RecordInstance(type, fields);
      });
    }
    case 'predicate':
      return primitive(`${type.name}?`, ['obj'], `Whether obj is a ${type.name}.`, (value: Value) => {
        return value instanceof RecordInstance && value.type === type;
      });
    case 'accessor': {
      const { index, name } = role;
      return primitive(name, ['record'], `The ${type.fields[index]} of a ${type.name}.`, (record: Value) => {
        return wantRecord(record, type, name).fields[index];
      });
    }
    case 'modifier': {
      const { index, name } = role;
      const doc = `Set the ${type.fields[index]} of a ${type.name}.`;
      return primitive(name, ['record', 'value'], doc, (record: Value, value: Value) => {
        wantRecord(record, type, name).fields[index] = value;
        return NIL;
      });
    }
  }
}

const primitive = (name: string, parameters: readonly string[], doc: string, fn: PrimitiveFunction): Primitive =>
  new Primitive(name, `(${[name, ...parameters].join(' ')})`, parameters.length, false, fn, {
    doc,
    spec,
    isEtaCode: true,
  });

function wantRecord(value: Value, type: RecordType, who: string): RecordInstance {
  if (value instanceof RecordInstance && value.type === type) return value;
  throw typeError(`${who}: not a record of type ${type.name}`, value);
}

export function defineRecords(define: Define): void {
  define('(%make-record-type name fields)', { doc: 'A new record type.', spec }, (name: Sym, fields: Value) => {
    return new RecordType(
      name.name,
      listToArray(fields)!.map((field) => (field as Sym).name),
    );
  });

  define(
    '(%record-constructor type indices)',
    { doc: 'A procedure that makes records; argument i initialises the field with index i of the list.', spec },
    (type: RecordType, list: Value) =>
      recordProcedure(type, { kind: 'constructor', indices: listToArray(list) as number[] }),
  );

  define('(%record-predicate type)', { doc: 'The predicate of a record type.', spec }, (type: RecordType) =>
    recordProcedure(type, { kind: 'predicate' }),
  );

  define('(%record-accessor type index name)', { doc: 'The accessor of a field.', spec }, (type, index, name: Sym) =>
    recordProcedure(type, { kind: 'accessor', index, name: name.name }),
  );

  define('(%record-modifier type index name)', { doc: 'The modifier of a field.', spec }, (type, index, name: Sym) =>
    recordProcedure(type, { kind: 'modifier', index, name: name.name }),
  );
}

// Records: what `define-record-type` expands to.
//
// Each evaluation of the form makes a new type; constructor, predicate, accessors and modifiers are primitives made
// for it. Accessors and modifiers check the type (README, Settled details). Source: language §8.3, R7RS 5.5.

import type { Define } from '../bytecode/builtin-table.ts';
import { Primitive, type PrimitiveFunction } from '../bytecode/procedures.ts';
import { typeError } from '../values/errors.ts';
import { listToArray, NIL, RecordInstance, RecordType, type Sym, type Value } from '../values/types.ts';

const spec = 'language §8.3';

const procedure = (name: string, parameters: readonly string[], doc: string, fn: PrimitiveFunction): Primitive =>
  new Primitive(name, `(${[name, ...parameters].join(' ')})`, parameters.length, false, fn, { doc, spec });

function wantRecord(value: Value, type: RecordType, who: string): RecordInstance {
  if (value instanceof RecordInstance && value.type === type) return value;
  throw typeError(`${who}: not a record of type ${type.name}`);
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
    (type: RecordType, list: Value) => {
      const indices = listToArray(list) as number[];
      const names = indices.map((i) => type.fields[i]);
      return procedure(`make-${type.name}`, names, `A new ${type.name}.`, (...args: Value[]) => {
        const fields = new Array<Value>(type.fields.length).fill(NIL);
        for (let i = 0; i < indices.length; i++) fields[indices[i]] = args[i];
        return new RecordInstance(type, fields);
      });
    },
  );

  define('(%record-predicate type)', { doc: 'The predicate of a record type.', spec }, (type: RecordType) =>
    procedure(`${type.name}?`, ['obj'], `Whether obj is a ${type.name}.`, (value: Value) => {
      return value instanceof RecordInstance && value.type === type;
    }),
  );

  define('(%record-accessor type index name)', { doc: 'The accessor of a field.', spec }, (type, index, name: Sym) =>
    procedure(name.name, ['record'], `The ${type.fields[index]} of a ${type.name}.`, (record: Value) => {
      return wantRecord(record, type, name.name).fields[index];
    }),
  );

  define('(%record-modifier type index name)', { doc: 'The modifier of a field.', spec }, (type, index, name: Sym) =>
    procedure(name.name, ['record', 'value'], `Set the ${type.fields[index]} of a ${type.name}.`, (record, value) => {
      wantRecord(record, type, name.name).fields[index] = value;
      return NIL;
    }),
  );
}

// Records: what `define-record-type` expands to.
//
// Each evaluation of the form makes a new type; constructor, predicate, accessors and modifiers are primitives made
// for it. Accessors and modifiers check the type (README, Settled details). Source: language §8.3, R7RS 5.5.

import type { Define } from '../bytecode/builtin-table.ts';
import { Primitive, type PrimitiveFunction } from '../bytecode/procedures.ts';
import { noteRecordProcedure, type RecordRole } from '../bytecode/record-procedures.ts';
import { typeError } from '../values/errors.ts';
import { listToArray, NIL, RecordInstance, RecordType, recordOf, Sym, type Value } from '../values/types.ts';

const spec = 'language §8.3';

/** Make the procedure of a record type that has this role. */
export function recordProcedure(type: RecordType, role: RecordRole): Primitive {
  const made = makeProcedure(type, role);
  noteRecordProcedure(made, { type, role });
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
        return recordOf(type, ...fields);
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

// What `define-record-type` expands to. Compiled files can call these with anything.

const wantType = (type: Value, who: string): RecordType => {
  if (type instanceof RecordType) return type;
  throw typeError(`${who}: not a record type`, type);
};

const wantIndex = (index: Value, { fields }: RecordType, who: string): number => {
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < fields.length) return index;
  throw typeError(`${who}: not the index of a field`, index);
};

const wantName = (name: Value, who: string): string => {
  if (name instanceof Sym) return name.name;
  throw typeError(`${who}: not a symbol`, name);
};

const wantList = (list: Value, who: string): Value[] => {
  const items = listToArray(list);
  if (items !== null) return items;
  throw typeError(`${who}: not a list`, list);
};

export function defineRecords(define: Define): void {
  define('(%make-record-type name fields)', { doc: 'A new record type.', spec }, (name: Value, fields: Value) => {
    const who = '%make-record-type';
    return new RecordType(
      wantName(name, who),
      wantList(fields, who).map((field) => wantName(field, who)),
    );
  });

  define(
    '(%record-constructor type indices)',
    { doc: 'A procedure that makes records; argument i initialises the field with index i of the list.', spec },
    (value: Value, list: Value) => {
      const who = '%record-constructor';
      const type = wantType(value, who);
      const indices = wantList(list, who).map((index) => wantIndex(index, type, who));
      return recordProcedure(type, { kind: 'constructor', indices });
    },
  );

  define('(%record-predicate type)', { doc: 'The predicate of a record type.', spec }, (type: Value) =>
    recordProcedure(wantType(type, '%record-predicate'), { kind: 'predicate' }),
  );

  for (const kind of ['accessor', 'modifier'] as const) {
    const who = `%record-${kind}`;
    const doc = { doc: `The ${kind} of a field.`, spec };
    define(`(${who} type index name)`, doc, (value: Value, index: Value, name: Value) => {
      const type = wantType(value, who);
      return recordProcedure(type, { kind, index: wantIndex(index, type, who), name: wantName(name, who) });
    });
  }
}

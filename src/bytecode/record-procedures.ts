// What the procedures of a record type do: constructor, predicate, accessors and modifiers.
//
// They are primitives, made for their type when `define-record-type` is evaluated (builtins/records.ts). What one does is
// kept as data, so that it can be made again in a thread actor, and translated to JavaScript.

import type { RecordType } from '../values/types.ts';
import type { Primitive } from './procedures.ts';

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

export function noteRecordProcedure(primitive: Primitive, procedure: RecordProcedure): void {
  procedures.set(primitive, procedure);
}

/** What a record procedure does, undefined for any other value. */
export const recordProcedureOf = (value: object): RecordProcedure | undefined => procedures.get(value);

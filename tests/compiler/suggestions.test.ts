import { expect, test } from 'vitest';
import { didYouMean, nearestName } from '../../src/compiler/suggestions.ts';

const NAMES = ['println', 'print', 'car', 'cdr', 'hash-map-ref', 'x'];

// [name, the one that was meant]
test.each([
  ['printn', 'println'],
  ['pritnln', 'println'],
  ['hash-map-reff', 'hash-map-ref'],
  ['hashmap-ref', 'hash-map-ref'],
  ['caar', 'car'],
  ['cra', 'car'],
  ['zzz', null],
  ['y', null],
  ['X', 'x'],
  ['', null],
  ['map-hash-ref', 'hash-map-ref'],
  ['nmae', null],
  ['hash-set-add!', null],
])('%s was meant to be %s', (name, meant) => {
  expect(nearestName(name, NAMES)).toBe(meant);
});

test('no name is suggested for itself', () => {
  expect(nearestName('car', ['car'])).toBeNull();
});

test('a suggestion is a question', () => {
  expect(didYouMean('printn', NAMES)).toBe("did you mean 'println'?");
  expect(didYouMean('qqqqqq', NAMES)).toBeUndefined();
});

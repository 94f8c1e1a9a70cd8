// What diagnostics call a text.

import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { placeName, Source } from '../../src/values/span.ts';

const here = process.cwd();

// [name, path, what it is called]
test.each([
  ['util.eta', join(here, 'util.eta'), 'util.eta'],
  ['util.eta', join(here, 'lib', 'util.eta'), join('lib', 'util.eta')],
  ['util.eta', join(here, '..lib', 'util.eta'), join('..lib', 'util.eta')],
  ['util.eta', resolve(here, '..', 'util.eta'), resolve(here, '..', 'util.eta')],
  ['<stdin>', null, '<stdin>'],
  ['63', '/proc/1/fd/pipe:[77]', '63'],
])('%s of %s is %s', (name, path, called) => {
  expect(placeName(new Source(name, path, ''))).toBe(called);
});

test('the library is called by its modules', () => {
  expect(placeName(new Source('std/io.eta', join(here, 'stdlib', 'std', 'io.eta'), '', 1, true))).toBe('std/io.eta');
});

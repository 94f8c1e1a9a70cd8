// docs/faults.md has the table of a whole campaign, of the present scenarios, in which nothing was broken.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PAGE, TABLE_HEAD } from './campaign.ts';
import { SCENARIOS } from './scenarios.ts';

test('the published table is that of the present campaign', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '..', '..', PAGE), 'utf8');
  const table = page.slice(page.indexOf(TABLE_HEAD) + TABLE_HEAD.length);
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.map((row) => row.split(' | ')[0].slice(2))).toEqual(SCENARIOS.map(({ name }) => name));
  expect(table).not.toContain('**broken**');
  expect(table).toContain('All promises kept');
});

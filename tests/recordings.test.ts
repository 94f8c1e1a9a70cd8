// The sessions in the documentation: each command is given again, on a terminal, and must print what the page says.
// (UPDATE_RECORDINGS=1 writes into the pages what it prints.) Sessions in which somebody types are in tests/repl.

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import { expectSessions, hasSessions } from './support/recordings.ts';
import { hasTerminals } from './support/terminal.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].filter(hasSessions);

test.skipIf(!hasTerminals).each(PAGES)('%s', expectSessions);

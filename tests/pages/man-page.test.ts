// man/etai.1: that it is the page that the commands give (`npm run docs` writes it), and that man can set it.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { describeCommands } from '../../src/cli/command-modules.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { manPage } from '../../src/cli/man-page.ts';
import { createProgram } from '../../src/cli/options.ts';

const PAGE = path.resolve(import.meta.dirname, '..', '..', 'man', 'etai.1');
const text = manPage(await createProgram(), await describeCommands());

test('man/etai.1', async () => {
  await expect(text).toMatchFileSnapshot(PAGE);
});

test('it has each command', () => {
  const sections = [...text.matchAll(/^\.SS etai (\S+)/gm)].map(([, command]) => command);
  expect(sections).toEqual(Object.keys(COMMANDS));
});

const hasMan = spawnSync('man', ['--version']).status === 0;

test.runIf(hasMan)('man sets it without a complaint', () => {
  const run = spawnSync('man', ['--warnings', '-l', PAGE], {
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '100', MANPAGER: 'cat', LC_ALL: 'C.UTF-8' },
  });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  expect(run.stdout).toContain('etai bundle [options] [file]');
});

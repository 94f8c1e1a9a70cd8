// The npm package: what `npm pack` puts into it is enough, with its dependencies, to run programs, actors and commands.
// The dependencies are linked from this repository, so that no registry is asked.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './support.ts';

let folder = '';
let installed = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'eta-tarball-')));
  installed = join(folder, 'node_modules', 'etai');
  const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  mkdirSync(installed, { recursive: true });
  spawnSync('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', installed]);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), `@koromix/koffi-${process.platform}-${process.arch}`]) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function etai(...words: string[]): { stdout: string; stderr: string; status: number | null } {
  const file = join(installed, 'bin', 'etai');
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, ...words], { cwd: folder, encoding: 'utf8' });
  return { stdout, stderr, status };
}

test('runs programs and actors', () => {
  writeFileSync(
    join(folder, 'parent.eta'),
    '(define c (spawn "child.eta")) (println (recv! c (quote wait))) (spawn-wait c) (nng-close c)',
  );
  writeFileSync(join(folder, 'child.eta'), '(send! (current-mailbox) (list "from" "a child"))');
  expect(etai('parent.eta')).toEqual({ stdout: '(from a child)\n', stderr: '', status: 0 });
});

test('has the commands, a manual page and nothing that only developers need', () => {
  expect(etai('check', 'child.eta')).toMatchObject({ status: 0 });
  expect(etai('doctor')).toMatchObject({ stderr: '', status: 0 });
  const { man, bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const file of [man, ...Object.values<string>(bin)])
    expect(readFileSync(join(installed, file), 'utf8')).not.toBe('');
  const listed = spawnSync('find', ['.', '-type', 'f'], { cwd: installed, encoding: 'utf8' }).stdout;
  expect(listed).not.toMatch(/\.stamp|^\.\/(src|tests|bench|\.ci)\//m);
});

// What a new project consists of. Source: tools §8.2.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../values/folders.ts';
import { writeWhole } from '../values/whole-file.ts';
import { guarded } from './errors.ts';
import { moduleNameOf } from './names.ts';

export type ProjectKind = 'bin' | 'lib';

/** Make the files of a project in a folder; those that are there stay as they are. */
export function scaffold(folder: string, name: string, kind: ProjectKind): void {
  guarded(`cannot make the project in ${folder}`, () => {
    for (const [path, text] of Object.entries(filesOf(name, kind))) {
      const file = join(folder, path);
      makeFolder(dirname(file));
      if (!existsSync(file)) writeWhole(file, text);
    }
  });
}

function filesOf(name: string, kind: ProjectKind): Readonly<Record<string, string>> {
  const module = moduleNameOf(name);
  return {
    'eta.toml': MANIFEST_TEXT.replace('NAME', name),
    [`src/${module}.eta`]: (kind === 'bin' ? PROGRAM : LIBRARY).replaceAll('MODULE', module),
    'tests/smoke.test.eta': (kind === 'bin' ? PROGRAM_TEST : LIBRARY_TEST).replaceAll('MODULE', module),
    '.gitignore': '.eta/\n',
    'README.md': `# ${name}\n\n${kind === 'bin' ? 'A program' : 'A library'} written in Eta.\n`,
  };
}

const MANIFEST_TEXT = `[package]
name = "NAME"
version = "0.1.0"
license = "MIT"

[compatibility]
eta = ">=0.6, <0.8"

[dependencies]
`;

const PROGRAM = `(module MODULE
  (import std.io)
  (begin
    (println "Hello from MODULE")))
`;

const LIBRARY = `(module MODULE
  (export square)
  (begin
    (defun square (x) (* x x))))
`;

const PROGRAM_TEST = `(module MODULE.tests.smoke
  (import std.test)
  (begin
    (print-tap
      (run
        (make-group "MODULE"
                    (list (make-test "smoke"
                            (lambda () (assert-true #t)))))))))
`;

const LIBRARY_TEST = `(module MODULE.tests.smoke
  (import std.test (only MODULE square))
  (begin
    (print-tap
      (run
        (make-group "MODULE"
                    (list (make-test "square"
                            (lambda () (assert-equal 4 (square 2))))))))))
`;

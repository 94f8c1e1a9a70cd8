import { expect, test } from 'vitest';
import { parsePlain } from '../../src/cli/arguments.ts';
import { parseWithCommander } from '../../src/cli/options.ts';

const NONE = { path: null, mailbox: null, strictShadows: false, disasm: false, arguments: [] as string[] };

const parse = async (line: string) => {
  const argv = line.split(' ').filter((word) => word !== '');
  return parsePlain(argv) ?? (await parseWithCommander(argv));
};

// [command line, options other than the defaults]
test.each([
  ['f.eta', {}],
  ['f.eta a b', { arguments: ['a', 'b'] }],
  ['f.eta a -x -- b --path', { arguments: ['a', '-x', 'b', '--path'] }],
  ['f.eta a --strict-shadows b -- -- --help', { strictShadows: true, arguments: ['a', 'b', '--', '--help'] }],
  ['f.eta --mailbox ipc:///tmp/x', { mailbox: 'ipc:///tmp/x' }],
  ['--mailbox ipc:///tmp/x f.eta a', { mailbox: 'ipc:///tmp/x', arguments: ['a'] }],
  ['--path a f.eta --path b', { path: 'b' }],
  ['--path=a --disasm f.eta', { path: 'a', disasm: true }],
  ['--strict-shadows f.eta -e x --version', { strictShadows: true, arguments: ['-e', 'x', '--version'] }],
  ['--path a f.eta -- --path', { path: 'a', arguments: ['--path'] }],
])('%s runs f.eta', async (line, options) => {
  expect(await parse(line)).toEqual({ kind: 'run', file: 'f.eta', options: { ...NONE, ...options } });
});

test('- is standard input', async () => {
  expect(await parse('- a')).toMatchObject({ kind: 'run', file: '-', options: { arguments: ['a'] } });
  expect(await parse('--path p -')).toMatchObject({ kind: 'run', file: '-', options: { path: 'p' } });
});

test('expressions take the place of a file', async () => {
  expect(await parse('-e (+) --eval (*) -p a -- -b')).toMatchObject({
    kind: 'evaluate',
    expressions: ['(+)', '(*)'],
    print: true,
    options: { arguments: ['a', '-b'] },
  });
});

// [command line, message, how much of the usage stands below]
test.each([
  ['', 'no input file specified', 'whole'],
  ['-- f.eta', 'no input file specified', 'whole'],
  ['--path a', 'no input file specified', 'whole'],
  ['--path', '--path requires a value', 'synopsis'],
  ['f.eta --path', '--path requires a value', 'synopsis'],
  ['--strict-shadows --mailbox', '--mailbox requires a value', 'synopsis'],
  ['--eval', '--eval requires a value', 'synopsis'],
  ['-p f.eta', '--print requires --eval', 'synopsis'],
  ['--pth a f.eta', "unknown option '--pth'\n(Did you mean --path?)", 'synopsis'],
  ['-e 1 --profile', '--profile must be the first of all words', 'none'],
])('%j is refused: %s', async (line, message, usage) => {
  expect(await parse(line)).toEqual({ kind: 'refuse', message, usage });
});

test.each(['--help', '-h', 'f.eta --help', 'f.eta a -h', '--path a f.eta --help'])('%s prints usage', async (line) => {
  const command = await parse(line);
  expect(command).toMatchObject({ kind: 'tell', stream: 'stderr' });
  expect(command.kind === 'tell' && command.text).toMatch(/^Usage: etai \[options\] FILE \[--\] \[arg …\]\n/);
});

test('--version prints the version', async () => {
  const command = await parse('--version');
  expect(command).toMatchObject({ kind: 'tell', stream: 'stdout' });
  expect(command.kind === 'tell' && command.text).toMatch(/^etai \d+\.\d+\.\d+ \(eta language 0\.7-compatible, node v/);
});

// npm start: set up, then run the showcase; npm start -- FILE ARGS: run that program instead.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { setup } from './setup.mjs';
import { ROOT } from './setup-inputs.mjs';

try {
  setup({ quiet: true });
} catch (error) {
  console.error(`setup: ${error.message}`);
  process.exit(1);
}

const given = process.argv.slice(2);
const showcase = path.join(ROOT, 'examples', 'showcase', 'main.eta');
// npm runs scripts in the project's folder; the user's own is where a FILE that they name is meant to be.
const cwd = given.length > 0 ? (process.env.INIT_CWD ?? process.cwd()) : ROOT;
const args = [path.join(ROOT, 'bin', 'etai'), ...(given.length > 0 ? given : [showcase])];

const child = spawn(process.execPath, args, { cwd, stdio: 'inherit' });
// A terminal sends Ctrl-C to both of us. The program decides what it means; we stay to report its status.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});

// Messages: round trips and one-way sends between two Eta actors over each transport, against a C program that does the
// same on the same libnng, with sockets that have the same options.
//
// The C program (messages/pairbench.c) needs a compiler and libnng's headers (Debian: libnng-dev); without them the
// section says so and shows our figures alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, report } from './measure.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'messages');
const ROUNDS = 3;
const TRANSPORTS = ['inproc', 'ipc', 'tcp'];
const SIZES = { '16 B': 16, '64 B': 64, '1 kB': 1024, '64 kB': 65536, '1 MB': 1048576 };

/** Like an Eta handle or mailbox: frames are copied, and the receiver takes 128 of them in ahead. */
const PEER_OPTIONS = ['--copy', '--recv-buffer', '128', '--seconds', '0.5', '--sizes', Object.values(SIZES).join()];

/** Payloads of ping.eta, and the size that each is compared with: that of its frame, about. */
const PAYLOADS = { fixnum: 16, list: 64 };
for (const [name, bytes] of Object.entries(SIZES)) {
  PAYLOADS[`string ${name}`] = bytes;
  PAYLOADS[`bytevector ${name}`] = bytes;
}

export default function benchMessages(etai, results) {
  const build = mkdtempSync(join(tmpdir(), 'eta-bench-'));
  const pairbench = buildPeer(join(build, 'pairbench'));
  if (pairbench === null) console.log('C skipped: no compiler, or no libnng headers (libnng-dev).\n');
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const transport of TRANSPORTS) {
      const theirs = pairbench === null ? null : output([pairbench, '--transport', transport, ...PEER_OPTIONS], folder);
      const ours = output([process.execPath, etai, 'ping.eta', transport], folder);
      runs.push({
        transport,
        eta: ours
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
        c: theirs === null ? null : JSON.parse(theirs),
      });
    }
  }
  rmSync(build, { recursive: true });

  const rows = TRANSPORTS.flatMap((transport) =>
    ['round-trip', 'one-way'].flatMap((test) =>
      Object.entries(PAYLOADS).map(([payload, size]) => compare(runs, transport, test, payload, size)),
    ),
  );
  report('messages', results, `Messages (medians of ${ROUNDS} runs in turns; µs a message)`, rows, {
    transport: (row) => row.transport,
    test: (row) => row.test,
    payload: (row) => row.payload,
    'Eta µs': (row) => row.us.toFixed(1),
    'C µs': (row) => row.peer?.toFixed(1) ?? '-',
    'Eta/C': (row) => row.ratio?.toFixed(2) ?? '-',
  });
}

/** One row: the median times, and the median of the ratios of the runs. */
function compare(runs, transport, test, payload, size) {
  const own = runs.filter((run) => run.transport === transport);
  const us = own.map(({ eta }) => eta.find((r) => r.test === test && r.payload === payload).us_each);
  if (own[0].c === null) return { transport, test, payload, us: median(us), peer: null, ratio: null };
  const peer = own.map(({ c }) => peerTime(c, test, size));
  return { transport, test, payload, us: median(us), peer: median(peer), ratio: median(us.map((t, i) => t / peer[i])) };
}

function buildPeer(target) {
  const { status, error } = spawnSync('cc', ['-O2', '-o', target, join(folder, 'pairbench.c'), '-lnng', '-lpthread']);
  return error === undefined && status === 0 ? target : null;
}

function output([command, ...args], cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error !== undefined || status !== 0) throw new Error(`${command}: ${error ?? stderr}`);
  return stdout;
}

/** Microseconds a message of this size, from pairbench's report: means, as ours are. */
function peerTime(found, test, size) {
  const row = found.results.find((r) => r.bytes === size);
  return test === 'round-trip' ? row.round_trip_us.mean : 1e6 / row.one_way.messages_per_s;
}

// Messages: round trips and one-way sends over ipc between two Eta processes, against a C program on the same libnng.
//
// The C program (messages/pairbench.c) needs a compiler and libnng's headers (Debian: libnng-dev); without them the
// section says so and shows our figures alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'messages');
const ROUNDS = 3;

/** Payloads of ping.eta, and the message size of pairbench that each is compared with. */
const PAYLOADS = { 'string 16 B': 16, 'string 1 kB': 1024, 'string 64 kB': 65536, 'string 1 MB': 1048576 };

export function benchMessages(etai, results) {
  const build = mkdtempSync(join(tmpdir(), 'eta-bench-'));
  const pairbench = buildPeer(join(build, 'pairbench'));
  const ours = [];
  const peers = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (pairbench !== null) peers.push(JSON.parse(output([pairbench, '--transport', 'ipc', '--copy'], folder)));
    ours.push(
      output([process.execPath, etai, 'ping.eta'], folder)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  }
  rmSync(build, { recursive: true });

  const rows = Object.entries(PAYLOADS).flatMap(([payload, size]) =>
    ['round-trip', 'one-way'].map((test) => {
      const us = median(ours.map((run) => run.find((r) => r.test === test && r.payload === payload).us_each));
      const peer = peers.length === 0 ? null : median(peers.map((run) => peerTime(run, test, size)));
      return { test, payload, us, peer, ratio: peer === null ? null : us / peer };
    }),
  );
  console.log(`## Messages over ipc (median of ${ROUNDS} runs in turns; µs a message)\n`);
  if (pairbench === null) console.log('C skipped: no compiler, or no libnng headers (libnng-dev).\n');
  console.log('| test | payload | Eta | C | Eta/C |\n|---|---|---:|---:|---:|');
  for (const { test, payload, us, peer, ratio } of rows) {
    console.log(
      `| ${test} | ${payload} | ${us.toFixed(1)} | ${peer?.toFixed(1) ?? '-'} | ${ratio?.toFixed(2) ?? '-'} |`,
    );
  }
  console.log();
  writeFileSync(join(results, 'messages.json'), `${JSON.stringify(rows, null, 1)}\n`);
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

/** Microseconds a message of this size, from pairbench's report. */
function peerTime(report, test, size) {
  const row = report.results.find((r) => r.bytes === size);
  return test === 'round-trip' ? row.round_trip_us.p50 : 1e6 / row.one_way.messages_per_s;
}

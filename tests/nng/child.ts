// The child program of the lifecycle tests: `child.mjs BEHAVIOUR --mailbox ENDPOINT`, where BEHAVIOUR stands where a
// real child has its file, like `burst:200:exit`. Uses the same code as the command line will.

import { writeSync } from 'node:fs';
import { isPulse, runPulse } from '../../src/builtins/nng/pulse.ts';
import { listFrom, type Value } from '../../src/values/types.ts';
import { freshEndpoint, makeActor, sleep, sym } from './support.ts';

const [behaviour, , endpoint] = process.argv.slice(2);
const [name, ...args] = behaviour.split(':');
const actor = makeActor({ interpreter: { execPath: process.execPath, execArgs: [process.argv[1]] } });
const { networking, call } = actor;

function leave(code: number): never {
  networking.close();
  process.exit(code);
}

const BEHAVIOURS: Readonly<Record<string, (mailbox: Value) => void>> = {
  echo: (mailbox) => {
    for (let m = call('recv!', mailbox, "'wait"); m !== false; m = call('recv!', mailbox, "'wait")) {
      call('send!', mailbox, m);
    }
    leave(23);
  },
  burst: (mailbox) => {
    const [count, how, size] = args;
    for (let i = 0; i < Number(count); i++) {
      call('send!', mailbox, size === undefined ? i : listFrom([i, 'x'.repeat(Number(size))]));
    }
    if (how === 'exit') leave(0);
    if (how === 'close') {
      call('nng-close', mailbox);
      leave(0);
    }
    if (how === 'fail') leave(7);
    process.kill(process.pid, 'SIGKILL');
  },
  silent: () => leave(0),
  // Closes sockets while frames for them are on their way.
  'close-in-traffic': () => {
    for (let i = 0; i < 100; i++) {
      const [a, b] = ["'pair", "'pair"].map((type) => call('nng-socket', type));
      const endpoint = freshEndpoint(args[0] as 'ipc' | 'tcp');
      call('nng-listen', a, endpoint);
      call('nng-dial', b, endpoint);
      for (let n = 0; n < 5; n++) {
        call('send!', a, n, "'noblock");
        sleep(1);
      }
      call('recv!', b, "'noblock");
      call('nng-close', b);
      call('nng-close', a);
    }
    leave(0);
  },
  sleep: (mailbox) => {
    call('send!', mailbox, sym('up'));
    sleep(60_000);
  },
  environment: (mailbox) => {
    const names = ['ETA_MODULE_PATH', 'ETA_HEAP_SOFT_LIMIT', 'ETA_LIFELINE_FD', 'ETA_MAILBOX_TOKEN'];
    call('send!', mailbox, listFrom(names.map((n) => process.env[n] ?? false)));
    leave(0);
  },
  // Starts a leaf that reports to a pull socket, and is then killed.
  middle: (mailbox) => {
    const leaf = call('spawn', 'leaf');
    call('send!', leaf, call('recv!', mailbox, "'wait"));
    call('recv!', mailbox, "'wait");
    process.kill(process.pid, 'SIGKILL');
  },
  leaf: (mailbox) => {
    const out = call('nng-socket', "'push");
    call('nng-dial', out, call('recv!', mailbox, "'wait"));
    call('send!', out, sym('up'));
    call('send!', out, listFrom([sym('end'), call('recv!', mailbox, "'wait")]));
    call('send!', out, listFrom([sym('noblock'), call('send!', mailbox, 1, "'noblock")]));
    call('send!', out, actor.fail('send!', mailbox, 1).message);
    leave(0);
  },
};

function runBehaviour(): void {
  if (endpoint !== undefined) networking.connectMailbox(endpoint);
  BEHAVIOURS[name](networking.currentMailbox());
  writeSync(1, '');
  leave(0);
}

if (isPulse()) runPulse();
else runBehaviour();

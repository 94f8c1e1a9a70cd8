// Socket primitives: errors, protocols over every transport, time-outs, polling, topics, monitoring (networking §3–§8, §13).

import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NngSocket } from '../../src/builtins/nng/socket.ts';
import { Closure } from '../../src/bytecode/procedures.ts';
import { isEqual } from '../../src/values/equality.ts';
import { writeText } from '../../src/values/printer.ts';
import { Bytevector, flonum, listFrom, NIL, Pair, type Value, Vector } from '../../src/values/types.ts';
import { buildChild } from './build-child.ts';
import { type Actor, freshEndpoint, makeActor, openDescriptors, removeTestFolder, sleep, sym } from './support.ts';

const TRANSPORTS = ['inproc', 'ipc', 'tcp'] as const;
/** Longer than anything here takes. */
const LONG_MS = 60_000;

let actor: Actor;
let descriptors = 0;
let program = '';

beforeAll(() => {
  program = buildChild();
});

beforeEach(() => {
  const first = makeActor();
  first.call('nng-close', first.call('nng-socket', "'pair"));
  descriptors = openDescriptors();
  actor = makeActor();
});

afterAll(removeTestFolder);

afterEach(async () => {
  actor.networking.close();
  // nng closes descriptors on a thread of its own, and Node those of a thread on its event loop.
  for (let i = 0; i < 1000 && openDescriptors() > descriptors; i++) await setTimeout(10);
  expect(openDescriptors()).toBe(descriptors);
});

const call = (name: string, ...args: Value[]): Value => actor.call(name, ...args);
const written = (name: string, ...args: Value[]): string => writeText(call(name, ...args));
const open = (type: string): Value => call('nng-socket', `'${type}`);
const option = (sock: Value, name: string, value: Value): Value => call('nng-set-option', sock, `'${name}`, value);
const milliseconds = (action: () => unknown): number => {
  const start = performance.now();
  action();
  return performance.now() - start;
};

/** Two connected sockets, which wait for what has to come however long it takes. */
function connect(
  listening: string,
  dialling: string,
  transport: (typeof TRANSPORTS)[number] = 'inproc',
): [Value, Value] {
  const a = open(listening);
  const b = open(dialling);
  const endpoint = freshEndpoint(transport);
  expect(call('nng-listen', a, endpoint)).toBe(a);
  expect(call('nng-dial', b, endpoint)).toBe(b);
  for (const socket of [a, b]) option(socket, 'recv-timeout', LONG_MS);
  return [a, b];
}

/** Try until it holds; connections are attached a moment after dialling. */
function eventually(condition: () => boolean): void {
  for (let i = 0; i < LONG_MS / 20 && !condition(); i++) sleep(20);
}

describe('errors', () => {
  const TYPE = 'runtime.type-error';
  const STATE = 'nng-error';
  const closed = (): Value => {
    const sock = open('pair');
    call('nng-close', sock);
    return sock;
  };

  // [call, tag, message]; P is an open pair, C a closed one
  const ROWS: readonly (readonly [string, readonly Value[], string, string])[] = [
    ['nng-socket', [1], TYPE, "nng-socket: expected a symbol, e.g. 'pair"],
    [
      'nng-socket',
      ["'PAIR"],
      TYPE,
      "nng-socket: unknown protocol 'PAIR'; expected pair|req|rep|pub|sub|push|pull|surveyor|respondent|bus",
    ],
    ['nng-listen', [1, 'x'], TYPE, 'nng-listen: expected an nng-socket'],
    ['nng-listen', ['P', 1], TYPE, 'nng-listen: expected a string endpoint'],
    ['nng-listen', ['C', 1], STATE, 'nng-listen: socket is already closed'],
    ['nng-listen', ['P', ''], STATE, 'nng-error: Invalid argument'],
    ['nng-listen', ['P', 'ipc:///x\0y'], STATE, 'nng-error: Invalid argument'],
    ['nng-listen', ['P', 'nothing'], STATE, 'nng-error: Invalid argument'],
    ['nng-listen', ['P', 'bogus://x'], STATE, 'nng-error: Not supported'],
    ['nng-listen', ['P', 'tcp://'], STATE, 'nng-error: Address invalid'],
    ['nng-listen', ['P', 'ipc:///no/such/folder/s'], STATE, 'nng-error: Entry not found'],
    ['nng-dial', [1, 'x'], TYPE, 'nng-dial: expected an nng-socket'],
    ['nng-dial', ['P', 1], TYPE, 'nng-dial: expected a string endpoint'],
    ['nng-dial', ['C', 'inproc://x'], STATE, 'nng-dial: socket is already closed'],
    ['nng-dial', ['P', 'inproc://nobody'], STATE, 'nng-error: Connection refused'],
    ['nng-dial', ['P', 'ipc:///tmp/eta-nobody'], STATE, 'nng-error: Connection refused'],
    ['nng-dial', ['P', 'tcp://127.0.0.1:1'], STATE, 'nng-error: Connection refused'],
    ['nng-close', [5], TYPE, 'nng-close: expected an nng-socket'],
    ['send!', [5, 1], TYPE, 'send!: expected an nng-socket'],
    ['send!', ['C', 1], STATE, 'send!: socket is closed'],
    [
      'send!',
      ['P', new Closure(null as never)],
      STATE,
      'nng-error: cannot send non-serializable value: send-arg: Closure',
    ],
    ['recv!', [5], TYPE, 'recv!: expected an nng-socket'],
    ['recv!', ['C'], STATE, 'recv!: socket is closed'],
    ['nng-subscribe', [5, ''], TYPE, 'nng-subscribe: expected an nng-socket'],
    ['nng-subscribe', ['P', ''], TYPE, "nng-subscribe: socket must be a 'sub socket"],
    ['nng-subscribe', ['C', ''], STATE, 'nng-subscribe: socket is closed'],
    ['nng-set-option', [5, "'recv-timeout", 1], TYPE, 'nng-set-option: expected an nng-socket'],
    ['nng-set-option', ['P', 'recv-timeout', 1], TYPE, 'nng-set-option: option must be a symbol'],
    ['nng-set-option', ['P', "'recv-timeout", true], TYPE, 'nng-set-option: value must be a number'],
    [
      'nng-set-option',
      ['P', "'send-buf-size", 1],
      TYPE,
      "nng-set-option: unknown option 'send-buf-size'; expected recv-timeout|send-timeout|recv-buf-size|survey-time",
    ],
    [
      'nng-set-option',
      ['P', "'toString", 1],
      TYPE,
      "nng-set-option: unknown option 'toString'; expected recv-timeout|send-timeout|recv-buf-size|survey-time",
    ],
    ['nng-set-option', ['C', "'recv-timeout", 1], STATE, 'nng-set-option: socket is closed'],
    ['nng-set-option', ['P', "'recv-timeout", -2], STATE, 'nng-error: Invalid argument'],
    ['nng-set-option', ['P', "'send-timeout", 1e300], STATE, 'nng-error: Invalid argument'],
    ['nng-set-option', ['P', "'recv-buf-size", 8193], STATE, 'nng-error: Invalid argument'],
    ['nng-set-option', ['P', "'survey-time", 100], STATE, 'nng-error: Not supported'],
    [
      'spawn',
      ["'x"],
      STATE,
      'spawn: process manager not configured (this build does not support spawning, or etai_path is empty)',
    ],
    ['spawn-wait', [3], TYPE, 'spawn-wait: expected an nng-socket'],
    ['spawn-kill', ['x'], TYPE, 'spawn-kill: expected an nng-socket'],
    ['monitor', ['x'], TYPE, 'monitor: expected an nng-socket'],
    ['monitor', ['C'], STATE, 'monitor: socket is already closed'],
    ['demonitor', [1], TYPE, 'demonitor: expected an nng-socket'],
    ['enable-heartbeat', [1, 1], TYPE, 'enable-heartbeat: expected an nng-socket'],
    ['enable-heartbeat', ['P', 0], TYPE, 'enable-heartbeat: interval-ms must be positive'],
    ['enable-heartbeat', ['P', 0.5], TYPE, 'enable-heartbeat: interval-ms must be positive'],
    ['enable-heartbeat', ['C', 1], STATE, 'enable-heartbeat: socket is already closed'],
  ];

  test.each(ROWS)('%s %j: %s %s', (name, args, tag, message) => {
    const values = args.map((arg) => (arg === 'P' ? open('pair') : arg === 'C' ? closed() : arg));
    expect(actor.fail(name, ...values)).toMatchObject({ tag, message });
  });

  test('of nng carry its number and reason, and answer to other tags', () => {
    expect(actor.fail('nng-dial', open('pair'), 'inproc://nobody')).toMatchObject({
      aliases: ['runtime.internal-error'],
      fields: [
        ['nng-errno', 6],
        ['reason', 'Connection refused'],
      ],
    });
  });

  test('a taken endpoint is refused, and the socket stays usable', () => {
    for (const transport of TRANSPORTS) {
      const endpoint = freshEndpoint(transport);
      call('nng-listen', open('pair'), endpoint);
      const second = open('pair');
      expect(actor.fail('nng-listen', second, endpoint).message).toBe('nng-error: Address in use');
      call('nng-listen', second, freshEndpoint(transport));
    }
  });

  test('what a closed socket still does', () => {
    const sock = closed();
    expect(call('nng-close', sock)).toBe(true);
    expect(call('nng-socket?', sock)).toBe(true);
    expect(call('nng-socket?', 1)).toBe(false);
    expect(call('demonitor', sock)).toBe(true);
    expect(call('nng-poll', listFrom([sock]), 0)).toBe(NIL);
    expect(call('spawn-wait', sock)).toBe(false);
    expect(call('spawn-kill', sock)).toBe(false);
  });
});

describe.each(TRANSPORTS)('protocols over %s', (transport) => {
  test('pair talks both ways, in order', () => {
    const [a, b] = connect('pair', 'pair', transport);
    for (let i = 0; i < 300; i++) {
      call('send!', a, i);
      call('send!', b, -i);
      expect(call('recv!', b, "'wait")).toBe(i);
      expect(call('recv!', a, "'wait")).toBe(-i || 0);
    }
    call('send!', a, listFrom([1, 'two', new Vector([3.5])]), "'text");
    expect(written('recv!', b)).toBe('(1 "two" #(3.5))');
  });

  test('large values arrive whole, and stay when the next one comes', () => {
    const [a, b] = connect('pair', 'pair', transport);
    const bytes = (length: number) => new Bytevector(Uint8Array.from({ length }, (_, i) => i * 7 + length));
    const sizes = [16_383, 16_384, 65_530, 65_536, 1 << 20];
    const values: Value[] = [
      ...sizes.map(bytes),
      ...sizes.map((length) => 'abcdefghijklmnop'.repeat(length / 16)),
      ...sizes.map((length) => `${'x'.repeat(length)}é𝄞`),
      listFrom([1, bytes(70_000), 'between', new Vector([bytes(20_000), bytes(100)]), sym('end')]),
    ];
    const received = values.map((value) => {
      call('send!', a, value, "'wait");
      return call('recv!', b, "'wait");
    });
    for (const [i, value] of values.entries()) expect(isEqual(received[i], value)).toBe(true);
  });

  test('req and rep keep step', () => {
    const [rep, req] = connect('rep', 'req', transport);
    expect(actor.fail('recv!', req).message).toBe('nng-error: Incorrect state');
    expect(actor.fail('send!', rep, 1).message).toBe('nng-error: Incorrect state');
    call('send!', req, 'question');
    expect(call('recv!', rep, "'wait")).toBe('question');
    expect(call('recv!', req, "'noblock")).toBe(false); // the request stays open
    call('send!', rep, 'answer');
    expect(actor.fail('send!', rep, 'again').message).toBe('nng-error: Incorrect state');
    expect(call('recv!', req, "'wait")).toBe('answer');
    // A time-out ends the request.
    option(req, 'recv-timeout', 30);
    call('send!', req, 'unanswered');
    expect(call('recv!', req)).toBe(false);
    expect(actor.fail('recv!', req).message).toBe('nng-error: Incorrect state');
  });

  test('push goes to pull, one way', () => {
    const [pull, push] = connect('pull', 'push', transport);
    for (let i = 0; i < 3; i++) {
      call('send!', push, i);
      expect(call('recv!', pull, "'wait")).toBe(i);
    }
    expect(actor.fail('recv!', push).message).toBe('nng-error: Not supported');
    expect(actor.fail('send!', pull, 1).message).toBe('nng-error: Not supported');
  });

  test('pub reaches sub', () => {
    const [pub, sub] = connect('pub', 'sub', transport);
    call('nng-subscribe', sub, '');
    option(sub, 'recv-timeout', 50);
    let got: Value = false;
    eventually(() => {
      call('send!', pub, 'news');
      got = call('recv!', sub);
      return got !== false;
    });
    expect(got).toBe('news');
    expect(actor.fail('recv!', pub).message).toBe('nng-error: Not supported');
    expect(actor.fail('send!', sub, 1).message).toBe('nng-error: Not supported');
  });

  test('a survey collects until its deadline', () => {
    const [surveyor, respondent] = connect('surveyor', 'respondent', transport);
    option(surveyor, 'survey-time', LONG_MS);
    option(respondent, 'recv-timeout', 50);
    expect(actor.fail('recv!', surveyor).message).toBe('nng-error: Incorrect state');
    eventually(() => {
      call('send!', surveyor, 'who?');
      return call('recv!', respondent) === 'who?';
    });
    expect(call('recv!', surveyor, "'noblock")).toBe(false); // the survey goes on
    call('send!', respondent, 'me');
    expect(actor.fail('send!', respondent, 'again').message).toBe('nng-error: Incorrect state');
    expect(call('recv!', surveyor, "'wait")).toBe('me');
    option(surveyor, 'survey-time', 1500);
    call('send!', surveyor, 'who else?');
    expect(call('recv!', surveyor, "'wait")).toBe(false); // the deadline
    expect(actor.fail('recv!', surveyor).message).toBe('nng-error: Incorrect state');
  });

  test('bus reaches the others, not itself', () => {
    const [a, b] = connect('bus', 'bus', transport);
    option(b, 'recv-timeout', 50);
    eventually(() => {
      call('send!', a, 'hello');
      return call('recv!', b) === 'hello';
    });
    expect(call('recv!', a, "'noblock")).toBe(false);
  });

  test('large messages arrive whole', () => {
    const [a, b] = connect('pair', 'pair', transport);
    const text = 'é'.repeat(3_000_000);
    option(a, 'send-timeout', LONG_MS);
    call('send!', b, 'hello');
    call('recv!', a, "'wait");
    // Both ends are ours: what does not fit into the kernel is written by nng's threads.
    call('send!', a, text);
    expect(call('recv!', b, "'wait")).toBe(text);
  });

  test('what was sent before a close arrives', () => {
    const [a, b] = connect('pair', 'pair', transport);
    call('send!', b, 1);
    expect(call('recv!', a, "'wait")).toBe(1);
    call('send!', a, 'last words');
    call('nng-close', a);
    expect(call('recv!', b)).toBe('last words');
  });
});

describe('time-outs', () => {
  test('a receive without a message ends with #f', () => {
    const [a] = connect('pair', 'pair');
    option(a, 'recv-timeout', 60);
    expect(milliseconds(() => expect(call('recv!', a)).toBe(false))).toBeGreaterThanOrEqual(59);
    option(a, 'recv-timeout', flonum(0));
    expect(call('recv!', a)).toBe(false);
    expect(call('recv!', a, "'noblock")).toBe(false);
  });

  test('a send without a peer is #f at once, or an error in the end', () => {
    for (const type of ['pair', 'push', 'req']) {
      const lonely = open(type);
      expect(call('send!', lonely, 1, "'noblock")).toBe(false);
      for (const timeout of [5, 60]) {
        option(lonely, 'send-timeout', timeout);
        expect(actor.fail('send!', lonely, 1)).toMatchObject({ tag: 'nng-error', message: 'nng-error: Timed out' });
      }
    }
  });

  test('flags that are unknown, or not symbols, are ignored', () => {
    const [a, b] = connect('pair', 'pair');
    expect(call('send!', a, 1, "'loud", "'noblock")).toBe(true);
    expect(call('recv!', b, 'noblock', 5)).toBe(1);
  });
});

describe('malformed frames', () => {
  test('raise, and the socket goes on', async () => {
    const { nng } = await import('../../src/builtins/nng/binding.ts');
    const [a, b] = connect('pair', 'pair');
    const raw = (hex: string) => {
      const frame = Buffer.from(hex, 'hex');
      nng().send((a as NngSocket).transport.id, [frame]);
    };
    raw('ea0201');
    expect(actor.fail('recv!', b)).toMatchObject({ tag: 'nng-error', message: 'binary wire format: truncated fixnum' });
    raw('');
    expect(actor.fail('recv!', b).message).toBe('datum_reader: parse error: ParseErrorKind::UnexpectedEOF');
    raw('ea07');
    expect(call('nng-poll', listFrom([b]), LONG_MS)).not.toBe(NIL); // recv! is to raise
    expect(actor.fail('recv!', b).message).toBe('binary wire format: unknown binary tag');
    call('send!', a, 'well');
    expect(call('recv!', b)).toBe('well');
  });
});

describe('polling', () => {
  test('finds what is there, in item order, each once, and keeps messages in order', () => {
    const [a, b] = connect('pair', 'pair');
    const [c, d] = connect('pair', 'pair');
    const items = listFrom([new Pair(b, NIL), listFrom([d, 1]), b, 5, d]);
    expect(call('nng-poll', items, 0)).toBe(NIL);
    call('send!', c, 1);
    call('send!', a, 1);
    expect(call('nng-poll', items, LONG_MS)).not.toBe(NIL);
    eventually(() => !(d as NngSocket).pending.isEmpty || call('nng-poll', listFrom([d]), 10) !== NIL);
    const ready = call('nng-poll', items, LONG_MS) as Pair;
    expect([ready.car, (ready.cdr as Pair).car]).toEqual([b, d]);
    call('send!', a, 2);
    expect([call('recv!', b, "'noblock"), call('recv!', b)]).toEqual([1, 2]);
    expect(call('recv!', d, "'noblock")).toBe(1);
  });

  test('waits no longer than it is told, whatever it is given', () => {
    expect(call('nng-poll', new Pair(open('pub'), 5), 20)).toBe(NIL);
    expect(call('nng-poll', 5, 1)).toBe(NIL);
    const sock = open('pair');
    for (const timeout of [-1, true, Number.NaN, 'x']) expect(call('nng-poll', listFrom([sock]), timeout)).toBe(NIL);
    const circular = new Pair(sock, NIL);
    circular.cdr = circular;
    expect(call('nng-poll', circular, 1)).toBe(NIL);
  });

  test('of a rep socket does the receive, so that it may answer', () => {
    const [rep, req] = connect('rep', 'req');
    call('send!', req, 'q');
    expect(call('nng-poll', listFrom([rep, req]), LONG_MS)).toEqual(listFrom([rep]));
    expect(call('recv!', rep, "'noblock")).toBe('q');
    call('send!', rep, 'a');
    expect(call('nng-poll', listFrom([rep, req]), LONG_MS)).toEqual(listFrom([req]));
    expect(call('recv!', req, "'noblock")).toBe('a');
  });
});

describe('topics', () => {
  // [topics, message, flag, whether it is heard]
  const ROWS: readonly (readonly [readonly Value[], Value, string, boolean])[] = [
    [['prices'], listFrom(["'prices", 1]), 'binary', true],
    [['prices'], listFrom(["'prices", 1]), 'text', true],
    [["'prices."], "'prices.eur", 'binary', true],
    [['prices'], 'prices today', 'binary', true],
    [['prices'], listFrom([listFrom(['prices'])]), 'binary', true],
    [['(prices'], listFrom(["'prices", 1]), 'text', true],
    [['4'], 42, 'text', true],
    [['4'], 42, 'binary', false],
    [['prices'], listFrom(["'weather", 1]), 'binary', false],
    [['weather', 'prices'], listFrom(["'weather", 1]), 'binary', true],
    [[5], listFrom(["'weather", 1]), 'binary', true],
    [['prices', ''], 1, 'binary', true],
    [[], 1, 'binary', false],
  ];
  /** Rows write symbols as strings that start with a quote. */
  const symbols = (value: Value): Value => {
    if (value instanceof Pair) return new Pair(symbols(value.car), symbols(value.cdr));
    return typeof value === 'string' && value.startsWith("'") ? sym(value.slice(1)) : value;
  };

  /** A publisher, and a subscriber that hears its signals and has heard all that were sent. */
  function connectSubscriber(): [Value, Value] {
    const [pub, sub] = connect('pub', 'sub');
    call('nng-subscribe', sub, 'signal');
    eventually(() => {
      call('send!', pub, 'signal');
      return call('nng-poll', listFrom([sub]), 10) !== NIL;
    });
    call('send!', pub, 'signal: the last');
    while (call('recv!', sub) !== 'signal: the last');
    return [pub, sub];
  }

  test.each(ROWS)('%j and %j as %s: %s', (topics, message, format, isHeard) => {
    const [pub, sub] = connectSubscriber();
    for (const topic of topics) call('nng-subscribe', sub, topic);
    call('send!', pub, symbols(message), `'${format}`);
    call('send!', pub, 'signal');
    expect(call('recv!', sub) !== 'signal').toBe(isHeard);
  });

  test('unwanted messages neither stretch a receive nor make a socket ready', () => {
    const [pub, sub] = connectSubscriber();
    for (let i = 0; i < 10; i++) call('send!', pub, 'noise'); // fewer than a publisher's queue holds
    expect(call('nng-poll', listFrom([sub]), 50)).toBe(NIL);
    call('send!', pub, 'noise');
    call('send!', pub, 'signal');
    expect(call('recv!', sub, "'wait")).toBe('signal');
    expect(call('recv!', sub, "'noblock")).toBe(false);
  });
});

describe('the books', () => {
  test('count the connections of the socket that is asked for, and of no other', () => {
    const alone = open('pair') as NngSocket;
    call('nng-listen', alone, freshEndpoint('inproc'));
    const first = connect('pair', 'pair') as NngSocket[];
    const second = connect('pull', 'push') as NngSocket[];
    const counts = (socket: NngSocket): readonly number[] => {
      const { present, attached, ids } = socket.transport.pipeList();
      return [present, attached, ids.length];
    };
    for (const socket of [...first, ...second]) eventually(() => counts(socket)[2] === 1);
    expect([...first, ...second].map(counts)).toEqual(Array(4).fill([1, 1, 1]));
    expect(counts(alone)).toEqual([0, 0, 0]);
    call('nng-close', second[1]);
    eventually(() => counts(second[0])[0] === 0);
    expect([...first, second[0], alone].map(counts)).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });
});

describe('monitoring', () => {
  test.each(TRANSPORTS)('a lost peer is told once over %s, after its messages', (transport) => {
    const [a, b] = connect('pair', 'pair', transport);
    call('send!', b, 0);
    call('recv!', a, "'wait");
    expect(call('monitor', a)).toBe(true);
    expect(call('recv!', a, "'noblock")).toBe(false);
    call('send!', b, 1);
    call('nng-close', b);
    expect(call('recv!', a, "'wait")).toBe(1);
    expect(written('recv!', a, "'wait")).toBe(`(down ${writeText((a as NngSocket).endpointHint)} "disconnected")`);
    expect(call('recv!', a, "'noblock")).toBe(false);
  });

  test('is seen by nng-poll, forgets what was before, and can be stopped', () => {
    const [a, b] = connect('pull', 'push');
    call('send!', b, 1);
    call('recv!', a, "'wait");
    call('nng-close', b);
    eventually(() => (a as NngSocket).transport.pipeList().present === 0);
    call('monitor', a);
    expect(call('nng-poll', listFrom([a]), 100)).toBe(NIL);
    for (const isStopped of [false, true]) {
      const c = open('push');
      call('nng-dial', c, (a as NngSocket).endpointHint);
      call('send!', c, 1);
      call('recv!', a, "'wait");
      if (isStopped) call('demonitor', a);
      call('nng-close', c);
      expect(call('nng-poll', listFrom([a]), isStopped ? 150 : LONG_MS) === NIL).toBe(isStopped);
      if (!isStopped) expect(written('recv!', a)).toMatch(/^\(down/);
    }
  });

  /** A monitored socket that has lost `count` peers since anybody looked. */
  function bereaved(type: string, peers: string, count: number, transport: (typeof TRANSPORTS)[number]): Value {
    const a = open(type);
    call('nng-listen', a, freshEndpoint(transport));
    call('monitor', a);
    const { transport: part } = a as NngSocket;
    const dialled = Array.from({ length: count }, () => call('nng-dial', open(peers), (a as NngSocket).endpointHint));
    eventually(() => part.pipeList().ids.length === count);
    for (const peer of dialled) call('nng-close', peer);
    eventually(() => part.pipeList().present === 0);
    return a;
  }

  const outcome = (...args: Value[]): string => {
    try {
      const value = call('recv!', ...args);
      return value instanceof Pair ? writeText(value.car) : writeText(value);
    } catch (error) {
      return (error as Error).message;
    }
  };

  // [the socket, its peers, what `recv!` gives when there is no more news]
  const BEREAVED = [
    ['pub', 'sub', 'nng-error: Not supported'],
    ['push', 'pull', 'nng-error: Not supported'],
    ['surveyor', 'respondent', 'nng-error: Incorrect state'],
    ['req', 'rep', 'nng-error: Incorrect state'],
    ['rep', 'req', '#f'],
    ['respondent', 'surveyor', '#f'],
    ['pull', 'push', '#f'],
    ['bus', 'bus', '#f'],
  ] as const;

  test.each(BEREAVED)('peers that came and went unseen are told by a %s, waiting or not', (type, peers, otherwise) => {
    for (const transport of TRANSPORTS) {
      for (const flag of ["'noblock", "'wait"]) {
        const a = bereaved(type, peers, 2, transport);
        expect([outcome(a, flag), outcome(a, flag), outcome(a, "'noblock")]).toEqual(['down', 'down', otherwise]);
      }
    }
  });

  test('a look without waiting tells of them, too, and so does demonitor, behind their messages', () => {
    const polled = bereaved('pair', 'pair', 1, 'inproc');
    expect(call('nng-poll', listFrom([polled]), 0)).not.toBe(NIL);
    expect(outcome(polled)).toBe('down');
    const left = bereaved('pair', 'pair', 1, 'tcp');
    call('demonitor', left);
    expect([outcome(left, "'noblock"), outcome(left, "'noblock")]).toEqual(['down', '#f']);
    const [a, b] = connect('sub', 'pub', 'ipc'); // of all sockets, a sub is rid of its peer before its messages are read
    call('nng-subscribe', a, '');
    eventually(() => (b as NngSocket).transport.pipeList().ids.length === 1);
    call('monitor', a);
    for (const n of [1, 2]) call('send!', b, n);
    call('nng-close', b);
    eventually(() => (a as NngSocket).transport.pipeList().present === 0);
    call('demonitor', a);
    expect([1, 2, 3].map(() => outcome(a, "'noblock"))).toEqual(['1', '2', 'down']);
  });
});

describe('closing', () => {
  // nng_close itself would hang, so this needs a process that can be given up.
  test.each(['ipc', 'tcp'])('comes to an end while frames arrive over %s', (transport) => {
    const { status } = spawnSync(process.execPath, [program, `close-in-traffic:${transport}`], {
      timeout: 100_000,
    });
    expect(status).toBe(0);
  });
});

describe('heartbeats', () => {
  beforeEach(() => {
    actor.networking.close();
    actor = makeActor({ threadEntry: program });
  });

  // Intervals are long where nothing must be told: a loaded machine may stop us for as long as one of them.
  test('are answered by a peer that receives, and nobody sees them', () => {
    const [a, b] = connect('pair', 'pair');
    for (const socket of [a, b]) option(socket, 'recv-timeout', 20);
    call('enable-heartbeat', a, 1000);
    for (const end = performance.now() + 2500; performance.now() < end; ) {
      expect(call('recv!', a)).toBe(false);
      expect(call('recv!', b)).toBe(false);
    }
  });

  test('tell once of a peer that does not receive', () => {
    const [a] = connect('pair', 'pair', 'ipc');
    call('enable-heartbeat', a, 30);
    expect(written('recv!', a, "'wait")).toMatch(/^\(down "ipc:.*" "heartbeat-timeout"\)$/);
    option(a, 'recv-timeout', 100);
    expect(call('recv!', a)).toBe(false);
  });

  test('ask while the VM is busy, so that a hung peer is known of afterwards', () => {
    const [a] = connect('pair', 'pair');
    call('enable-heartbeat', a, 50);
    sleep(1000);
    expect(written('recv!', a, "'noblock")).toMatch(/^\(down/);
  });

  test('a busy VM is not blamed on its peer', () => {
    const [a, b] = connect('pair', 'pair');
    call('enable-heartbeat', a, 1000);
    for (let i = 0; i < 3; i++) {
      sleep(990);
      option(b, 'recv-timeout', 10);
      call('recv!', b); // answers
    }
    expect(call('recv!', a, "'noblock")).toBe(false);
  });

  test('a peer whose answers found no place among its messages is asked anew', () => {
    const [a, b] = connect('pair', 'pair');
    call('enable-heartbeat', a, 600);
    for (let i = 0; i < 3; i++) {
      while (call('send!', b, 'data', "'noblock"));
      sleep(590);
      call('recv!', b, "'noblock"); // tries to answer
    }
    sleep(650);
    option(a, 'recv-timeout', 50);
    while (call('recv!', a) === 'data'); // finds the first question unanswered
    call('recv!', b, "'noblock");
    expect(call('recv!', a)).toBe(false);
  });

  test('leave a request of the program alone, and tell of a peer that cannot answer', () => {
    const [a, b] = connect('req', 'rep');
    call('send!', a, 'question');
    call('enable-heartbeat', a, 10);
    eventually(() => call('nng-poll', listFrom([a]), 20) !== NIL);
    expect(written('recv!', a)).toMatch(/"heartbeat-timeout"/);
    expect(call('recv!', b)).toBe('question');
    expect(call('recv!', b, "'noblock")).toBe(false);
  });

  test('stop with the socket, and when they are enabled anew', () => {
    const [a, b] = connect('pair', 'pair');
    call('enable-heartbeat', a, 20);
    call('enable-heartbeat', a, 60_000);
    sleep(200);
    expect(call('recv!', a, "'noblock")).toBe(false);
    call('nng-close', a);
    expect(call('recv!', b, "'noblock")).toBe(false);
  });

  test('a flood of them ends no wait', () => {
    const [a, b] = connect('pair', 'pair');
    for (let i = 0; i < 40; i++) {
      call('enable-heartbeat', a, 1);
      sleep(2);
      call('recv!', a, "'noblock");
      call('recv!', b, "'noblock");
    }
    while (call('recv!', a, "'noblock") !== false);
    call('send!', b, 'data');
    call('enable-heartbeat', a, 60_000);
    expect(call('recv!', a, "'wait")).toBe('data');
  });
});

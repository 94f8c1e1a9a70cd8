// A peer that speaks the protocol of nng over TCP by hand, well or badly (networking §20.5).
//
//   greeting, both ways   00 'S' 'P' 00, protocol (2 bytes), 00 00
//   frame                 length (8 bytes, big-endian), payload
//
// REQ puts a 4-byte id with the top bit set in front of the payload; the reply has it, too.

import { connect, type Socket } from 'node:net';
import { promise } from './world.ts';

/** Protocol numbers of the peers of what server.eta listens with, in its order: rep, pair, pull, sub, bus, respondent. */
export const PEER_PROTOCOLS = [0x30, 0x10, 0x50, 0x20, 0x70, 0x62] as const;
const REQ = PEER_PROTOCOLS[0];
const REQUEST_ID = Buffer.from([0x80, 0, 0, 7]);
const PATIENCE_MS = 180_000;

export function greeting(protocol: number): Buffer {
  return Buffer.from([0, 0x53, 0x50, 0, protocol >> 8, protocol & 0xff, 0, 0]);
}

/** The header of a frame that claims to be this long. */
export function frameHeader(length: bigint | number): Buffer {
  const header = Buffer.alloc(8);
  header.writeBigUInt64BE(BigInt(length));
  return header;
}

export function frame(payload: Buffer): Buffer {
  return Buffer.concat([frameHeader(payload.length), payload]);
}

/** The payload of a question, or, to be refused by most, of a survey. */
export function question(payload: Buffer): Buffer {
  return Buffer.concat([REQUEST_ID, payload]);
}

/** One connection. Its errors are no news: the other side may do what it wants with a bad peer. */
export class RawPeer {
  private received = Buffer.alloc(0);
  private isClosed = false;
  private wake: () => void = () => {};

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.wake();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
    socket.on('error', () => {});
  }

  static open(port: number): Promise<RawPeer> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new RawPeer(socket)));
      socket.once('error', reject);
    });
  }

  /** Connect and say hello. */
  static async greet(port: number, protocol: number): Promise<RawPeer> {
    const peer = await RawPeer.open(port);
    peer.write(greeting(protocol));
    await peer.take(8);
    return peer;
  }

  /** Whether the bytes went straight to the system. */
  write(bytes: Buffer): boolean {
    return this.socket.write(bytes);
  }

  /** Write as much as the other side takes before it stops taking, in bytes. */
  async pour(bytes: Buffer, forMs: number): Promise<number> {
    const end = performance.now() + forMs;
    while (!this.isClosed && performance.now() < end) {
      if (!this.write(bytes)) await Promise.race([this.drained(), pause(end - performance.now())]);
    }
    return this.socket.bytesWritten;
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => this.socket.once('drain', resolve));
  }

  /** Wait for bytes; null if the other side hangs up before. */
  async take(count: number): Promise<Buffer | null> {
    const end = performance.now() + PATIENCE_MS;
    while (this.received.length < count) {
      if (this.isClosed) return null;
      const left = end - performance.now();
      promise(left > 0, 'a server does not answer its good peer');
      await Promise.race([
        pause(left),
        new Promise<void>((resolve) => {
          this.wake = resolve;
        }),
      ]);
    }
    const bytes = this.received.subarray(0, count);
    this.received = this.received.subarray(count);
    return bytes;
  }

  /** The payload of the next frame, without a question's id. */
  async answer(): Promise<Buffer | null> {
    const header = await this.take(8);
    const payload = header && (await this.take(Number(header.readBigUInt64BE())));
    return payload?.subarray(REQUEST_ID.length) ?? null;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Ask as a good peer does: a question in text, its answer as bytes. */
export async function ask(port: number, payload: Buffer): Promise<Buffer> {
  const peer = await RawPeer.greet(port, REQ);
  peer.write(frame(question(payload)));
  const answer = await peer.answer();
  peer.close();
  promise(answer !== null, 'a server hangs up on its good peer');
  return answer;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

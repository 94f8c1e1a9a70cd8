// The ports of a child's pipes: bytes and characters, unbuffered towards the child.
//
// Reading and writing may have to wait for the child. The wait is a poll(2) in slices, so that it can be interrupted;
// the read or write that follows does not block. Source: builtins §12, §14.

import * as fs from 'node:fs';
import { type EtaError, internalError, typeError } from '../../values/errors.ts';
import { ByteSink, ByteSource, flushAllPorts, MALFORMED, REPLACEMENT } from '../../values/ports.ts';
import { POLLERR, POLLOUT, waitDescriptor } from '../host/libc.ts';

/** POLLOUT promises room for this many bytes (PIPE_BUF). */
const PIPE_ROOM = 4096;
/** What a pipe holds. */
const PIPE_BYTES = 65_536;

const writeFailed = (): EtaError => internalError('process port write failed');
const notWritable = (): EtaError => typeError('process port is not writable');

/** A child's standard output or error. */
export class PipeInput extends ByteSource {
  constructor(descriptor: number) {
    super(descriptor, true);
  }

  override readCharacter(): number {
    const point = super.readCharacter();
    return point === MALFORMED ? REPLACEMENT : point;
  }

  override peekCharacter(): number {
    const point = super.peekCharacter();
    return point === MALFORMED ? REPLACEMENT : point;
  }

  /** What the program has printed is seen while it waits. The end of input gives the descriptor back. */
  protected override readDescriptor(into: Uint8Array): number {
    if (this.descriptor < 0) return 0;
    flushAllPorts();
    waitDescriptor(this.descriptor, -1);
    const length = super.readDescriptor(into);
    if (length === 0) {
      fs.closeSync(this.descriptor);
      this.descriptor = -1;
    }
    return length;
  }

  /** The child has ended: what it has left in the pipe is kept, and the descriptor given back unless a child of its writes on. */
  release(): void {
    this.readAhead(2 * PIPE_BYTES);
  }

  protected override isDescriptorReady(): boolean {
    return this.descriptor < 0 || waitDescriptor(this.descriptor, 0) !== 0;
  }

  protected override writeError(): EtaError {
    return notWritable();
  }
}

/** A child's standard input. */
export class PipeOutput extends ByteSink {
  constructor(descriptor: number) {
    super(descriptor, true, 0);
  }

  /** The child has ended: the descriptor is given back, unless a child of its reads on. */
  release(): void {
    if (this.descriptor < 0 || (waitDescriptor(this.descriptor, 0, POLLOUT) & POLLERR) === 0) return;
    fs.closeSync(this.descriptor);
    this.descriptor = -1;
  }

  protected override writeDescriptor(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length; ) {
        waitDescriptor(this.descriptor, -1, POLLOUT);
        written += fs.writeSync(this.descriptor, bytes, written, Math.min(PIPE_ROOM, bytes.length - written));
      }
    } catch {
      throw writeFailed();
    }
  }

  protected override writeError(): EtaError {
    return this.isOpen ? writeFailed() : notWritable();
  }
}

// A worker thread that is ended while it loads native code takes the whole process with it: Node aborts where the add-on
// cannot be registered. So a worker says when it begins and when it is done, in one shared word, and whoever ends it
// waits for that, or comes first.

const enum State {
  Before,
  Loading,
  Done,
  Forbidden,
}

/** Longer than any load takes. */
const PATIENCE_MS = 10_000;

export class NativeLoad {
  private readonly word: Int32Array;

  constructor(readonly memory = new SharedArrayBuffer(4)) {
    this.word = new Int32Array(memory);
  }

  get isDone(): boolean {
    return Atomics.load(this.word, 0) === State.Done;
  }

  /** In the worker: load; not if the worker is about to be ended, and then this gives false. */
  perform(load: () => void): boolean {
    const state = Atomics.compareExchange(this.word, 0, State.Before, State.Loading);
    if (state !== State.Before) return state === State.Done;
    try {
      load();
    } finally {
      Atomics.store(this.word, 0, State.Done);
      Atomics.notify(this.word, 0);
    }
    return true;
  }

  /** Before the worker is ended. */
  settle(): void {
    if (Atomics.compareExchange(this.word, 0, State.Before, State.Forbidden) !== State.Loading) return;
    Atomics.wait(this.word, 0, State.Loading, PATIENCE_MS);
  }
}

// Runs: several frames of one closure that wait at the same place, as one record.
//
// A deep recursion leaves millions of frames that differ in their values only. A record of them says how many they are:
//
//     record    closure   place: pc, size, count       base
//     values    … | lowest frame | … | uppermost frame | …
//                 size values           ^ base
//
// So a frame costs its values and next to nothing else, of the memory that a recursion writes on its way down and reads
// on its way back. The place of a single frame is its pc. Frames with a `catch` in them are always single: handlers count
// records.

/** Bits of a run's place: the pc, as in a unit (javascript/unit.ts), and the count above it. */
const PC_BITS = 16;
const COUNT_BITS = 6;
const PC_MASK = (1 << PC_BITS) - 1;
/** Frames of a run at most: few enough to be copied for the sake of one. */
export const MAX_RUN = 1 << COUNT_BITS;
const MAX_SIZE = (1 << (31 - PC_BITS - COUNT_BITS)) - 1;

/** Whether frames of `size` values that wait at `pc` can be part of a run. */
export const fitsRun = (pc: number, size: number): boolean => pc <= PC_MASK && size <= MAX_SIZE;

export const isRun = (place: number): boolean => place < 0;

/** The place of `count` frames of `size` values each. */
export const runOf = (pc: number, size: number, count: number): number =>
  ~((size << (PC_BITS + COUNT_BITS)) | ((count - 1) << PC_BITS) | pc);

export const pcOf = (place: number): number => (place < 0 ? ~place & PC_MASK : place);

export const countOf = (place: number): number => (place < 0 ? ((~place >> PC_BITS) & (MAX_RUN - 1)) + 1 : 1);

/** Values of each frame of a run. */
export const sizeOf = (place: number): number => ~place >> (PC_BITS + COUNT_BITS);

/** The place of a run of several without its uppermost frame. */
export const withoutUppermost = (place: number): number => place + (1 << PC_BITS);

/** Where the lowest frame of a record begins. */
export const bottomOf = (place: number, base: number): number =>
  place < 0 ? base - (countOf(place) - 1) * sizeOf(place) : base;

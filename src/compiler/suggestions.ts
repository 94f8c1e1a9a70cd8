// Suggestions: the known name that somebody most likely meant.

/** At most this many insertions, deletions, replacements or exchanges of neighbours lie between a name and a guess. */
const MAX_DISTANCE = 2;
/** A shorter name has a neighbour two edits away in every large set; that helps nobody. */
const MIN_LENGTH_OF_TWO = 8;

/** `did you mean 'println'?`, or nothing where no candidate is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearestName(name, candidates);
  return near === null ? undefined : `did you mean '${near}'?`;
}

/** The candidate with the least edit distance to `name`, the first of equals; null where none is near enough. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = (name.length < MIN_LENGTH_OF_TWO ? 1 : MAX_DISTANCE) + 1;
  const words = wordsOf(name);
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const distance = distanceOf(name, words, candidate, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function distanceOf(name: string, words: string, candidate: string, limit: number): number {
  if (candidate.length === name.length && words === wordsOf(candidate)) return 1;
  if (Math.abs(candidate.length - name.length) >= limit) return limit;
  const distance = editDistance(name, candidate);
  // With every letter replaced nothing is left of it.
  return distance < name.length ? distance : limit;
}

/** The words of a name in no order and in small letters: `hash-map-make` and `make-hash-map` are near. */
const wordsOf = (name: string): string => name.toLowerCase().split('-').sort().join('-');

/** Neighbours exchanged count less than other edits: fingers do that most. */
const EXCHANGE = 0.75;

/** Damerau's distance, neighbours exchanged at most once. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2] + EXCHANGE);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length];
}

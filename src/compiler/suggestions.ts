// Suggestions: the known name that somebody most likely meant.

/** At most this many insertions, deletions, replacements or exchanges of neighbours lie between a name and a guess. */
const MAX_DISTANCE = 2;

/** `did you mean 'println'?`, or nothing where no candidate is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearestName(name, candidates);
  return near === null ? undefined : `did you mean '${near}'?`;
}

/** The candidate with the least edit distance to `name`, the first of equals; null where none is near enough. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  // A short name has a neighbour two edits away in every large set; that helps nobody.
  let bestDistance = (name.length <= 3 ? 1 : MAX_DISTANCE) + 1;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

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
        least = Math.min(least, beforeLast[j - 2] + 1);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length];
}

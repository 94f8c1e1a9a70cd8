// Regular expressions that are made when they are first used.
//
// The host makes the set of characters of each `\p{…}` when it makes the expression: a handful of them takes longer than
// all else that a module does when it is loaded, and most programs never ask about a character beyond ASCII.

export function onDemand(source: string, flags: string): () => RegExp {
  let made: RegExp | undefined;
  return () => {
    made ??= new RegExp(source, flags);
    return made;
  };
}

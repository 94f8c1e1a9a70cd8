// Topics: what a SUB socket wants to hear.
//
// A message matches a topic if its frame begins with the topic's bytes (the rule of nng, of use to text frames), or if
// its *topic text* begins with the topic: the name of a symbol, the content of a string, and for a pair the topic text
// of its car, in whichever format it came. To see topic texts the receiver has to decode, so as soon as there is a
// topic, nng delivers everything and the filter is here. Source: networking §7.4, §19.4.

import { textOf } from '../../values/mutable-string.ts';
import { Pair, Sym, type Value } from '../../values/types.ts';
import type { Frame } from './frame.ts';

export class TopicFilter {
  private readonly topics: { readonly text: string; readonly bytes: Buffer }[] = [];
  private everything = false;

  /** Topics accumulate; a repeated one changes nothing. */
  add(text: string): void {
    if (text === '') this.everything = true;
    else if (!this.topics.some((topic) => topic.text === text)) this.topics.push({ text, bytes: Buffer.from(text) });
  }

  matches(frame: Frame, value: Value): boolean {
    if (this.everything) return true;
    const topicText = topicTextOf(value);
    return this.topics.some(({ text, bytes }) => topicText?.startsWith(text) || frame.startsWith(bytes));
  }
}

function topicTextOf(value: Value): string | null {
  let head = value;
  while (head instanceof Pair) head = head.car;
  if (head instanceof Sym) return head.name;
  return textOf(head) ?? null;
}

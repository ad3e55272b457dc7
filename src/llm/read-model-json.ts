import { LenientJsonParser } from './lenient-json-parser.ts';
import type { Json } from './model-call.ts';

const LONGEST = 500_000;
const MOST_STARTS = 100;

/**
 * The JSON objects and arrays in what a model wrote, in the order they come: alone, in fences, between prose, after its
 * thoughts; with trailing commas, comments, single quotes, bare keys or control characters in its strings. What is cut
 * off is not among them, though whole values inside it are. Never throws; empty when there is none.
 */
export function readModelJson(text: string): readonly Json[] {
  const strict = parseStrictly(text);
  if (strict !== undefined) return [strict];
  const answer = withoutThoughts(text).slice(0, LONGEST);
  const found: Json[] = [];
  let starts = 0;
  for (let at = nextStart(answer, 0); at !== -1 && starts < MOST_STARTS; starts += 1) {
    const read = new LenientJsonParser(answer, at).read();
    if (read) found.push(read.value);
    at = nextStart(answer, read ? read.end : at + 1);
  }
  return found;
}

function parseStrictly(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Some open models write their thoughts into the answer. */
function withoutThoughts(text: string): string {
  return text.replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/g, '');
}

function nextStart(text: string, from: number): number {
  const length = text.slice(from).search(/[{[]/);
  return length === -1 ? -1 : from + length;
}

import { randomText } from '../domain/ids.ts';

const HEAD_CHARACTERS = 5000;
const TAIL_CHARACTERS = 3000;

/** At most 8 KB for the model: the beginning, where an error says what it is, and the end, where a program says why. */
export function capped(text: string, share = 1): string {
  const [head, tail] = [Math.floor(HEAD_CHARACTERS * share), Math.floor(TAIL_CHARACTERS * share)];
  if (text.length <= head + tail) return text;
  const left = text.length - head - tail;
  return `${text.slice(0, head).toWellFormed()}\n… ${left} characters left out …\n${text.slice(-tail).toWellFormed()}`;
}

/** What came from a program, a database or a server, so that the model does not take it for somebody's word. */
export function untrusted(what: string, text: string): string {
  // Nothing that was written beforehand can end the part.
  const mark = `${what}-${randomText(8)}`;
  return `<untrusted-data ${mark}>\n${capped(text, 0.98)}\n</untrusted-data ${mark}>`;
}

/** On one line, for people. */
export function brief(text: string, longest = 160): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}

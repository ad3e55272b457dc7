import { stripVTControlCharacters } from 'node:util';

const SEGMENTER = new Intl.Segmenter();
// Control characters, and those that turn the direction of the text around them.
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Text of unknown origin as one line that cannot move the cursor, change colours or hide what follows. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(UNPRINTABLE, ' ').trim();
}

/** The first line of a message that may bring a whole report along. */
export function firstLine(text: string): string {
  return oneLine(text.split('\n', 1)[0] ?? '');
}

/** How many columns a terminal gives the text; escape sequences take none. */
export function textWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (/^[\u0020-\u007e]*$/.test(plain)) return plain.length;
  return [...SEGMENTER.segment(plain)].reduce((width, { segment }) => width + segmentWidth(segment), 0);
}

function segmentWidth(segment: string): number {
  if (WIDE.test(segment)) return 2;
  return /^[\p{Mark}\p{Cc}\p{Cf}]+$/u.test(segment) ? 0 : 1;
}

/** The text cut to `width` columns, ending in `ellipsis` when something was cut off. It must not hold escape sequences. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(ellipsis);
  if (room <= 0) return ellipsis.slice(0, Math.max(0, width));
  let kept = '';
  let used = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    used += segmentWidth(segment);
    if (used > room) break;
    kept += segment;
  }
  return kept.trimEnd() + ellipsis;
}

/** The text as lines of at most `width` columns, broken at spaces; a word that is longer keeps its line to itself. */
export function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    const joined = last === '' ? word : `${last} ${word}`;
    if (textWidth(joined) <= width || last === '') lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

/** Fills up with spaces to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** `812ms`, `3.4s`, `2m 05s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)}ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)}s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

/** A time that still runs: no milliseconds that would only flicker. A clock of another machine may be ahead of ours. */
export function formatElapsed(durationMs: number): string {
  const elapsedMs = Math.max(0, durationMs);
  return elapsedMs < 1000 ? `${(elapsedMs / 1000).toFixed(1)}s` : formatDuration(elapsedMs);
}

/** `$0.00`, `$1.20`, and four digits where two would hide that something was spent. */
export function formatCost(costUsd: number): string {
  return `$${costUsd.toFixed(costUsd > 0 && costUsd < 0.01 ? 4 : 2)}`;
}

import type { PatternProblem } from './check-pattern.ts';

/**
 * What keeps a JSON path from being followed in time that goes with the document's size; undefined when nothing does.
 */
export function jsonPathProblem(path: string): PatternProblem | undefined {
  const bare = path.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  if (bare.includes('**')) {
    return { problem: 'goes down to any depth (**)', fix: 'Name the keys on the way: $.items[*].price.' };
  }
  if (bare.split('?').length > 2) return { problem: 'has more than one filter', fix: 'Use one filter.' };
  if (/\?[^?]*\$/.test(bare)) {
    return { problem: 'starts again from the top inside a filter', fix: 'Refer to @, what the filter is about.' };
  }
  if (/like_regex/i.test(bare)) {
    return { problem: 'uses like_regex', fix: "Take the text out first: (data->>'key') ~ 'pattern'." };
  }
  if ((bare.match(/\*/g) ?? []).length > 3) {
    return { problem: 'goes through more than three lists', fix: 'Name the keys on the way.' };
  }
  return undefined;
}

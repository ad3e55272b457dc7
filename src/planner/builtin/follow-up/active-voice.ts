const BE =
  '(?:should|must|shall|has\\s+to|have\\s+to|needs?\\s+to|is\\s+to|are\\s+to|can|could|ought\\s+to)\\s+(?:now\\s+)?be';

const VERBS: readonly (readonly [participle: string, verb: string])[] = [
  ['renamed', 'rename'],
  ['removed', 'remove'],
  ['dropped', 'drop'],
  ['deleted', 'delete'],
  ['added', 'add'],
  ['indexed', 'index'],
];

/** «the title of posts should be renamed to headline» as «rename the title of posts to headline». */
export function inActiveVoice(text: string): string {
  for (const [participle, verb] of VERBS) {
    const [, what, rest] = new RegExp(`^(.+?)\\s+${BE}\\s+${participle}\\b(.*)$`, 'i').exec(text) ?? [];
    if (what !== undefined) return `${verb} ${what}${rest ?? ''}`;
  }
  return text;
}

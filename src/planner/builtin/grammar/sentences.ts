/** One sentence of a prompt, and the heading or label it stands under. */
export interface Sentence {
  readonly text: string;
  /** `User Management` for what follows «1. User Management:». */
  readonly label?: string | undefined;
}

const MAX_CHARS = 24_000;
const BULLET = /^\s*(?:[-*•·▪◦‣>#]+|\(?\d{1,2}[.)、:](?=\D)|\(\d{1,2}\)|[a-z][.)]\s)\s*/;

/** Where a sentence ends; before a small letter only after a word of some length, as «e.g.» and «no.» end none. */
const ENDS =
  /(?<=[.!?;。；])\s*(?=[\p{Lu}\d“"(-]|\p{Script=Han}|$)|(?<=;)\s+|(?<=[\p{L}\d)]{4}\.|[\p{L}\d)][!?])\s+(?=\p{Ll})/u;

/** Splits a prompt into sentences. Headings and `Label:` at a line's start become the label of what follows. */
export function readSentences(prompt: string): Sentence[] {
  const sentences: Sentence[] = [];
  let heading: string | undefined;
  for (const line of openAbbreviations(prompt.slice(0, MAX_CHARS)).split(/\r?\n/)) {
    const text = cleanLine(line);
    if (!text) continue;
    const { label, rest } = splitLabel(text);
    if (label !== undefined) heading = label;
    const parts = rest.split(ENDS).filter((part) => part.trim());
    for (const part of parts) {
      const inner = splitLabel(cleanLine(part));
      if (inner.label !== undefined) heading = inner.label;
      if (inner.rest) sentences.push({ text: inner.rest, label: heading });
    }
  }
  return sentences;
}

/** «w/ posts» is with posts; «a hiring tool - jobs, offers» has the dash for a colon. */
function openAbbreviations(prompt: string): string {
  return prompt
    .replaceAll(/\bw\/o\b/gi, 'without')
    .replaceAll(/\bw\/\s*/gi, 'with ')
    .replaceAll(/(?<=[\p{L})]) [-–—] (?=\p{L}[^\n]*,)/gu, ': ');
}

function cleanLine(line: string): string {
  return line
    .replace(BULLET, '')
    .replaceAll(/[*_`"“”]+/g, (mark) => (mark === '_' ? '_' : ' '))
    .trim();
}

/** «Order Management: the system …» → label and rest; a short line without a full stop is a label alone. */
function splitLabel(text: string): { label?: string | undefined; rest: string } {
  const match = /^([\p{L}\p{N}][^:：.,;()]{1,60})[:：]\s*(.*)$/u.exec(text);
  if (match && isHeading(match[1] ?? '')) return { label: match[1], rest: match[2] ?? '' };
  if (
    text.split(' ').length <= 5 &&
    /management|information|module|table|tracking|records?\b/i.test(text) &&
    !/[.,:;]/.test(text.slice(0, -1)) &&
    !/\b(a|an|for)\b/i.test(text)
  )
    return { label: text.replace(/[:.]$/, ''), rest: '' };
  return { rest: text };
}

function isHeading(label: string): boolean {
  return (
    label.split(/\s+/).length <= 6 &&
    !/^(a|an|my|our|your|un|una|une|ein|eine|um|uma)\s/i.test(label) &&
    !/\b(has|have|includes?|including|records?d?|contains?|such|with|is|are|be|must|should|shall|can|the following|build|create|make|for|that|api|app|backend|system|platform|service|site)\b/i.test(
      label,
    )
  );
}

/** What TypeScript does not know yet: numbers in JSON that keep the digits they were written with. */
interface RawJson {
  parse(text: string, revive: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

const json = JSON as unknown as RawJson;

/** `JSON.parse`, but numbers that JavaScript would round stay as they were written; `JSON.stringify` writes them so again. */
export function parseJson(text: string): unknown {
  return MAY_LOSE_DIGITS.test(text) ? json.parse(text, keepDigits) : JSON.parse(text);
}

/** Whether a parsed value is a number that only its text holds exactly. */
export function isRawNumber(value: unknown): boolean {
  return json.isRawJSON(value);
}

// Sixteen digits in a row, or a number next to nothing. A text that looks like that is only read more slowly.
const MAY_LOSE_DIGITS = /\d[\d.]{15}|\d[eE]-\d{3}/;

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || !Number.isFinite(value)) return value;
  return digitsOf(source) === digitsOf(String(value)) ? value : json.rawJSON(source);
}

/** The same text for every spelling of a number: its digits without the zeros around them, and where the point is. */
function digitsOf(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().replace('-', '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

interface TextWanted {
  /** The table's name in words, one row of it: `blog post`. */
  readonly singular: string;
  /** The column's name, which tells what kind of text it is. */
  readonly name: string;
  /** Which of them: different numbers give different texts, as far as the length allows. */
  readonly number: number;
  readonly minLength: number;
  readonly maxLength: number;
}

/** Text such as a person would fill in. */
export function sampleText(wanted: TextWanted): string {
  const { number, minLength, maxLength } = wanted;
  const text = naturalText(wanted.name.toLowerCase(), wanted.singular, number);
  const long =
    text.length < minLength ? text.padEnd(minLength, ' and more of it').trimEnd().padEnd(minLength, '.') : text;
  return long.length <= maxLength ? long : shortText(number, maxLength);
}

function naturalText(name: string, singular: string, number: number): string {
  if (/^(name|title|label)$/.test(name)) return PERSON.test(singular) ? person(number) : numberedName(singular, number);
  if (/^(id|uid|key|code|sku|slug|ref|reference|number)$/.test(name))
    return `${singular.replaceAll(' ', '-')}-${number + 1}`;
  const kind = KINDS.find(([pattern]) => pattern.test(name));
  if (kind) return kind[1](number);
  return numberedName(name.replace(/[^a-z0-9]+/g, ' ').trim() || 'text', number);
}

const PERSON =
  /\b(user|customer|client|author|member|person|patient|student|teacher|employee|doctor|contact|guest|driver|player|owner|attendee|instructor|candidate)$/;

/** `Blog post 1` */
function numberedName(singular: string, number: number): string {
  return `${singular.charAt(0).toUpperCase()}${singular.slice(1)} ${number + 1}`;
}

const PEOPLE = [
  'Ada Lovelace',
  'Alan Turing',
  'Grace Hopper',
  'Edsger Dijkstra',
  'Barbara Liskov',
  'Donald Knuth',
  'Radia Perlman',
];
const CITIES = ['Lisbon', 'Oslo', 'Kyoto', 'Lima', 'Nairobi', 'Montreal', 'Vienna'];
const COUNTRIES = ['Portugal', 'Norway', 'Japan', 'Peru', 'Kenya', 'Canada', 'Austria'];

const KINDS: readonly (readonly [RegExp, (number: number) => string])[] = [
  [/e_?mail/, (number) => `${person(number).toLowerCase().replaceAll(' ', '.')}@example.com`],
  [/first_?name|given_?name/, (number) => person(number).split(' ').with(1, '').join(' ').trim()],
  [/last_?name|family_?name|surname/, (number) => person(number).split(' ').slice(1).join(' ')],
  [/user_?name|login|handle|nick/, (number) => person(number).toLowerCase().replaceAll(' ', '_')],
  [/^(full_?name|display_?name|author|owner|customer_?name|contact_?name)$/, person],
  [/password|passwd|secret|passphrase/, (number) => `correct horse battery staple ${number + 1}`],
  [/slug/, (number) => `example-${number + 1}`],
  [/url|uri|link|website|homepage|avatar|image|photo|picture/, (number) => `https://example.com/${number + 1}`],
  [/phone|mobile|tel$|fax/, (number) => `+1555${String(100_000 + number)}`],
  [/city|town/, (number) => numbered(CITIES, number)],
  [/country_?code/, (number) => ['PT', 'NO', 'JP', 'PE', 'KE', 'CA', 'AT'][number % 7] ?? 'PT'],
  [/country/, (number) => numbered(COUNTRIES, number)],
  [/currency/, (number) => ['EUR', 'USD', 'JPY', 'GBP', 'CHF'][number % 5] ?? 'EUR'],
  [/zip|postal|postcode/, (number) => String(10_000 + number)],
  [/street|address/, (number) => `${number + 1} Example Street`],
  [/colou?r/, (number) => `#${(number * 1_118_481 + 0x33_66_99).toString(16).slice(-6).padStart(6, '0')}`],
  [/locale|language|lang$/, (number) => ['en', 'pt', 'no', 'ja', 'fr'][number % 5] ?? 'en'],
  [/time_?zone/, () => 'UTC'],
  [
    /(^|_)(id|key|token|code|sku|number|ref|reference|barcode|isbn|serial)$/,
    (number) => `example-${String(number + 1).padStart(4, '0')}`,
  ],
  [
    /body|content|text|message|description|comment|note|bio|summary|abstract/,
    (number) => `An example, number ${number + 1}: what stands here is up to you.`,
  ],
];

function person(number: number): string {
  return numbered(PEOPLE, number);
}

/** The list over and over, with the round's number from the second on. */
function numbered(list: readonly string[], number: number): string {
  const round = Math.floor(number / list.length);
  return `${list[number % list.length]}${round > 0 ? ` ${round + 1}` : ''}`;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `AAB`, where nothing nicer fits. */
function shortText(number: number, length: number): string {
  let text = '';
  for (let rest = number; text.length < Math.min(length, 6); rest = Math.floor(rest / 26)) {
    text = `${LETTERS[rest % 26]}${text}`;
  }
  return text;
}

import { plainRecord } from '../../domain/plain-record.ts';
import type { DraftColumn } from './draft.ts';

const NOW = '(extract(epoch from now())::bigint)';

interface Rule {
  readonly names: RegExp;
  readonly column: Partial<DraftColumn> & { readonly type: string };
}

/** What a column's name alone tells about it. The first rule that fits decides. */
const RULES: readonly Rule[] = [
  { names: /^(is|has|can|was|should|allows?)_/, column: { type: 'boolean', default: 'false' } },
  { names: /^password_hash$/, column: { type: 'varchar' } },
  { names: /(^|_)(e?mails?|email_address)$/, column: { type: 'varchar(254)' } },
  { names: /(^|_)(phone|mobile|telephone|fax|contact)(_number)?s?$/, column: { type: 'varchar(32)' } },
  {
    names: /(^|_)(metadata|settings|preferences|config|configuration|payload|properties|json|features)$/,
    column: { type: 'jsonb' },
  },
  { names: /^(created|creation)_(at|time|date)$/, column: { type: 'bigint', default: NOW } },
  {
    names: /(^|_)(duration|length)_(minutes|seconds|hours|days|ms)$|(^|_)(minutes|seconds|hours|days|weeks|months)$/,
    column: { type: 'integer', check: '>= 0' },
  },
  {
    names:
      /_at$|_(start|end)$|(^|_)(date|time|datetime|timestamp|deadline|birthday|birthdate|dob|since|until|expiry|expiration)$|^(date|time)_of_/,
    column: { type: 'bigint' },
  },
  {
    names:
      /(^|_)(price|cost|fee|salary|wage|budget|rent|fine|tax|deposit|revenue|income|expense|charge|subtotal|total|fare|tuition|premium|expenditure)s?$/,
    column: { type: 'numeric(12,2)', check: '>= 0' },
  },
  { names: /(^|_)(total|unit|sales?|base)_(price|amount|cost)$/, column: { type: 'numeric(12,2)', check: '>= 0' } },
  { names: /(^|_)(amount|balance|credit|debit|payment|refund|profit)$/, column: { type: 'numeric(12,2)' } },
  {
    names:
      /(^|_)(quantity|qty|stock|count|capacity|age|points|year|seats|floor|floors|position|sequence|page|pages|mileage|credits|likes|views|limit|stars|rooms|bedrooms|bathrooms|servings|portion|calories|reps|sets|goals|wins|losses|draws|attempts|downloads|size|inventory|volume|guests)$/,
    column: { type: 'integer', check: '>= 0' },
  },
  { names: /^(number|total_number|count|quantity)_of_/, column: { type: 'integer', check: '>= 0' } },
  { names: /(^|_)duration$/, column: { type: 'integer', check: '>= 0' } },
  { names: /(^|_)(latitude|lat|longitude|lng|lon)$/, column: { type: 'double precision' } },
  {
    names:
      /(^|_)(weight|height|width|length|depth|temperature|humidity|distance|area|speed|rate|percentage|percent|discount|score|gpa|rating|grade_point|altitude|pressure|voltage|power_consumption|consumption|ratio)$/,
    column: { type: 'numeric' },
  },
  {
    names:
      /(^|_)(description|content|contents|body|text|notes?|remarks?|bio|biography|summary|details?|message|comments?|introduction|instructions?|address|answer|question|review|feedback|abstract|reason|explanation|options|ingredients|steps|specifications?)$/,
    column: { type: 'text' },
  },
  {
    names: /(^|_)(url|link|image|photo|picture|avatar|cover|path|file|logo|video|thumbnail|website)$/,
    column: { type: 'text' },
  },
];

/** Names that read as yes or no, but for the `is_` in front. */
const FLAGS =
  /^(active|enabled|available|verified|completed|done|published|public|private|archived|deleted|read|paid|anonymous|featured|pinned|locked|banned|blocked|approved|correct|overdue|cancelled|canceled|required|default|vegetarian|vegan)$/;

const OPTIONAL =
  /(^|_)(description|notes?|remarks?|bio|biography|image|photo|picture|avatar|cover|logo|thumbnail|website|url|link|phone|mobile|telephone|fax|address|introduction|feedback|comments?|reason|summary|instructions|metadata|settings|preferences|latitude|longitude|middle_name|subtitle|caption|nickname|rating|gender|age|birthday|birthdate|return|explanation)(_number)?$|^last_(?!name)|^(actual|end|ended|ends|completed|completion|cancelled|cancellation|return|returned|finished|closed|resolved|paid|shipped|delivered|expires?|deleted|published|due|check_out|checkout|birth|date_of_birth|payment|renewal|previous|expected|parent)(_|$)/;

/** Names that no two rows of a table share. */
const UNIQUE =
  /^(sku|isbn|slug|iban|vin|barcode|license_plate|licence_plate|plate_number|serial_number|username|tracking_number|passport_number)$/;

/** The column of this name, with the type and the constraints that its name suggests. */
export function inferColumn(name: string): DraftColumn {
  const base = renamed(name);
  const rule = RULES.find(({ names }) => names.test(base));
  const nullable = OPTIONAL.test(base) && rule?.column.default === undefined;
  return {
    name: base,
    nullable,
    unique: UNIQUE.test(base) || undefined,
    ...(rule?.column ?? { type: 'varchar(255)' }),
  };
}

/** Words for a moment that a column cannot be named by, or that would not tell a time. */
const MOMENTS: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    start: 'starts_at',
    begin: 'starts_at',
    beginning: 'starts_at',
    end_value: 'ends_at',
    finish: 'ends_at',
  }),
);

/** House names: a password is only kept hashed, a yes-or-no starts with `is_`. */
function renamed(name: string): string {
  if (/(^|_)(password|passwd|pwd|passcode)$/.test(name)) return 'password_hash';
  return MOMENTS[name] ?? (FLAGS.test(name) ? `is_${name}` : name);
}

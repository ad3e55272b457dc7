/** What can be said about the size of an expression's value before any row is there. */
export interface Extent {
  readonly kind: ValueKind;
  /** Most bytes that the value can have as text; infinite where a column of any length goes in. */
  readonly most: number;
  /** Bytes that do not come from a row. */
  readonly fixed: number;
  /** How many bytes can come of one byte of a column, by column. */
  readonly times: ReadonlyMap<string, number>;
  /** Of a `numeric`, or of the bounds of a range of them. */
  readonly digits?: Digits | undefined;
}

/** `literal` is text without a type, which becomes what stands beside it; `other` has no arithmetic of its own here. */
export type ValueKind = 'integer' | 'float' | 'numeric' | 'text' | 'literal' | 'other';

/**
 * How many digits a `numeric` can have. Where no precision limits it, Postgres keeps up to 147,455: `sparse` has no more
 * than were written (`1e131071` has one), `dense` can have them all come from a short text.
 */
export type Digits = number | 'sparse' | 'dense';

/** A value may have this many bytes whatever the row holds … */
const MOST_BYTES = 64 * 1024;
/** … and beyond that, at most so many for each byte that the row holds. */
const MOST_TIMES = 32;

export function isOutOfProportion({ most, fixed, times }: Extent): boolean {
  return most > MOST_BYTES && (fixed > MOST_BYTES || Math.max(0, ...times.values()) > MOST_TIMES);
}

const NONE: ReadonlyMap<string, number> = new Map();

/** A value that has so many bytes at most. */
export function bounded(kind: ValueKind, bytes = 64): Extent {
  return { kind, most: bytes, fixed: bytes, times: NONE };
}

export function numericOf(digits: number): Extent {
  return { ...bounded('numeric', digits + 3), digits };
}

/** What a column without a declared length holds. */
export function unbounded(kind: ValueKind, column: string): Extent {
  return { kind, most: Infinity, fixed: 0, times: new Map([[column, 1]]) };
}

/** All of them, one after the other. */
export function together(kind: ValueKind, parts: readonly Extent[]): Extent {
  return {
    kind,
    most: sum(parts.map(({ most }) => most)),
    fixed: sum(parts.map(({ fixed }) => fixed)),
    times: merged(parts, (one, other) => one + other),
  };
}

/** One of them: nobody knows which. */
export function anyOf(parts: readonly Extent[]): Extent {
  const kinds = new Set(parts.map(({ kind }) => kind).filter((kind) => kind !== 'literal'));
  return {
    kind: kinds.size === 1 ? [...kinds][0]! : kinds.size === 0 ? 'literal' : mixedKind(kinds),
    most: Math.max(0, ...parts.map(({ most }) => most)),
    fixed: Math.max(0, ...parts.map(({ fixed }) => fixed)),
    times: merged(parts, Math.max),
    digits: digitsOfAll(parts),
  };
}

/** Numbers of several types become the widest; anything else is not known. */
function mixedKind(kinds: ReadonlySet<ValueKind>): ValueKind {
  return (['text', 'float', 'numeric', 'other'] as const).find((kind) => kinds.has(kind)) ?? 'other';
}

/** The value, each byte of which can become so many. */
export function multiplied(kind: ValueKind, part: Extent, by: number): Extent {
  return {
    kind,
    most: by === 0 ? 0 : part.most * by,
    fixed: part.fixed * by,
    times: new Map([...part.times].map(([column, times]) => [column, times * by])),
  };
}

/** The digits of a number; of anything else, those that it would have if it were read as one. */
export function digitsOf({ kind, most, digits }: Extent): Digits {
  if (digits !== undefined) return digits;
  if (kind === 'integer') return 20;
  if (kind === 'float') return 330;
  return most < Infinity ? most : 'sparse';
}

/** As many as any of them has. */
export function digitsOfAll(parts: readonly Extent[]): Digits {
  return parts.map(digitsOf).reduce(moreDigits, 0);
}

export function moreDigits(one: Digits, other: Digits): Digits {
  if (one === 'dense' || other === 'dense') return 'dense';
  if (one === 'sparse' || other === 'sparse') return 'sparse';
  return Math.max(one, other);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function merged(parts: readonly Extent[], merge: (one: number, other: number) => number): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const part of parts)
    for (const [column, more] of part.times) times.set(column, merge(times.get(column) ?? 0, more));
  return times;
}

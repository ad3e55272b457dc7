import { bounded, digitsOf, moreDigits, numericOf, type Digits, type Extent } from './extent.ts';
import { constantNumber } from './constants.ts';
import type { MeasuredCall } from './measured-call.ts';

/** What is computed with more digits than this is refused. */
const MOST_DIGITS = 4000;
const MOST_EXPONENT = 20;
const MOST_PLACES = 100;

const GIVE_PRECISION = 'Give the columns a precision: numeric(12,2), or compute with double precision.';

/** The value of an arithmetic operator, named by it, whose sides are numbers and at least one is `numeric`. */
export function computed(call: MeasuredCall): Extent {
  const [left, right] = [call.extents[0] ?? bounded('integer'), call.extents[1] ?? bounded('integer')];
  const [one, other] = [digitsOf(left), digitsOf(right)];
  switch (call.name) {
    case '*':
      return product(call, one, other);
    case '/':
    case '%':
    case 'mod':
    case 'div':
      return quotient(call, one, other);
    case '^':
      return powerOf(call);
    default:
      return numeric(call.extents.length === 1 ? moreDigits(one, 0) : sumOf(one, other));
  }
}

function numeric(digits: Digits): Extent {
  return typeof digits === 'number' ? numericOf(digits) : { ...bounded('numeric', Infinity), fixed: 0, digits };
}

/** Adding 1 to 1e131071 writes all its digits out. */
function sumOf(one: Digits, other: Digits): Digits {
  return typeof one === 'number' && typeof other === 'number' ? Math.max(one, other) + 1 : 'dense';
}

function product(call: MeasuredCall, one: Digits, other: Digits): Extent {
  if (typeof one === 'number' && typeof other === 'number') return within(call, one + other);
  if (one === 'dense' && other === 'dense') return tooMany(call);
  return numeric(moreDigits(one, other));
}

function quotient(call: MeasuredCall, one: Digits, other: Digits): Extent {
  if (typeof one === 'number' && typeof other === 'number') return within(call, one + other + 20);
  return other === 'dense' ? tooMany(call) : numeric('dense');
}

function within(call: MeasuredCall, digits: number): Extent {
  return digits <= MOST_DIGITS ? numericOf(digits) : tooMany(call);
}

function tooMany(call: MeasuredCall): Extent {
  return call.refuse(`computes with numbers of more than ${MOST_DIGITS} digits`, GIVE_PRECISION);
}

/** `numeric` alone goes on to any number of digits; a double has eight bytes whatever happens. */
export function powerOf(call: MeasuredCall): Extent {
  const kinds = call.extents.map(({ kind }) => kind);
  if (kinds.includes('float') || kinds.every((kind) => kind === 'integer')) return bounded('float');
  const exponent = constantNumber(call.nodes[1]);
  const digits = digitsOf(call.extents[0] ?? bounded('integer'));
  if (exponent !== undefined && Math.abs(exponent) <= MOST_EXPONENT && typeof digits === 'number') {
    return within(call, Math.ceil(digits * Math.max(1, Math.abs(exponent))) + 20);
  }
  return call.refuse(
    'raises a numeric to a power that may be any, to any number of digits',
    'Compute with double precision: power(…::double precision, …).',
  );
}

/** `round` and `trunc`. */
export function roundedTo(call: MeasuredCall): Extent {
  const [value = bounded('integer')] = call.extents;
  if (call.nodes.length < 2) return value;
  const places = constantNumber(call.nodes[1]);
  if (places === undefined || Math.abs(places) > MOST_PLACES) {
    return call.refuse(
      `rounds to a number of places that may be more than ${MOST_PLACES}`,
      'Write it out: round(…, 2).',
    );
  }
  const digits = digitsOf(value);
  return numeric(typeof digits === 'number' ? digits + Math.abs(places) : digits);
}

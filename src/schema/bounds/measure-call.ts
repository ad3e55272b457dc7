import type { FuncCall, Node } from 'libpg-query';
import { textsOf } from '../syntax-nodes.ts';
import { patternProblem, type PatternProblem, type PatternUse } from './check-pattern.ts';
import { constantNumber, constantText } from './constants.ts';
import { bounded, digitsOfAll, multiplied, numericOf, together, type Extent } from './extent.ts';
import type { MeasuredCall } from './measured-call.ts';
import { jsonPathProblem } from './check-json-path.ts';
import { computed, powerOf, roundedTo } from './numeric-digits.ts';

type Measure = (call: MeasuredCall) => Extent;

/** The functions that make something large of something small unless their arguments keep them from it. */
export const MEASURES: ReadonlyMap<string, Measure> = new Map<string, Measure>([
  ['lower', lowered],
  ['upper', lowered],
  ['numrange', (call) => ({ ...together('other', call.extents), digits: digitsOfAll(call.extents) })],
  ['replace', replace],
  ['regexp_replace', regexpReplace],
  ['regexp_like', (call) => usingPattern(call, 1, 'match', 2, bounded('other'))],
  ['regexp_count', (call) => usingPattern(call, 1, 'repeated', 3, bounded('integer'))],
  ['regexp_substr', (call) => usingPattern(call, 1, 'repeated', 4, asText(call, 0))],
  ['substring', substring],
  ['like_escape', (call) => constantArgument(call, 0) ?? multiplied('text', asText(call, 0), 2)],
  ['similar_to_escape', (call) => multiplied('text', asText(call, 0), 3)],
  ['position', search],
  ['strpos', search],
  ['format', format],
  ['concat_ws', joined],
  ['array_to_string', arrayToString],
  ['to_char', (call) => usingFormat(call, bounded('text', 12 * formatLength(call) + 400))],
  ['to_number', (call) => usingFormat(call, numericOf(formatLength(call)))],
  ['to_date', (call) => usingFormat(call, bounded('other'))],
  ['to_timestamp', (call) => (call.nodes.length > 1 ? usingFormat(call, bounded('other')) : bounded('other'))],
  ['extract', () => numericOf(30)],
  ['power', (call) => powerOf(call)],
  ['exp', exponential],
  ['ln', root],
  ['log', root],
  ['sqrt', root],
  ['round', (call) => roundedTo(call)],
  ['trunc', (call) => roundedTo(call)],
  ['mod', remainder],
  ['div', remainder],
  ['abs', sameNumber],
  ['floor', sameNumber],
  ['ceil', sameNumber],
  ['ceiling', sameNumber],
  ['sign', sameNumber],
  ['gen_random_bytes', () => bounded('other', 1024)],
  ['jsonb_path_exists', jsonPathExists],
]);

function asText({ extents }: MeasuredCall, at: number): Extent {
  return { ...(extents[at] ?? bounded('text', 0)), kind: 'text' };
}

/** The lower case of a text, or the lower bound of a range. */
function lowered(call: MeasuredCall): Extent {
  const [range] = call.extents;
  return range?.kind === 'other' && range.digits !== undefined ? { ...range, kind: 'numeric' } : asText(call, 0);
}

function replace(call: MeasuredCall): Extent {
  const [, from, to] = call.nodes;
  const [text, sought, replacement] = [asText(call, 0), constantText(from), asText(call, 2)];
  const shortest = Math.max(1, Buffer.byteLength(sought ?? ''));
  const written = constantText(to);
  if (written !== undefined) {
    return multiplied('text', text, Math.max(1, Buffer.byteLength(written) / shortest));
  }
  // As often as the text can hold what is sought.
  const places = text.most / shortest;
  if (places < Infinity) return together('text', [text, multiplied('text', replacement, places)]);
  return call.refuse(
    'puts one column’s text into another at every place found',
    'Write the replacement as a text in quotes, or do it in the backend’s code.',
  );
}

function regexpReplace(call: MeasuredCall): Extent {
  const replacement = constantText(call.nodes[2]);
  if (replacement === undefined) {
    return call.refuse('has a replacement that is not written out', 'Write the replacement as a text in quotes.');
  }
  const flags = call.nodes.length === 4 ? constantText(call.nodes[3]) : undefined;
  const isRepeated = call.nodes.length > 4 || (call.nodes.length === 4 && flags?.includes('g') !== false);
  const references = replacement.split('\\').length - 1;
  const length = Buffer.byteLength(replacement);
  const text = asText(call, 0);
  const value = isRepeated
    ? together('text', [multiplied('text', text, 1 + references + length), bounded('text', length)])
    : together('text', [multiplied('text', text, 1 + references), bounded('text', length)]);
  return usingPattern(call, 1, isRepeated ? 'repeated' : 'match', call.nodes.length === 6 ? 5 : 3, value);
}

/** The value, once the pattern and the flags are known to be harmless. */
function usingPattern(call: MeasuredCall, at: number, use: PatternUse, flagsAt: number, value: Extent): Extent {
  const problem = patternArgumentProblem(call.nodes[at], use) ?? flagsProblem(call, flagsAt);
  return problem ? call.refuse(problem.problem, problem.fix) : value;
}

/** What is wrong with an expression that serves as a pattern; a call that makes one of a SIMILAR TO is looked through. */
export function patternArgumentProblem(node: Node | undefined, use: PatternUse): PatternProblem | undefined {
  if (!node) return undefined;
  const pattern = 'FuncCall' in node ? similarPattern(node.FuncCall) : constantText(node);
  if (pattern === undefined) {
    return { problem: 'takes its pattern from a column', fix: 'Write the pattern as a text in quotes.' };
  }
  const problem = patternProblem(pattern, use);
  return problem && { problem: `has a pattern that ${problem.problem}`, fix: problem.fix };
}

/** The pattern of a SIMILAR TO, whose escape character is spelled as a regular expression's. */
function similarPattern({ funcname, args = [] }: FuncCall): string | undefined {
  const [pattern, escape = '\\'] = args.map(constantText);
  if (textsOf(funcname).at(-1) !== 'similar_to_escape' || (args.length > 1 && escape.length !== 1)) return undefined;
  return pattern?.replaceAll(escape, '\\');
}

function flagsProblem({ nodes, extents }: MeasuredCall, at: number): PatternProblem | undefined {
  const node = nodes[at];
  // A number there says where to start.
  if (!node || extents[at]?.kind === 'integer' || /^[cgist]*$/.test(constantText(node) ?? '-')) return undefined;
  return { problem: 'has other flags than c, g, i, s and t', fix: 'Leave the other flags out.' };
}

/** With a text as the second argument it is a pattern that is meant. */
function substring(call: MeasuredCall): Extent {
  const second = call.extents[1];
  const isCut = call.nodes.length === 3 ? call.extents[2]?.kind === 'integer' : second?.kind === 'integer';
  if (isCut) return asText(call, 0);
  return usingPattern(call, 1, 'match', 9, asText(call, 0));
}

/** Refuses a call whose argument is not written out; undefined when it is. */
function constantArgument(call: MeasuredCall, at: number): Extent | undefined {
  if (constantText(call.nodes[at]) !== undefined) return undefined;
  return call.refuse('takes its pattern from a column', 'Write the pattern as a text in quotes.');
}

/** Longer texts are searched for others in a time that goes with both lengths. */
const MOST_SOUGHT_BYTES = 8192;

function search(call: MeasuredCall): Extent {
  const lengths = call.extents.map(({ most }) => most);
  if (Math.min(...lengths) <= MOST_SOUGHT_BYTES) return bounded('integer');
  return call.refuse(
    'looks for a text of any length in another one',
    'Give one of the columns a length: varchar(200).',
  );
}

const DIRECTIVE = /%(?:(\d+)\$)?(-?)(\*|\d+)?([sIL%])/g;

function format(call: MeasuredCall): Extent {
  const template = constantText(call.nodes[0]);
  if (template === undefined) return call.refuse('takes its template from a column', 'Write the template in quotes.');
  const directives = [...template.matchAll(DIRECTIVE)].filter(([, , , , letter]) => letter !== '%');
  const widths = directives.map(([, , , width = '0']) => (width === '*' ? Infinity : Number(width)));
  if (Math.max(0, ...widths) > 100) {
    return call.refuse('pads to a width of more than 100', 'Leave the width out: %s.');
  }
  let next = 0;
  const parts = directives.map(([, position]) => {
    next = position === undefined ? next + 1 : Number(position);
    // Quoting can double each letter.
    return multiplied('text', call.extents[next] ?? bounded('text', 0), 2);
  });
  const padding = widths.reduce((sum, width) => sum + width, Buffer.byteLength(template));
  return together('text', [bounded('text', padding), ...parts]);
}

function joined({ extents }: MeasuredCall): Extent {
  const [separator = bounded('text', 0), ...parts] = extents;
  return together('text', [...parts, multiplied('text', separator, parts.length)]);
}

function arrayToString(call: MeasuredCall): Extent {
  const between = call.nodes.slice(1).map(constantText);
  if (between.includes(undefined)) {
    return call.refuse('takes what goes between the items from a column', 'Write the separator in quotes.');
  }
  const longest = Math.max(0, ...between.map((text) => Buffer.byteLength(text ?? '')));
  return multiplied('text', asText(call, 0), 1 + longest);
}

const MOST_FORMAT_BYTES = 200;

function formatLength({ nodes }: MeasuredCall): number {
  return Buffer.byteLength(constantText(nodes[1]) ?? '');
}

function usingFormat(call: MeasuredCall, value: Extent): Extent {
  if (constantText(call.nodes[1]) !== undefined && formatLength(call) <= MOST_FORMAT_BYTES) return value;
  return call.refuse(
    'has a format that is not written out, or is long',
    "Write a short format in quotes: 'YYYY-MM-DD'.",
  );
}

const MOST_EXPONENT = 100;

function exponential(call: MeasuredCall): Extent {
  const [argument = bounded('other')] = call.extents;
  if (argument.kind === 'float' || argument.kind === 'integer') return bounded('float');
  const exponent = constantNumber(call.nodes[0]);
  if (exponent !== undefined && Math.abs(exponent) <= MOST_EXPONENT) return numericOf(100);
  return call.refuse('computes with numeric, to any number of digits', `Write ${call.name}(…::double precision).`);
}

/** Logarithms and roots have few digits more than what they are taken of. */
function root(call: MeasuredCall): Extent {
  const numbers = call.extents.map((extent) => (extent.kind === 'numeric' ? (extent.digits ?? 'dense') : 0));
  if (call.extents.every(({ kind }) => kind === 'float' || kind === 'integer')) return bounded('float');
  if (numbers.every((digits) => typeof digits === 'number')) return numericOf(2000);
  return call.refuse(
    'computes with numeric of any number of digits',
    `Write ${call.name}(…::double precision), or give the column a precision: numeric(12,2).`,
  );
}

function remainder(call: MeasuredCall): Extent {
  return call.extents.every(({ kind }) => kind === 'integer') ? bounded('integer') : computed(call);
}

function sameNumber({ extents }: MeasuredCall): Extent {
  return extents[0] ?? bounded('integer');
}

function jsonPathExists(call: MeasuredCall): Extent {
  const problem = jsonPathArgumentProblem(call.nodes[1]);
  return problem ? call.refuse(problem.problem, problem.fix) : bounded('other');
}

export function jsonPathArgumentProblem(node: Node | undefined): PatternProblem | undefined {
  const path = constantText(node);
  if (path === undefined) return { problem: 'takes its path from a column', fix: 'Write the path in quotes.' };
  const problem = jsonPathProblem(path);
  return problem && { problem: `has a path that ${problem.problem}`, fix: problem.fix };
}

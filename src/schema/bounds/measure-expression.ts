import type { A_Expr, FuncCall, Node, TypeCast, TypeName } from 'libpg-query';
import { refuse, type Reading } from '../reading.ts';
import { childrenOf, textsOf } from '../syntax-nodes.ts';
import { constantText, holdsHugeNumber, isHugeNumber } from './constants.ts';
import { anyOf, bounded, digitsOf, isOutOfProportion, multiplied, numericOf, together, type Extent } from './extent.ts';
import { FUNCTION_RESULTS } from './function-results.ts';
import { jsonPathArgumentProblem, MEASURES, patternArgumentProblem } from './measure-call.ts';
import type { MeasuredCall } from './measured-call.ts';
import { computed } from './numeric-digits.ts';
import { typeExtent } from './type-extent.ts';

/** The expression's surroundings. */
export interface Measuring {
  readonly reading: Reading;
  /** As a message names it: `A CHECK of posts`. */
  readonly where: string;
  /** The types of the columns that it may refer to. */
  readonly types: ReadonlyMap<string, TypeName>;
}

/**
 * Refuses an expression that can make a value, or a computation, out of proportion to the row that it is computed
 * from. Its functions and operators have been found to be allowed.
 */
export function checkProportion(measuring: Measuring, expression: Node): void {
  measure(measuring, expression);
}

function measure(measuring: Measuring, node: Node): Extent {
  const extent = measureNode(measuring, node);
  if (!isOutOfProportion(extent)) return extent;
  return complain(measuring, 'It', 'makes a long text out of a short one', 'Do it in the backend’s code.');
}

function complain({ reading, where }: Measuring, what: string, problem: string, fix: string): Extent {
  refuse(reading, 'unbounded-expression', `${where}: ${what} ${problem}`, fix);
  return bounded('other');
}

function measureNode(measuring: Measuring, node: Node): Extent {
  if ('A_Const' in node) return measureConstant(measuring, node);
  if ('ColumnRef' in node) return measureColumn(measuring, textsOf(node.ColumnRef.fields).at(-1) ?? '');
  if ('TypeCast' in node) return measureCast(measuring, node.TypeCast);
  if ('FuncCall' in node) return measureCall(measuring, node.FuncCall);
  if ('A_Expr' in node) return measureOperator(measuring, node.A_Expr);
  const parts = childrenOf(node)
    .filter((child) => !('String' in child))
    .map((child) => measure(measuring, child));
  if ('CollateClause' in node) return parts[0] ?? bounded('text');
  if ('CaseWhen' in node) return parts.at(-1) ?? bounded('other');
  if ('CaseExpr' in node) return anyOf('arg' in node.CaseExpr ? parts.slice(1) : parts);
  if ('CoalesceExpr' in node || 'MinMaxExpr' in node) return anyOf(parts);
  return 'BoolExpr' in node || 'NullTest' in node || 'BooleanTest' in node
    ? bounded('other')
    : together('other', parts);
}

function measureConstant(measuring: Measuring, node: Extract<Node, { A_Const: unknown }>): Extent {
  const { ival, fval, sval } = node.A_Const;
  if (ival) return bounded('integer', 11);
  const text = fval?.fval ?? sval?.sval ?? '';
  const isHuge = fval ? isHugeNumber(text) : holdsHugeNumber(text);
  if (isHuge) {
    return complain(measuring, 'the number', `${text.slice(0, 40)} has too many digits`, 'Write a smaller number.');
  }
  if (fval)
    return numericOf(Number(text) === 0 ? text.length : Math.ceil(Math.abs(Math.log10(Number(text)))) + text.length);
  return bounded(sval ? 'literal' : 'other', Buffer.byteLength(text));
}

function measureColumn({ types }: Measuring, column: string): Extent {
  const type = types.get(column);
  return type ? typeExtent(type, column) : bounded('other');
}

function measureCast(measuring: Measuring, cast: TypeCast): Extent {
  const value = cast.arg ? measure(measuring, cast.arg) : bounded('other');
  const type = cast.typeName && typeExtent(cast.typeName, '');
  if (!type) return value;
  if (type.kind === 'numeric') return toNumeric(value, type);
  if (type.kind === 'text') return toText(written(measuring, value), type);
  if (type.most < Infinity) return type;
  const items = cast.typeName?.arrayBounds?.length ? 16 : 2;
  return { ...multiplied(type.kind, value, items), digits: type.digits };
}

/** Cut, or filled up, to the type's length. */
function toText(value: Extent, { most, fixed }: Extent): Extent {
  // What is no text is put into quotes and escaped.
  const text = value.kind === 'other' ? multiplied('text', value, 2) : value;
  return {
    kind: 'text',
    most: Math.max(fixed, Math.min(most, text.most)),
    fixed: Math.max(fixed, Math.min(most, text.fixed)),
    times: text.times,
  };
}

function toNumeric(value: Extent, type: Extent): Extent {
  if (typeof type.digits === 'number') return type;
  const digits = digitsOf(value);
  return { ...value, kind: 'numeric', digits };
}

/** The value as text. */
function written(measuring: Measuring, value: Extent): Extent {
  if (value.kind !== 'numeric' || typeof digitsOf(value) === 'number') return value;
  return complain(
    measuring,
    'a numeric',
    'may be written with more than 100,000 digits',
    'Give the column a precision, numeric(12,2), or cast first: (…)::numeric(12,2)::text.',
  );
}

function measureCall(measuring: Measuring, call: FuncCall): Extent {
  const name = textsOf(call.funcname).at(-1) ?? '';
  const nodes = call.args ?? [];
  const extents = nodes.map((node) => measure(measuring, node));
  const measured = measuredCall(measuring, `${name}()`, name, nodes, extents);
  const own = MEASURES.get(name);
  if (own)
    return own(
      TAKES_NUMBERS.has(name)
        ? measured
        : { ...measured, extents: extents.map((extent) => written(measuring, extent)) },
    );
  const result = FUNCTION_RESULTS.get(name);
  if (!result) return complain(measuring, `${name}()`, 'is not known well enough', 'Leave it out.');
  if (result.times === 0) return bounded(result.kind);
  return multiplied(
    result.kind,
    together(
      result.kind,
      extents.map((extent) => written(measuring, extent)),
    ),
    result.times,
  );
}

const TAKES_NUMBERS: ReadonlySet<string> = new Set(
  'power exp ln log sqrt round trunc abs floor ceil ceiling sign mod div to_char to_timestamp'.split(' '),
);

function measuredCall(
  measuring: Measuring,
  what: string,
  name: string,
  nodes: readonly Node[],
  extents: readonly Extent[],
): MeasuredCall {
  return { name, nodes, extents, refuse: (problem, fix) => complain(measuring, what, problem, fix) };
}

const PATTERN_OPERATORS: ReadonlySet<string> = new Set(['~', '~*', '!~', '!~*']);
const LIKE_OPERATORS: ReadonlySet<string> = new Set(['~~', '~~*', '!~~', '!~~*']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^']);

function measureOperator(measuring: Measuring, expression: A_Expr): Extent {
  const name = textsOf(expression.name).at(-1) ?? '';
  const nodes = [expression.lexpr, expression.rexpr].filter((node) => node !== undefined);
  const extents = nodes.map((node) => measure(measuring, node));
  if (expression.kind === 'AEXPR_NULLIF') return extents[0] ?? bounded('other');
  const call = measuredCall(measuring, `the operator ${name}`, name, nodes, extents);
  if (PATTERN_OPERATORS.has(name) && nodes.length === 2) return matched(call, /ANY$|ALL$/.test(expression.kind ?? ''));
  if (LIKE_OPERATORS.has(name)) return likened(call);
  if (name === '@@') return searched(call);
  if (ARITHMETIC.has(name)) return arithmetic(call);
  if (name === '||')
    return together(
      joinedKind(extents),
      extents.map((extent) => written(measuring, extent)),
    );
  return VALUE_OPERATORS.has(name)
    ? { ...anyOf(extents), kind: name.endsWith('>>') && name !== '>>' ? 'text' : 'other' }
    : bounded('other');
}

/** Operators that answer with a part of what they are given; the rest answer yes or no, or a number. */
const VALUE_OPERATORS: ReadonlySet<string> = new Set(['->', '->>', '#>', '#>>', '#', '&', '|', '<<', '>>', '-|-']);

function joinedKind(extents: readonly Extent[]): Extent['kind'] {
  return extents.some(({ kind }) => kind === 'other') && !extents.some(({ kind }) => kind === 'text')
    ? 'other'
    : 'text';
}

function matched(call: MeasuredCall, isList: boolean): Extent {
  const patterns = isList ? listedIn(call.nodes[1]) : call.nodes.slice(1);
  if (!patterns) return call.refuse('has its patterns in one text', 'Write ARRAY[…] with each pattern in quotes.');
  for (const pattern of patterns) {
    const problem = patternArgumentProblem(pattern, 'match');
    if (problem) return call.refuse(problem.problem, problem.fix);
  }
  return bounded('other');
}

/** The items of a list that is written out; the text of a whole array could hide anything. */
function listedIn(node: Node | undefined): readonly Node[] | undefined {
  if (!node) return undefined;
  if ('TypeCast' in node) return listedIn(node.TypeCast.arg);
  return 'A_ArrayExpr' in node ? (node.A_ArrayExpr.elements ?? []) : undefined;
}

/** LIKE takes a time that goes with both lengths. */
function likened(call: MeasuredCall): Extent {
  if (Math.min(...call.extents.map(({ most }) => most)) <= MOST_LIKE_BYTES) return bounded('other');
  return call.refuse(
    'takes a pattern of any length from a column',
    'Write the pattern in quotes, or give the column a length: varchar(200).',
  );
}

const MOST_LIKE_BYTES = 8192;

/** A text on the right is a path if it has a `$`, and words to look for if not. */
function searched(call: MeasuredCall): Extent {
  const path = call.nodes.find((node) => constantText(node)?.includes('$'));
  const problem = path && jsonPathArgumentProblem(path);
  return problem ? call.refuse(problem.problem, problem.fix) : bounded('other');
}

function arithmetic(call: MeasuredCall): Extent {
  const kinds = call.extents.map(({ kind }) => kind);
  if (call.name !== '^' && kinds.some((kind) => kind === 'other' || kind === 'text'))
    return together('other', call.extents);
  if (kinds.includes('numeric') || kinds.includes('literal'))
    return kinds.includes('float') ? bounded('float') : computed(call);
  return bounded(kinds.includes('float') || call.name === '^' ? 'float' : 'integer');
}

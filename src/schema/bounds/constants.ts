import type { Node } from 'libpg-query';
import { textsOf } from '../syntax-nodes.ts';

/** The text that an expression of constants stands for; undefined when a row has a say in it. */
export function constantText(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if ('A_Const' in node) return node.A_Const.isnull ? '' : node.A_Const.sval && (node.A_Const.sval.sval ?? '');
  if ('TypeCast' in node)
    return isPlainText(node.TypeCast.typeName?.names) ? constantText(node.TypeCast.arg) : undefined;
  if (!('A_Expr' in node) || textsOf(node.A_Expr.name).join('.') !== '||') return undefined;
  const [left, right] = [constantText(node.A_Expr.lexpr), constantText(node.A_Expr.rexpr)];
  return left === undefined || right === undefined ? undefined : left + right;
}

function isPlainText(names: readonly Node[] | undefined): boolean {
  return ['text', 'varchar', 'bpchar', 'citext'].includes(textsOf(names).at(-1) ?? '');
}

/** The number that a constant stands for, also in quotes or with a sign. */
export function constantNumber(node: Node | undefined): number | undefined {
  if (!node) return undefined;
  if ('A_Const' in node) return numberOf(node.A_Const);
  if ('TypeCast' in node) return constantNumber(node.TypeCast.arg);
  if (!('A_Expr' in node) || node.A_Expr.lexpr) return undefined;
  const value = constantNumber(node.A_Expr.rexpr);
  return value !== undefined && textsOf(node.A_Expr.name).join('.') === '-' ? -value : undefined;
}

function numberOf(constant: Extract<Node, { A_Const: unknown }>['A_Const']): number | undefined {
  if (constant.ival) return constant.ival.ival ?? 0;
  const text = constant.fval?.fval ?? constant.sval?.sval;
  return text !== undefined && /^\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined;
}

const MOST_DIGITS = 100;
/** A double goes to 1e308. */
const MOST_EXPONENT = 400;

/** Whether a number is written that has more digits than there are letters in it, or more than anyone means. */
export function holdsHugeNumber(text: string): boolean {
  const exponents = [...text.matchAll(/(?<![\p{L}\d])[\d.]+e[+-]?(\d+)/giu)].map(([, exponent]) => Number(exponent));
  return exponents.some((exponent) => exponent > MOST_EXPONENT);
}

/** The same of a constant that is a number and nothing else. */
export function isHugeNumber(text: string): boolean {
  return text.length > MOST_DIGITS || holdsHugeNumber(text);
}

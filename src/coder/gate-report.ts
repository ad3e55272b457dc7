import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { GateName, GateResult } from '../domain/receipt.ts';
import { brief } from './model-text.ts';

/** All that the model gets to read of one check. */
const MOST_CHARACTERS = 2000;
const MOST_CAUSES = 6;
const LONGEST_LINE = 500;

/** What fails after these are consequences: of code that is not well typed, of a server that does not run. */
const FIRST: readonly GateName[] = ['types', 'boot'];

/**
 * What stands in the way, as the model reads it: each cause once, with file and line and how often it shows. With type
 * errors, or a server that does not start, nothing but that.
 */
export function gateReport(gates: readonly GateResult[], directory: string, schema?: DatabaseSchema): string {
  const failed = gates.filter(({ status }) => status === 'failed');
  const told = toldFirst(gates);
  const share = Math.floor((MOST_CHARACTERS - 300) / Math.max(1, told.length));
  const parts = told.map((gate) => clip(partOf(gate, directory, schema, share), share));
  const passed = gates.filter(({ status }) => status === 'passed').map(({ gate }) => gate);
  const later = failed.filter((gate) => !told.includes(gate)).map(({ gate }) => gate);
  return [
    ...parts,
    ...(later.length > 0 ? [`Failed with it, and not told before this is mended: ${later.join(', ')}.`] : []),
    `Passed: ${passed.join(', ') || 'none'}.`,
  ].join('\n');
}

/** What is to be mended first, each of its gates in a text of its own that a model reads. */
export function gateFindings(
  gates: readonly GateResult[],
  directory: string,
  schema?: DatabaseSchema,
): readonly { readonly about: GateName; readonly report: string }[] {
  return toldFirst(gates).map((gate) => ({
    about: gate.gate,
    report: clip(partOf(gate, directory, schema, MOST_CHARACTERS), MOST_CHARACTERS),
  }));
}

function toldFirst(gates: readonly GateResult[]): readonly GateResult[] {
  const failed = gates.filter(({ status }) => status === 'failed');
  const first = FIRST.flatMap((name) => failed.find(({ gate }) => gate === name) ?? []).slice(0, 1);
  return first.length > 0 ? first : failed;
}

/** The same for failures that differ only in numbers: durations, ports, lines. */
export function failureSignature(gates: readonly GateResult[]): string {
  const failed = gates.filter(({ status }) => status === 'failed');
  return failed.map(({ gate, summary }) => `${gate}:${brief(summary, 300).replace(/\d+/g, '#')}`).join('\n');
}

function partOf(
  { gate, summary, evidence }: GateResult,
  directory: string,
  schema: DatabaseSchema | undefined,
  share: number,
): string {
  const lines = evidence.filter((line) => !TALLY.test(line)).map((line) => compact(relative(line, directory)));
  const causes = groupByCause(lines);
  const told = causes.slice(0, MOST_CAUSES);
  const longest = Math.min(LONGEST_LINE, Math.floor(share / (told.length + 1)));
  const headline = relative(summary, directory).replace(/ \(and \d+ more\)$/, '');
  const isTold = causes.some(({ line }) => line.startsWith(headline) || headline.includes(line));
  const said = told.map(({ line, count }) => `${clip(line, longest)}${count > 1 ? ` (and ${count - 1} like it)` : ''}`);
  const [first = '', ...more] = isTold ? said : [clip(headline, longest), ...said];
  return [
    `${gate}: ${first}`,
    ...more.map((line) => `  ${line}`),
    ...(causes.length > MOST_CAUSES ? [`  … and ${causes.length - MOST_CAUSES} other causes`] : []),
    ...columnHints(lines, schema),
  ].join('\n');
}

/** What was seen and is no fault: how often which operation gave which status, the rules that there are. */
const TALLY = /^Version |^rule: |^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) [^:]*(?::\d+\))?: (not called|\d{3}×\d+)/;

/** What a test runner prints around what went wrong. */
const NOISE = /^\s*(---|\.\.\.|duration_ms:.*|type: .*|failureType: .*|stack: \|-|error: \|-|.*node:internal.*|)\s*$/;

/** A block of several lines as one, without what says nothing. */
function compact(block: string): string {
  if (!block.includes('\n')) return block;
  const lines = block.split('\n').filter((line) => !NOISE.test(line));
  return lines.map((line) => line.trim()).join(' ');
}

interface Cause {
  readonly line: string;
  readonly count: number;
}

/** The first line of each kind: two that differ in values alone have one cause. */
function groupByCause(lines: readonly string[]): Cause[] {
  const groups = new Map<string, Cause>();
  for (const line of lines) {
    const kind = kindOf(line);
    const known = groups.get(kind);
    groups.set(kind, { line: known?.line ?? line, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

/** Of a request what was expected and which status came: it does not matter for which value. */
function kindOf(line: string): string {
  const fault = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+.*: expected ([^(:]*).*; found (\d+)?/.exec(line);
  if (fault) return `${fault[2]} ${fault[3] ?? ''}`;
  return line.replaceAll(/"[^"]*"|'[^']*'|\d+|[0-9a-f]{8}-[0-9a-f-]{27}/g, '#').slice(0, 300);
}

/** Whoever names a column that there is not is told those that there are. */
function columnHints(lines: readonly string[], schema: DatabaseSchema | undefined): string[] {
  const missing = lines.filter((line) => /column \S+ (of relation \S+ )?does not exist/.test(line)).join('\n');
  if (missing === '' || schema === undefined) return [];
  const named = schema.tables.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(missing));
  return named
    .slice(0, 3)
    .map(({ name, columns }) => `  ${name} has: ${columns.map((column) => column.name).join(', ')}`);
}

function relative(line: string, directory: string): string {
  return line.replaceAll(`file://${directory}/`, '').replaceAll(`${directory}/`, '');
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}

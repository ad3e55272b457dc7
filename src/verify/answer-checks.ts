import type { ApiDocument, Operation } from './api-document.ts';
import type { HttpAnswer } from './http-client.ts';
import { closedSchemaFaults, isObject } from './json-schema.ts';

const PROBLEM = 'application/problem+json';

/** What an answer breaks of what its operation documents; what was expected, a line each. */
export function documentFaults(answer: HttpAnswer, operation: Operation, document: ApiDocument): string[] {
  if (answer.status === 0) return ['an answer'];
  if (REFUSED_BEFORE_ROUTING.includes(answer.status)) return [];
  const content = documentedContent(operation, answer.status);
  if (!content) return [`one of the documented statuses ${Object.keys(operation.answers).join(', ')}`];
  const types = Object.keys(content);
  if (types.length === 0) return answer.text === '' ? [] : ['no body, as none is documented'];
  const schema = content[mediaType(answer)];
  if (schema === undefined) return [`a body of type ${types.join(' or ')}, got ${mediaType(answer) || 'none'}`];
  if (!mediaType(answer).endsWith('json')) return [];
  if (answer.json === undefined) return ['a body that is JSON'];
  // What is answered and not documented is what leaks.
  const faults = closedSchemaFaults(answer.json, schema, (reference) => document.resolve(reference));
  return faults.length === 0 ? [] : [`a body as documented (${faults.slice(0, 3).join('; ')})`];
}

/** HTTP's own refusals of an address or headers that are too long: no operation was reached that could document them. */
const REFUSED_BEFORE_ROUTING: readonly number[] = [414, 431];

/** What no answer may do, documented or not. `allow501`: the document says that nobody wrote this operation yet. */
export function generalFaults(answer: HttpAnswer, allow501 = false): string[] {
  const faults: string[] = [];
  if (answer.status >= 500 && !(allow501 && answer.status === 501)) faults.push('no 5xx');
  if (answer.status >= 400) faults.push(...problemFaults(answer));
  for (const header of ['server', 'x-powered-by']) {
    if (answer.headers[header] !== undefined) faults.push(`no ${header} header, it tells what runs here`);
  }
  return [...faults, ...leakFaults(answer)];
}

function problemFaults(answer: HttpAnswer): string[] {
  if (mediaType(answer) !== PROBLEM) return [`an error as ${PROBLEM}, got ${mediaType(answer) || 'no body'}`];
  const { json } = answer;
  if (!isObject(json) || typeof json['title'] !== 'string') return ['a problem with a title'];
  return json['status'] === answer.status ? [] : [`a problem whose status is ${answer.status}`];
}

function leakFaults(answer: HttpAnswer): string[] {
  const faults: string[] = [];
  const names = secretNames(answer.json);
  if (names.length > 0 && answer.status < 400) faults.push(`no password in the body, found ${names.join(', ')}`);
  if (answer.status < 400) return faults;
  const text = withoutEcho(answer);
  const trace = TRACES.find((pattern) => pattern.test(text));
  if (trace) faults.push(`an error that tells nothing of the code (${trace.exec(text)?.[0]})`);
  const sql = SQL.find((pattern) => pattern.test(text));
  if (sql) faults.push(`an error that tells no SQL (${sql.exec(text)?.[0]})`);
  return faults;
}

const TRACES = [
  /\bat (async )?[\w$.<>]+ \(?(file:|node:|\/)[^\s)]*/,
  /node_modules/,
  /\b[\w-]+\.(ts|js|mjs):\d+/,
  /\b(ECONNREFUSED|ECONNRESET|ENOENT|TypeError|ReferenceError|RangeError)\b/,
];

const SQL = [
  /\b(select|insert into|delete from)\b[^"]{0,200}\b(from|values|where)\b/i,
  /\bupdate "?\w+"? set\b/i,
  /syntax error at or near/i,
  /\brelation \\?"?\w+\\?"? does not exist/i,
  /\bpg_[a-z]{3,}/,
  /\b(duplicate key value|violates (foreign key|check|not-null|unique) constraint)\b/i,
];

const PASSWORD_NAME = /(^|_)(password|passwd|pwd|passphrase|passcode|secret)(_?(hash|hashed|digest))?$/i;

/** True for a column whose value must never be answered: one that holds a password or its hash. */
export function isPasswordName(name: string): boolean {
  return PASSWORD_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2'));
}

function secretNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretNames);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(isPasswordName(name) && typeof inner === 'string' ? [name] : []),
    ...secretNames(inner),
  ]);
}

/** An error may quote what was sent; what it quotes is no leak. */
function withoutEcho(answer: HttpAnswer): string {
  const { path, body } = answer.request;
  const sent = [
    ...new URLSearchParams(path.split('?')[1] ?? '').values(),
    ...path.split(/[/?]/).map(decode),
    body ?? '',
  ];
  let text = answer.text;
  for (const value of sent.filter((part) => part.length > 3)) {
    text = text.replaceAll(JSON.stringify(value).slice(1, -1), '').replaceAll(value, '');
  }
  return text;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function mediaType(answer: HttpAnswer): string {
  return (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function documentedContent(operation: Operation, status: number): Operation['answers'][string] | undefined {
  const { answers } = operation;
  return answers[String(status)] ?? answers[`${String(status)[0]}XX`] ?? answers['default'];
}

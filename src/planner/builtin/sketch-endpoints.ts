import type { EndpointField, EndpointSketch } from '../../domain/schema-design.ts';
import { readList } from './grammar/list.ts';
import { phraseBefore, readPhrase } from './grammar/noun-phrase.ts';
import type { Token } from './grammar/token.ts';
import { readTokens } from './grammar/tokens.ts';
import { columnName } from './names.ts';
import { RECIPES } from './sketch-recipes.ts';

interface Recipe {
  readonly pattern: RegExp;
  readonly sketch: EndpointSketch;
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;
const MAX_ENDPOINTS = 4;

const recipes = RECIPES.split('\n').filter(Boolean).map(parseRecipe);

/** The endpoints a stateless backend should have: derived from the wording, else from known services, else one for all. */
export function sketchEndpoints(prompt: string): EndpointSketch[] {
  const text = prompt.slice(0, 4000);
  const derived = deriveCalculation(text);
  if (derived) return [derived];
  const clauses = text.split(/[.;\n]|,? and (?=\w+s\b (?!and))/i).filter((clause) => clause.trim());
  const whole = match(text);
  const found = clauses.length > 1 ? clauses.map(match).filter((sketch) => sketch !== undefined) : [];
  const sketches = uniquePaths(whole === undefined ? found : [whole, ...found]);
  return sketches.length > 0 ? sketches.slice(0, MAX_ENDPOINTS) : [fromWords(text)];
}

function match(text: string): EndpointSketch | undefined {
  return recipes.find(({ pattern }) => pattern.test(text))?.sketch;
}

/** «calculates BMI from height and weight»: what comes out, and from what. */
function deriveCalculation(text: string): EndpointSketch | undefined {
  const tokens = readTokens(text);
  const verb = tokens.findIndex((token) => /^(calculat|comput|estimat|predict|determin|deriv)/.test(token.word));
  const result = verb === -1 ? undefined : readPhrase(tokens, verb + 1);
  const from = tokens.findIndex((token, index) => index > verb && ['from', 'given', 'using'].includes(token.word));
  if (!result || from === -1) return undefined;
  const inputs = fieldNames(readList(tokens, from + 1).items.map((item) => item.words));
  const output = columnName(result.words.join(' '));
  if (inputs.length === 0 || output === undefined) return undefined;
  return {
    method: 'POST',
    path: `/${output.replaceAll('_', '-')}`,
    summary: `Calculates ${result.words.join(' ')}`,
    inputs: inputs.map((name) => field(name, inputType(name), true)),
    outputs: [field(output, 'number', true)],
  };
}

function inputType(name: string): EndpointField['type'] {
  return /(date|birthday|name|text|country|currency|city|address|email|url|gender|sex|zone)$/.test(name)
    ? 'string'
    : 'number';
}

function fieldNames(phrases: readonly (readonly string[])[]): string[] {
  return [...new Set(phrases.map((words) => columnName(words.join(' '))).filter((name) => name !== undefined))];
}

/** One endpoint named after the first thing done: `resolves addresses` → POST /resolve-address. */
function fromWords(text: string): EndpointSketch {
  const tokens = readTokens(text);
  const { verb, object } = firstDeed(tokens);
  const path =
    [verb, ...object]
      .filter(Boolean)
      .join('-')
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'run';
  const name = columnName(object.join(' ')) ?? 'input';
  const summary = firstSentence(text) || 'Answers a call';
  return {
    method: 'POST',
    path: `/${path}`,
    summary,
    inputs: [field(name, 'string', true)],
    outputs: [field('result', 'object', true)],
  };
}

function firstDeed(tokens: readonly Token[]): { verb: string; object: readonly string[] } {
  const at = tokens.findIndex(
    (token) =>
      token.tag === 'verb' &&
      !['have', 'provide', 'let', 'allow', 'use', 'build', 'create', 'make', 'want', 'need', 'write', 'give'].includes(
        token.lemma,
      ),
  );
  const verb = at === -1 ? '' : (tokens[at]?.lemma ?? '');
  const object = at === -1 ? phraseBefore(tokens, tokens.length) : readPhrase(tokens, at + 1);
  return { verb, object: (object?.lemmas ?? []).slice(-2) };
}

function firstSentence(text: string): string {
  const line = text.trim().split(/[.\n]/)[0]?.trim() ?? '';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

function parseRecipe(line: string): Recipe {
  const [head = '', ...rest] = line.split(' | ');
  const [fields = '', summary = ''] = rest.slice(-2);
  // The pattern may hold the separator itself.
  const pattern = rest.slice(0, -2).join(' | ');
  const [method = 'POST', path = '/run'] = head.split(' ');
  const [inputs = '', outputs = ''] = fields.split('->');
  const sketch = {
    method: method === 'GET' ? 'GET' : 'POST',
    path,
    summary,
    inputs: parseFields(inputs),
    outputs: parseFields(outputs),
  } as const;
  return { pattern: new RegExp(pattern, 'i'), sketch };
}

function parseFields(text: string): EndpointField[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [name = '', type] = part.replace('?', '').split(':');
      return field(name, TYPES.find((known) => known === type) ?? 'string', !part.endsWith('?'));
    });
}

function field(name: string, type: EndpointField['type'], required: boolean): EndpointField {
  const words = name.replaceAll('_', ' ');
  return { name, type, description: `${words.charAt(0).toUpperCase()}${words.slice(1)}`, required };
}

function uniquePaths(sketches: readonly EndpointSketch[]): EndpointSketch[] {
  return [...new Map(sketches.map((sketch) => [sketch.path, sketch])).values()];
}

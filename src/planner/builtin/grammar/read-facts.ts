import type { Clause } from './clause.ts';
import type { Fact, Lemmas } from './facts.ts';
import type { NounPhrase } from './noun-phrase.ts';
import type { Sentence } from './sentences.ts';
import type { Token } from './token.ts';
import { readActions } from './actions.ts';
import { readEnumerations } from './enumerations.ts';
import { readKeeping } from './keeping.ts';
import { isSystemLike, phraseBefore, readPhrase } from './noun-phrase.ts';
import { readTokens } from './tokens.ts';
import { isPluralWord } from '../names.ts';
import { findEntity } from '../library/entity-library.ts';
import { looksLikeEntity } from './judge.ts';
import { entityName } from './entity-name.ts';

/** Every fact of a prompt's sentences, in their order. */
export function readFacts(sentences: readonly Sentence[]): Fact[] {
  const facts: Fact[] = [];
  let label: string | undefined;
  let topic: Lemmas | undefined;
  for (const sentence of sentences) {
    const isNew = sentence.label !== label;
    label = sentence.label;
    if (isNew) topic = topicOf(label);
    const tokens = readTokens(sentence.text);
    const found = readClause({ tokens, topic: leadingTopic(tokens) ?? topic });
    const heading = isNew && topic && label !== undefined ? headingFacts(label, topic) : [];
    facts.push(...(sentences.length === 1 ? heading.filter((fact) => !isTitle(fact, found)) : heading), ...found);
    topic = found.findLast((fact) => fact.kind === 'attributes')?.of ?? topic;
  }
  return facts;
}

function headingFacts(label: string, topic: Lemmas): (Fact & { kind: 'entity' })[] {
  if (/management|information|table|records?\b|module/i.test(label))
    return [{ kind: 'entity', name: topic, weight: 0.6 }];
  return isKnownPlural(label) ? [{ kind: 'entity', name: topic, weight: 0.5 }] : [];
}

/** «apartment building management: apartments, residents»: what the list is of, and no row, or a row by another name. */
function isTitle({ name }: Fact & { kind: 'entity' }, found: readonly Fact[]): boolean {
  const items = found.filter((fact) => fact.kind === 'entity');
  const known = findEntity(name.join(' '));
  return items.length > 1 && (known === undefined || items.some((item) => findEntity(item.name.join(' ')) === known));
}

/** «timesheets: employees log hours». */
function isKnownPlural(label: string | undefined): boolean {
  return (
    label !== undefined && !label.includes(' ') && isPluralWord(label.toLowerCase()) && findEntity(label) !== undefined
  );
}

function readClause(clause: Clause): Fact[] {
  return [...readEnumerations(clause), ...readKeeping(clause), ...readActions(clause), ...readAsides(clause)].flatMap(
    splitByPrefix,
  );
}

/** «hours on projects for clients», «which employee»: known things in passing. Too weak for a table in a long text. */
function readAsides({ tokens }: Clause): Fact[] {
  return tokens.flatMap((token, at) => {
    const isPointer = ['on', 'at', 'for', 'per', 'of', 'which', 'between', 'own', 'my', 'their'].includes(token.word);
    const item = isPointer ? readPhrase(tokens, at + 1) : undefined;
    if (item === undefined || findEntity(item.lemmas.join(' ')) === undefined) return [];
    const isNamed = item.plural || token.word === 'which' || token.word === 'per';
    return isNamed && looksLikeEntity({ ...item, plural: true })
      ? [{ kind: 'entity', name: entityName(item.lemmas), weight: 0.3 }]
      : [];
  });
}

/** «alert type, alert time, alert level»: whoever the clause says has them, they are an alert's. */
function splitByPrefix(fact: Fact): Fact[] {
  if (fact.kind !== 'attributes') return [fact];
  const { prefix, share } = commonPrefix(fact.items);
  if (
    prefix === undefined ||
    share < 3 ||
    share * 4 < fact.items.length * 3 ||
    fact.of.includes(prefix) ||
    isSystemLike([prefix])
  )
    return [fact];
  return [
    { ...fact, of: [prefix] },
    { kind: 'has-many', owner: fact.of, part: [prefix] },
  ];
}

function commonPrefix(items: readonly NounPhrase[]): { prefix: string | undefined; share: number } {
  const counts = Map.groupBy(
    items.filter(({ lemmas }) => lemmas.length > 1),
    ({ lemmas }) => lemmas[0] ?? '',
  );
  const [prefix, group] = [...counts].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];
  return { prefix, share: group?.length ?? 0 };
}

function topicOf(label: string | undefined): Lemmas | undefined {
  if (label === undefined) return undefined;
  const tokens = readTokens(label);
  if (tokens[0]?.tag === 'verb' || (tokens[0]?.tag === 'participle' && tokens[0].word.endsWith('ing')))
    return undefined;
  const phrase = phraseBefore(tokens, tokens.length);
  const name = phrase && entityName(phrase.lemmas);
  return name && name.length > 0 && !isSystemLike(name) ? name : undefined;
}

/** «For each order, …» and «In terms of order management, …». */
function leadingTopic(tokens: readonly Token[]): Lemmas | undefined {
  const first = tokens[0]?.word;
  if (first !== 'for' && first !== 'regarding' && !(first === 'in' && tokens[1]?.word === 'terms')) return undefined;
  const phrase = readPhrase(tokens, first === 'in' ? 3 : 1);
  const name = phrase && entityName(phrase.lemmas);
  const isEach = ['each', 'every'].includes(tokens[1]?.word ?? '') && findEntity(name?.join(' ') ?? '') !== undefined;
  return name &&
    (isEach || !isSystemLike(name)) &&
    tokens.slice(phrase.end, phrase.end + 3).some((token) => token.tag === 'comma')
    ? name
    : undefined;
}

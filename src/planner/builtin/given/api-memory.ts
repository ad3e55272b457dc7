import { branch, collectionsOf, isTree, type Tree } from './openapi-document.ts';

/** Whether an API answers from what it was told before, with what speaks for it. */
export interface ApiMemory {
  readonly remembers: boolean;
  /** For people, a whole clause: `/pets is read again by its id`. */
  readonly because: string;
}

/** Something in a document that speaks for or against a memory. */
interface Sign {
  readonly weight: number;
  readonly because: string;
}

/** A document alone says nothing: what one operation makes and another reads again does. */
export function memoryOf(document: Tree): ApiMemory {
  const signs = signsOf(document);
  const sum = signs.reduce((total, { weight }) => total + weight, 0);
  const remembers = sum >= 1;
  const strongest = signs
    .filter(({ weight }) => weight > 0 === remembers)
    .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))[0];
  return { remembers, because: strongest?.because ?? 'no operation reads what another has made' };
}

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly node: Tree;
  /** Its path, name and summary, in small letters. */
  readonly words: string;
}

function signsOf(document: Tree): Sign[] {
  const operations = operationsOf(document);
  const collection = collectionsOf(document)[0];
  const shared = sharedId(document, operations);
  const making = operations.find(({ words }) => MAKES.test(words));
  const turning = operations.filter(({ words }) => TURNS.test(words));
  const changing = operations.find(({ method }) => /^(?:put|patch|delete)$/.test(method));
  return [
    ...(collection ? [{ weight: 3, because: `/${collection.name} is made and read again` }] : []),
    ...(shared ? [{ weight: 2, because: `«${shared}» is answered by one operation and taken by another` }] : []),
    ...(changing
      ? [{ weight: 1.5, because: `${changing.method.toUpperCase()} ${changing.path} changes what is there` }]
      : []),
    ...(making ? [{ weight: 1, because: `${making.method.toUpperCase()} ${making.path} keeps what it is sent` }] : []),
    ...(operations.some(({ node }) => branch(node, 'responses', '404'))
      ? [{ weight: 0.5, because: 'something may not be found' }]
      : []),
    ...(operations.length === 1 ? [{ weight: -1, because: 'there is a single operation' }] : []),
    ...(turning.length * 2 > operations.length
      ? [{ weight: -1.5, because: 'it turns what it is sent into an answer' }]
      : []),
  ];
}

const MAKES =
  /\b(?:create|add|register|sign_?up|log_?in|login|save|store|upload|submit|subscribe|unsubscribe|vote|book|reserve|order|checkout|track|record|remember|update|delete|remove|edit|post|bookmark|invite|history)/;

const TURNS =
  /\b(?:convert|calculat|comput|compil|generat|validat|render|format|translat|resiz|encod|decod|hash|merg|split|count|check|evaluat|prox|random|pars|extract|summar|analy[sz]|detect|minif|compress|transform|solve|preview|concat|sort|echo|ping)/;

function operationsOf(document: Tree): Operation[] {
  return Object.entries(branch(document, 'paths') ?? {}).flatMap(([path, item]) =>
    Object.entries(isTree(item) ? item : {}).flatMap(([method, node]) => {
      if (!/^(?:get|put|post|patch|delete)$/.test(method) || !isTree(node)) return [];
      const told = [path, node['operationId'], node['summary']].filter((text) => typeof text === 'string').join(' ');
      const words = told
        .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
        .replaceAll(/[/_-]+/g, ' ')
        .toLowerCase();
      return [{ path, method, node, words }];
    }),
  );
}

/** A name such as `cart_id` that one operation answers with and another takes. */
function sharedId(document: Tree, operations: readonly Operation[]): string | undefined {
  const answered = operations.map(({ node }) => namesIn(node['responses'], document));
  const taken = operations.map(({ node, path }) => [
    ...parametersOf(node, path),
    ...namesIn(node['requestBody'], document),
  ]);
  return answered
    .flatMap((names, from) =>
      names.filter((name) => ID.test(name) && taken.some((other, to) => to !== from && other.includes(name))),
    )
    .at(0);
}

const ID = /(?:^|_)(?:id|uuid|token|key|slug|secret|username)$|[a-z](?:Id|Token|Key)$/;

function parametersOf(node: Tree, path: string): string[] {
  const listed = Array.isArray(node['parameters']) ? node['parameters'] : [];
  const names = listed.flatMap((one) => (isTree(one) && typeof one['name'] === 'string' ? [one['name']] : []));
  return [...names, ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)];
}

/** The names of all properties under a node, references followed. */
function namesIn(node: unknown, document: Tree, depth = 0): string[] {
  if (depth > 8) return [];
  if (Array.isArray(node)) return node.flatMap((one) => namesIn(one, document, depth + 1));
  if (!isTree(node)) return [];
  const reference = node['$ref'];
  const target =
    typeof reference === 'string' ? branch(document, ...reference.replace(/^#\//, '').split('/')) : undefined;
  const own = Object.keys(branch(node, 'properties') ?? {});
  return [...own, ...[...Object.values(node), target].flatMap((one) => namesIn(one, document, depth + 1))];
}

import type { AccessAction } from '../../domain/access.ts';

/** What a prompt says of who may do what, as far as it says it in so many words. */
export interface AccessWords {
  /** Whether the prompt asks for accounts at all: sign up, log in, my, their own, «only admins …». */
  readonly asksForAccounts: boolean;
  /** Who has an account, in the prompt's own nouns, plural: `users` for people in general. */
  readonly people: readonly string[];
  readonly statements: readonly AccessStatement[];
  /** The prompt with those clauses said as what is kept, so that verbs of access become no tables. */
  readonly designPrompt: string;
}

export interface AccessStatement {
  /** `anyone`, `owner`, a role (`role:admin`), or `those-of`: people who are on a row beside its owner. */
  readonly who: 'anyone' | 'owner' | 'those-of' | `role:${string}`;
  /** The subject's noun, plural. */
  readonly subject: string;
  readonly actions: readonly AccessAction[];
  /** Plural nouns, as said. */
  readonly things: readonly string[];
  /** Nobody else may. */
  readonly only: boolean;
}

const SIGN_UP =
  /\b(?:sign(?:s|ing)? ?(?:up|in)|log(?:s|ging)? ?(?:in|on)|create (?:an )?accounts?|have accounts?|accounts for)\b/;
const ANYONE = /^(?:anyone|anybody|everyone|everybody|the public|visitors?|guests?|the world)$/;
const PEOPLE =
  /^(?:people|persons?|users?|each|each (?:user|person|one)|they|everyone|everybody|authors?|writers?|owners?|accounts?|visitors?|i)$/;
const ROLES: Readonly<Record<string, string>> = {
  admin: 'admin',
  administrator: 'admin',
  moderator: 'moderator',
  mod: 'moderator',
  staff: 'staff',
  editor: 'editor',
  manager: 'manager',
  librarian: 'librarian',
  operator: 'operator',
  curator: 'curator',
  agent: 'agent',
};
const WRITES = ['create', 'change', 'remove'] as const;
const VERBS: Readonly<Record<string, readonly AccessAction[]>> = {
  ...verbs('see read view browse open list access look search', ['read']),
  ...verbs('write create add post make submit place book keep track', ['create', 'change']),
  ...verbs('edit change update publish approve answer', ['change']),
  ...verbs('remove delete', ['remove']),
  ...verbs('manage maintain', WRITES),
};

function verbs(words: string, actions: readonly AccessAction[]): Record<string, readonly AccessAction[]> {
  const forms = words.split(' ').flatMap((word) => [word, /(?:sh|ch|s)$/.test(word) ? `${word}es` : `${word}s`]);
  return Object.fromEntries(forms.map((form) => [form, actions]));
}

const VERB = Object.keys(VERBS)
  .toSorted((a, b) => b.length - a.length)
  .join('|');
const SUBJECT = '(?:the public|the world|each (?:user|person|one)|[a-z]+)';
const CLAUSE = new RegExp(
  `^(only )?(${SUBJECT})(?: can| may| should| must)?( only)? ((?:${VERB})(?:(?:,| and| or|, and) (?:${VERB}))*)(?: (.*))?$`,
);
const NEXT_CLAUSE = new RegExp(`,? (?:and|but|while) (?=(?:only )?${SUBJECT}(?: can| may)?(?: only)? (?:${VERB})\\b)`);

/** «people sign up and see …» is two clauses with one subject. */
const SIGNED_UP_TO = new RegExp(
  `\\b([a-z]+)(?: can| may)? (sign up|sign in|log in|register) (?:and|to) (?=(?:only )?(?:${VERB})\\b)`,
  'g',
);

/** Reads the clauses one after the other; «and each sees …» begins a new one. */
export function readAccessWords(prompt: string): AccessWords {
  const clauses = clausesOf(prompt);
  const people = new Set<string>();
  const read: { clause: string; statement: AccessStatement | undefined }[] = [];
  let signsUp = false;
  for (const clause of clauses) {
    const before = SIGN_UP.exec(clause);
    if (before) {
      signsUp = true;
      people.add(personNoun(clause.slice(0, before.index)));
    }
    read.push({ clause, statement: readStatement(clause) });
  }
  const statements = read.flatMap(({ statement }) => statement ?? []);
  for (const { who, subject } of statements) if (who === 'owner' || who === 'those-of') people.add(subject);
  const isMine = /\bmy\b(?! (?:company|business|shop|store|team|club|school|restaurant|app|blog|site))/.test(
    prompt.toLowerCase(),
  );
  const asksForAccounts =
    signsUp ||
    isMine ||
    statements.some(({ who, only }) => who !== 'anyone' && (only || who === 'owner' || who === 'those-of'));
  if (asksForAccounts && people.size === 0) people.add('users');
  const specific = [...people].filter((noun) => noun !== 'users');
  const named = specific.length === 1 && !signsUp ? specific : [...people];
  return {
    asksForAccounts,
    people: named,
    statements,
    designPrompt: asksForAccounts ? rewritten(read, named, statements) : prompt,
  };
}

function clausesOf(prompt: string): readonly string[] {
  return prompt
    .toLowerCase()
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(SIGNED_UP_TO, '; $1 $2; $1 ')
    .split(/[.;:\n]+|,(?! (?:and|or) \w+$)| where (?=\w+ (?:can |may )?(?:sign|log|see|only)\b)/)
    .flatMap((part) => part.split(NEXT_CLAUSE))
    .map((part) => part.trim().replace(/^(?:and|but|where|while|so that) /, ''))
    .filter((part) => part !== '');
}

function readStatement(clause: string): AccessStatement | undefined {
  const found = CLAUSE.exec(clause);
  if (!found) return undefined;
  const [, first, subject = '', second, said = '', rest = ''] = found;
  const actions = [...new Set(said.split(/,? (?:and|or) |, /).flatMap((verb) => VERBS[verb.trim()] ?? []))];
  const isOwn = /\b(?:their|his|her|its|my) own\b/.test(rest);
  const things = thingsOf(rest);
  const only = first !== undefined;
  const role = ROLES[singular(subject)];
  if (/\bthose of their\b/.test(rest)) return { who: 'those-of', subject: personNoun(subject), actions, things, only };
  if (isOwn)
    return {
      who: 'owner',
      subject: personNoun(subject),
      actions,
      things,
      only: only || second !== undefined || /\bonly\b/.test(rest),
    };
  if (ANYONE.test(subject)) return { who: 'anyone', subject: 'users', actions, things, only: false };
  return role === undefined ? undefined : { who: `role:${role}`, subject: plural(subject), actions, things, only };
}

/** `only their own orders and invoices` → orders, invoices; nothing for «those» and «them». */
function thingsOf(rest: string): readonly string[] {
  if (/^(?:only )?(?:them|those|it)\b/.test(rest)) return [];
  const bare = rest.replaceAll(
    /\b(?:only|their|his|her|its|my|own|the|all|any|every|each|published|a|an|other|people's)\b/g,
    ' ',
  );
  const [words = ''] = bare.split(/\b(?:to|by|with|on|in|of|for|that|who|which|from|at)\b/);
  return words
    .split(/,| and | or /)
    .map((word) => word.trim().replaceAll(/\s+/g, ' '))
    .filter((word) => /^[a-z]+(?: [a-z]+)?$/.test(word))
    .map(plural);
}

function personNoun(before: string): string {
  const words = before
    .trim()
    .replace(/ (?:can|may|must|should|who|to)$/, '')
    .split(/\s+/);
  const noun = words.at(-1) ?? '';
  if (noun === '' || PEOPLE.test(noun) || ROLES[singular(noun)] !== undefined || !noun.endsWith('s')) return 'users';
  return noun;
}

const IN_GENERAL = /^(?:people|persons|each|they|everyone) /;

/** The same as things that are kept, with whose they are; what says nothing of access stays as it was. */
function rewritten(
  read: readonly { clause: string; statement: AccessStatement | undefined }[],
  people: readonly string[],
  statements: readonly AccessStatement[],
): string {
  const things = new Set(statements.flatMap((statement) => statement.things));
  for (const person of people) things.delete(person);
  const left = read.flatMap(({ clause, statement }) =>
    statement || isSignUpAlone(clause) ? [] : [withoutSignUp(clause).replace(IN_GENERAL, 'users ')],
  );
  const [head = 'a backend', ...others] = left;
  const owned = statements.flatMap(({ who, subject, things: own }) =>
    who === 'owner' ? own.map((thing) => `Each of the ${thing} belongs to one of the ${subject}`) : [],
  );
  const kept = listed([...people, ...things]);
  const text = [things.size === 0 ? `${head} with ${people.join(', ')}` : `${head} with ${kept}`, ...others, ...owned];
  return text.join('. ');
}

function isSignUpAlone(clause: string): boolean {
  const found = SIGN_UP.exec(clause);
  return (
    found !== null &&
    clause.slice(found.index + found[0].length).trim() === '' &&
    !/\bwith\b/.test(clause.slice(0, found.index))
  );
}

function withoutSignUp(clause: string): string {
  return clause
    .replace(new RegExp(`(?:,? where )?${SIGN_UP.source}(?: (?:and|to) )?`), ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function singular(noun: string): string {
  return noun.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}

function plural(noun: string): string {
  if (noun === 'staff' || noun.endsWith('s')) return noun;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

import type { AccessAction, AccessGrant, AccessPlan, AccessRule, Accounts, TableAccess } from '../../domain/access.ts';
import type { DatabaseSchema, Table } from '../../domain/database-schema.ts';
import type { SchemaDesign } from '../../domain/schema-design.ts';
import { overrideAccess } from './access-flags.ts';
import { readAccessWords, type AccessStatement, type AccessWords } from './access-words.ts';
import { accountTable, inventUsers } from './account-table.ts';
import { addAccountKey, completeAccounts, schemaTable } from './complete-accounts.ts';
import { ownerWay, singleKeys } from './owner-way.ts';

export interface AccessAsked {
  readonly prompt: string;
  /** What was said with `--auth`; undefined: by the prompt. */
  readonly auth?: 'none' | 'password' | undefined;
  /** Rules that take the place of inferred ones: `posts=read:anyone,change:owner`. */
  readonly rules?: readonly string[] | undefined;
}

export interface PlannedAccess {
  readonly access: AccessPlan;
  /** With what signing in takes. */
  readonly design: SchemaDesign;
  readonly warnings: readonly string[];
  readonly questions: readonly string[];
}

/** Whether this prompt, or what was said with it, asks for accounts. */
export function wantsAccounts({ prompt, auth, rules = [] }: AccessAsked): boolean {
  return auth === undefined ? rules.length > 0 || readAccessWords(prompt).asksForAccounts : auth === 'password';
}

/**
 * Who may do what with the tables of a design: what was said, and locked where nothing was. Rejects with `USAGE` for a
 * rule that names what is not there.
 */
export function planAccess(design: SchemaDesign, asked: AccessAsked): PlannedAccess {
  if (!wantsAccounts(asked)) {
    return { access: { auth: 'none', tables: [] }, design, warnings: [], questions: [] };
  }
  const words = readAccessWords(asked.prompt);
  const { name, doubts } = accountTable(design.schema, words);
  const people = name === undefined ? inventUsers(design) : design;
  const table = schemaTable(people.schema, name ?? 'users');
  if (!table) throw new Error('There is no table of accounts');
  const { design: withAccounts, accounts, notes } = completeAccounts(people, table);
  const complete = addProfiles(withAccounts, accounts, words);
  const inferred = inferTables(complete.schema, accounts, words);
  const tables = overrideAccess(inferred.tables, asked.rules ?? [], complete.schema, accounts);
  return {
    access: { auth: 'password', accounts, tables },
    design: complete,
    warnings: [...doubts, ...notes, ...inferred.doubts.map(({ warning }) => warning)],
    questions: inferred.doubts.map(({ question }) => question),
  };
}

/**
 * The rules for a schema that was changed: those that there were, and locked ones for tables that are new. What was
 * planned for tables that are gone goes with them.
 */
export function extendAccess(access: AccessPlan | undefined, schema: DatabaseSchema): AccessPlan | undefined {
  const { accounts } = access ?? {};
  if (!access || !accounts) return access;
  const words = readAccessWords('');
  const tables = schema.tables.map((table) => {
    const known = access.tables.find((rules) => rules.table === table.name);
    return known ?? startingRules({ schema, accounts, words }, table, ownerWay(schema, accounts.table, table)?.way);
  });
  return { ...access, tables };
}

/** People who are tables of their own beside the accounts get the key of theirs. */
function addProfiles(design: SchemaDesign, accounts: Accounts, { people }: AccessWords): SchemaDesign {
  return people.reduce((extended, person) => {
    const table = schemaTable(extended.schema, person);
    const account = schemaTable(extended.schema, accounts.table);
    if (!table || !account || table === account || people.length < 2) return extended;
    return ownerWay(extended.schema, accounts.table, table) ? extended : addAccountKey(extended, table, account);
  }, design);
}

function isSaid({ statements }: AccessWords, table: string): boolean {
  return statements.some((statement) => statement.who === 'owner' && isAbout(statement, table));
}

interface Doubt {
  readonly warning: string;
  readonly question: string;
}

interface Inferring {
  readonly schema: DatabaseSchema;
  readonly accounts: Accounts;
  readonly words: AccessWords;
}

function inferTables(
  schema: DatabaseSchema,
  accounts: Accounts,
  words: AccessWords,
): { readonly tables: readonly TableAccess[]; readonly doubts: readonly Doubt[] } {
  const inferring = { schema, accounts, words };
  const locked = schema.tables.map((table) => {
    const way = ownerWay(schema, accounts.table, table);
    return { table, rules: startingRules(inferring, table, way?.way), others: way?.others ?? [] };
  });
  const open = new Set(locked.filter(({ rules }) => rules.read.some(isOpen)).map(({ table }) => table.name));
  const tables = locked.map(({ table, rules }) => applyStatements(inferring, table, withParent(table, rules, open)));
  const doubts = locked.flatMap(({ table, rules: { owner }, others }) =>
    owner === undefined || others.length === 0 || isSaid(words, table.name) ? [] : [twoWays(table.name, owner, others)],
  );
  return { tables: closeProfiles(tables, words), doubts };
}

function isOpen(grant: AccessGrant): boolean {
  return (typeof grant === 'string' ? grant : grant.who) === 'anyone';
}

function twoWays(table: string, owner: string, others: readonly string[]): Doubt {
  return {
    warning: `${[owner, ...others].join(' or ')} could say whose a row of ${table} is: ${owner} counts.`,
    question: `Whose are ${table.replaceAll('_', ' ')}? Add --access ${table}=owner:${others[0]} if not those of ${owner}.`,
  };
}

const PUBLIC_SITE = /\b(?:blog|shop|store|catalog(?:ue)?|forum|wiki|magazine|news|marketplace|directory)\b/;
const PRIVATE =
  /(?:^|_)(?:notes?|notebooks?|orders?|order_items?|carts?|cart_items?|payments?|invoices?|messages?|conversations?|appointments?|prescriptions?|diagnoses|workouts?|meals?|expenses?|transactions?|tasks?|todos?|journals?|entries|bookings?|reservations?|subscriptions?|addresses|tickets?)$/;
const ADMIN: AccessRule = 'role:admin';

/** Before anything that was said: nobody sees what is not theirs, and nobody but an admin changes what is everybody's. */
function startingRules({ schema, accounts, words }: Inferring, table: Table, way: string | undefined): TableAccess {
  const [key = ''] = table.primaryKey;
  if (table.name === accounts.table) {
    return {
      table: table.name,
      owner: key,
      read: ['owner', ADMIN],
      create: [],
      change: ['owner'],
      remove: ['owner', ADMIN],
    };
  }
  const isPublic = isPublicSite(words) && !PRIVATE.test(table.name) && !isAboutPeople(schema, accounts, table);
  if (way === undefined) {
    const read: AccessRule = isPublic ? 'anyone' : 'signed-in';
    return { table: table.name, read: [read], create: [ADMIN], change: [ADMIN], remove: [ADMIN] };
  }
  return {
    table: table.name,
    owner: way,
    read: isPublic ? publicReading(table) : ['owner'],
    create: way.includes('.') ? ['owner'] : ['signed-in'],
    change: ['owner'],
    remove: ['owner'],
  };
}

/** A blog says so, unless the prompt says who may read what is there. */
function isPublicSite({ statements, designPrompt }: AccessWords): boolean {
  if (
    statements.some(({ who, actions, things }) => who === 'anyone' && actions.includes('read') && things.length === 0)
  )
    return true;
  const readers = statements.filter(({ actions }) => actions.includes('read'));
  return (
    PUBLIC_SITE.test(designPrompt.toLowerCase()) &&
    !/\bprivate\b/.test(designPrompt) &&
    readers.every(({ who }) => who === 'anyone')
  );
}

/** People who keep an account are nobody's to look up. */
function isAboutPeople(schema: DatabaseSchema, accounts: Accounts, table: Table): boolean {
  return (
    table.name === accounts.table ||
    schema.tables.some(({ name }) => name === table.name && /(?:patients|customers|members|people)$/.test(name))
  );
}

/** What is published, where rows have such a state; the rest is its owner's. */
function publicReading(table: Table): readonly AccessGrant[] {
  const state = table.columns.find(
    ({ name }) =>
      /^(?:status|state)$/.test(name) &&
      table.checks.some(({ expression }) => expression.includes(name) && expression.includes("'published'")),
  );
  if (!state) return ['anyone'];
  return [{ who: 'anyone', where: { [state.name]: 'published' } }, 'owner', ADMIN];
}

/** What hangs on something that anyone reads is read with it: comments of a published post. */
function withParent(table: Table, rules: TableAccess, open: ReadonlySet<string>): TableAccess {
  const parent = singleKeys(table).find(({ target }) => open.has(target) && target !== table.name);
  const isChild = /(?:comments?|repl(?:y|ies)|answers|images|photos|attachments|variants|reviews|chapters|steps)$/.test(
    table.name,
  );
  if (!parent || !isChild || rules.owner === undefined) return rules;
  return { ...rules, read: [`as:${parent.column}`] };
}

function applyStatements(inferring: Inferring, table: Table, rules: TableAccess): TableAccess {
  const about = inferring.words.statements.filter((statement) => isAbout(statement, table.name));
  return about.reduce((changed, statement) => applyStatement(inferring, table, changed, statement), rules);
}

function isAbout({ things }: AccessStatement, table: string): boolean {
  return things.some((thing) => table === thing.replaceAll(' ', '_'));
}

function applyStatement(
  { schema, accounts }: Inferring,
  table: Table,
  rules: TableAccess,
  said: AccessStatement,
): TableAccess {
  if (table.name === accounts.table && said.who === 'anyone') return rules;
  const changed = said.actions.reduce<TableAccess>(
    (all, action) => ({ ...all, [action]: granted(table, rules, said, action) }),
    rules,
  );
  if (said.who === 'owner') return withThoseOf(schema, accounts, table, changed);
  return said.who.startsWith('role:') ? readToo(changed, said.who as AccessRule) : changed;
}

/** Whoever works on rows sees them. */
function readToo(rules: TableAccess, role: AccessRule): TableAccess {
  const isRead = rules.read.some((grant) => grant === role || isOpen(grant) || grant === 'signed-in');
  const follows = rules.read.some((grant) => typeof grant === 'string' && grant.startsWith('as:'));
  return isRead || follows ? rules : { ...rules, read: [...rules.read, role] };
}

function granted(
  table: Table,
  rules: TableAccess,
  { who, only }: AccessStatement,
  action: AccessAction,
): readonly AccessGrant[] {
  const before = rules[action];
  if (who === 'owner') {
    if (action === 'create' || rules.owner === undefined) return before;
    return only || action !== 'read' ? ['owner'] : before;
  }
  if (who === 'anyone') {
    if (action === 'read') return publicReading(table);
    return ['signed-in'];
  }
  if (who === 'those-of') return before;
  return only ? [who] : [...before.filter((grant) => grant !== who), who];
}

/** Somebody beside the owner on a row, by a profile of their own: a doctor sees the appointments that name them. */
function withThoseOf(schema: DatabaseSchema, accounts: Accounts, table: Table, rules: TableAccess): TableAccess {
  const [first = ''] = (rules.owner ?? '').split('.');
  const beside = singleKeys(table).filter(({ column, target }) => {
    const other = schemaTable(schema, target);
    return (
      column !== first &&
      target !== accounts.table &&
      other &&
      ownerWay(schema, accounts.table, other)?.way === 'user_id'
    );
  });
  return { ...rules, read: [...rules.read, ...beside.map(({ column }) => `as:${column}` as const)] };
}

/** Whoever is looked for by a profile refers to it without reading it: reading it is being it. */
function closeProfiles(tables: readonly TableAccess[], { statements }: AccessWords): readonly TableAccess[] {
  const professions = statements.filter(({ who }) => who === 'those-of').map(({ subject }) => subject);
  return tables.map((rules) => {
    if (!professions.includes(rules.table) || rules.owner === undefined) return rules;
    const role: AccessRule = `role:${rules.table.replace(/s$/, '')}`;
    return {
      ...rules,
      read: ['owner', ADMIN],
      create: [role],
      change: ['owner'],
      remove: [ADMIN],
      refer: ['signed-in'],
    };
  });
}

import type {
  AlterTableCmd,
  AlterTableStmt,
  CreateExtensionStmt,
  DropStmt,
  Node,
  SelectStmt,
  VariableSetStmt,
} from 'libpg-query';
import { unwrap } from '../check-syntax.ts';
import { constantText } from '../bounds/constants.ts';
import { textsOf } from '../syntax-nodes.ts';

/** What a statement is called, and why a schema does without it. */
export interface Omission {
  readonly what: string;
  readonly why: string;
}

const RIGHTS = 'roles and rights are ours to give';
const CODE = 'code belongs in the backend';
const ROW_SECURITY = 'the backend decides who sees which rows, the database does not';

/** The statements that dumps and migrations hold beside the schema, by the parser's name of them. */
const OMISSIONS: ReadonlyMap<string, Omission> = new Map([
  ['AlterOwnerStmt', { what: 'ALTER … OWNER TO', why: 'everything belongs to the project’s own role' }],
  ['GrantStmt', { what: 'GRANT and REVOKE', why: RIGHTS }],
  ['AlterDefaultPrivilegesStmt', { what: 'ALTER DEFAULT PRIVILEGES', why: RIGHTS }],
  ['CreatePolicyStmt', { what: 'CREATE POLICY', why: ROW_SECURITY }],
  ['AlterPolicyStmt', { what: 'ALTER POLICY', why: ROW_SECURITY }],
  ['CreateTrigStmt', { what: 'CREATE TRIGGER', why: CODE }],
  ['CreateEventTrigStmt', { what: 'CREATE EVENT TRIGGER', why: CODE }],
  ['CreateFunctionStmt', { what: 'CREATE FUNCTION', why: CODE }],
  ['AlterFunctionStmt', { what: 'ALTER FUNCTION', why: CODE }],
  ['ViewStmt', { what: 'CREATE VIEW', why: 'queries belong in the backend' }],
  ['RefreshMatViewStmt', { what: 'REFRESH MATERIALIZED VIEW', why: 'queries belong in the backend' }],
  ['CreateStatsStmt', { what: 'CREATE STATISTICS', why: 'the database plans well enough without' }],
  ['CreatePublicationStmt', { what: 'CREATE PUBLICATION', why: 'nothing follows the database’s changes' }],
  ['AlterPublicationStmt', { what: 'ALTER PUBLICATION', why: 'nothing follows the database’s changes' }],
]);

/** Why a statement may be left out; undefined when it is schema, or is for the check to refuse. */
export function omissionOf(node: Node): Omission | undefined {
  if ('VariableSetStmt' in node) return settingOmission(node.VariableSetStmt);
  if ('SelectStmt' in node) return callOmission(node.SelectStmt);
  if ('TransactionStmt' in node) {
    const isPlain = /^TRANS_STMT_(BEGIN|START|COMMIT)$/.test(node.TransactionStmt.kind ?? '');
    return isPlain ? { what: 'BEGIN and COMMIT', why: 'all statements run in one transaction of ours' } : undefined;
  }
  if ('CreateSchemaStmt' in node) {
    const isBare = (node.CreateSchemaStmt.schemaElts ?? []).length === 0;
    return isBare ? { what: 'CREATE SCHEMA', why: 'everything goes into the schema public' } : undefined;
  }
  if ('CreateExtensionStmt' in node) return extensionOmission(node.CreateExtensionStmt);
  if ('CommentStmt' in node) {
    const isOnShape = /^OBJECT_(TABLE|COLUMN)$/.test(node.CommentStmt.objtype ?? '');
    return isOnShape ? undefined : { what: 'COMMENT ON other things', why: 'only tables and columns keep comments' };
  }
  if ('CreateTableAsStmt' in node) {
    const isView = node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW';
    return isView ? { what: 'CREATE MATERIALIZED VIEW', why: 'queries belong in the backend' } : undefined;
  }
  return OMISSIONS.get(unwrap(node)[0]);
}

/** What dumps set before they begin. */
const SETTINGS: ReadonlySet<string> = new Set(
  `statement_timeout lock_timeout idle_in_transaction_session_timeout transaction_timeout client_encoding
   standard_conforming_strings check_function_bodies xmloption client_min_messages row_security default_tablespace
   default_table_access_method default_with_oids search_path timezone escape_string_warning`.split(/\s+/),
);

function settingOmission({ name = '', kind, args = [] }: VariableSetStmt): Omission | undefined {
  const isHarmless = kind === 'VAR_RESET_ALL' || SETTINGS.has(name.toLowerCase());
  if (name.toLowerCase() === 'search_path' && !args.every(isUsualSchema)) return undefined;
  return isHarmless ? { what: 'SET', why: 'the tables need no settings' } : undefined;
}

/** Where tables go without a name of a schema before theirs: into public, as here. */
function isUsualSchema(value: Node): boolean {
  return /^(?:|public|"?\$user"?|extensions)$/.test(constantText(value) ?? ' ');
}

/** `SELECT pg_catalog.set_config('search_path', '', false)`, and where a sequence stands. */
function callOmission(select: SelectStmt): Omission | undefined {
  const [target, ...others] = select.targetList ?? [];
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (others.length > 0 || select.fromClause || !value || !('FuncCall' in value)) return undefined;
  const name = textsOf(value.FuncCall.funcname).at(-1);
  if (name === 'setval') return { what: 'setval()', why: 'the database is new: numbers start at 1' };
  const isSetting = name === 'set_config' && SETTINGS.has(constantText(value.FuncCall.args?.[0]) ?? '');
  return isSetting ? { what: 'SET', why: 'the tables need no settings' } : undefined;
}

/** Extensions that tables do without. */
const EXTENSIONS_FOR_OTHERS: ReadonlySet<string> = new Set(
  `plpgsql pg_stat_statements pg_graphql pgjwt supabase_vault pgsodium pg_net pg_cron pgaudit pg_repack hypopg
   index_advisor moddatetime tablefunc pgtap http wrappers insert_username autoinc`.split(/\s+/),
);

function extensionOmission({ extname = '' }: CreateExtensionStmt): Omission | undefined {
  if (!EXTENSIONS_FOR_OTHERS.has(extname)) return undefined;
  return { what: `CREATE EXTENSION ${extname}`, why: 'the tables do without it' };
}

/** Changes to a table that say nothing about its shape. */
const TABLE_CHANGES: ReadonlyMap<string, Omission> = new Map([
  ['AT_ChangeOwner', OMISSIONS.get('AlterOwnerStmt')!],
  ...['EnableRowSecurity', 'DisableRowSecurity', 'ForceRowSecurity', 'NoForceRowSecurity'].map(
    (name) => [`AT_${name}`, { what: 'ROW LEVEL SECURITY', why: ROW_SECURITY }] as const,
  ),
  ...['SetStorage', 'SetCompression', 'SetStatistics', 'SetOptions', 'ClusterOn', 'DropCluster', 'ReplicaIdentity'].map(
    (name) => [`AT_${name}`, { what: 'how a table is stored', why: 'the database chooses that' }] as const,
  ),
]);

export function changeOmission({ subtype }: AlterTableCmd): Omission | undefined {
  return TABLE_CHANGES.get(subtype ?? '');
}

/** What may be dropped anywhere in a file, as none of it is ever made. */
const NEVER_MADE: ReadonlySet<string> = new Set(
  'POLICY TRIGGER FUNCTION PROCEDURE ROUTINE VIEW MATVIEW EVENT_TRIGGER PUBLICATION RULE STATISTIC_EXT'
    .split(' ')
    .map((name) => `OBJECT_${name}`),
);

/** Whether the file makes something of a name, seen from the place of a DROP. */
export type Making = 'before' | 'later' | 'never';

/** A DROP of what is only made later on, or is never made, does nothing in a new database. */
export function dropOmission(drop: DropStmt, isMade: (name: string) => Making): Omission | undefined {
  const names = (drop.objects ?? []).map(droppedName);
  const isLater = names.every(
    (name) => isMade(name) === 'later' || (isMade(name) === 'never' && drop.missing_ok === true),
  );
  return NEVER_MADE.has(drop.removeType ?? '') || isLater ? NOTHING_TO_DROP : undefined;
}

const NOTHING_TO_DROP: Omission = { what: 'DROP', why: 'the database is new: there is nothing to drop' };

/** The same of parts of a table that is not there yet, as pg_dump --clean drops them. */
export function partDropOmission(
  { relation, cmds = [], missing_ok: ifExists }: AlterTableStmt,
  isMade: (name: string) => Making,
): Omission | undefined {
  const isDrop = cmds.every((command) => 'AlterTableCmd' in command && dropsPart(command.AlterTableCmd));
  const making = isMade(relation?.relname ?? '');
  const isLater = making === 'later' || (making === 'never' && ifExists === true);
  return isDrop && isLater ? NOTHING_TO_DROP : undefined;
}

function dropsPart({ subtype, def }: AlterTableCmd): boolean {
  return subtype === 'AT_DropConstraint' || subtype === 'AT_DropColumn' || (subtype === 'AT_ColumnDefault' && !def);
}

function droppedName(object: Node): string {
  if ('List' in object) return textsOf(object.List.items).at(-1) ?? '';
  if ('TypeName' in object) return textsOf(object.TypeName.names).at(-1) ?? '';
  return 'String' in object ? (object.String.sval ?? '') : '';
}

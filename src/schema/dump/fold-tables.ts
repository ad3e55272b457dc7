import type { AlterTableCmd, ColumnDef, Constraint, CreateStmt, Node } from 'libpg-query';
import { constantText } from '../bounds/constants.ts';
import { textsOf } from '../syntax-nodes.ts';
import type { DumpNotes } from './dump-notes.ts';
import { changeOmission } from './left-out.ts';

/** The tables of a file, which later statements of it change. The trees are ours to change. */
export class DumpTables {
  readonly #tables = new Map<string, CreateStmt>();
  readonly #notes: DumpNotes;
  readonly #takesConstraints: boolean;

  /** `takesConstraints`: also into the CREATE TABLE, for a file of very many statements. */
  constructor(nodes: readonly Node[], notes: DumpNotes, takesConstraints: boolean) {
    this.#notes = notes;
    this.#takesConstraints = takesConstraints;
    for (const node of nodes) {
      if ('CreateStmt' in node) this.#tables.set(node.CreateStmt.relation?.relname ?? '', node.CreateStmt);
    }
  }

  /** Takes a change of a table into its CREATE TABLE; false for one that has to stay a statement of its own. */
  take(tableName: string, command: AlterTableCmd, sequences: ReadonlyMap<string, Numbering>): boolean {
    const omission = changeOmission(command);
    if (omission) this.#notes.leaveOut(omission.what, omission.why);
    if (omission) return true;
    const table = this.#tables.get(tableName);
    if (!table) return false;
    if (command.subtype === 'AT_AddConstraint') return this.#addConstraint(tableName, table, command);
    const column = columnOf(table, command.name ?? '');
    return column !== undefined && this.#changeColumn(tableName, column, command, sequences);
  }

  #addConstraint(name: string, table: CreateStmt, { def }: AlterTableCmd): boolean {
    if (!def || this.#isForeign(def, name)) return def !== undefined;
    if (this.#takesConstraints) table.tableElts = [...(table.tableElts ?? []), def];
    return this.#takesConstraints;
  }

  #changeColumn(
    table: string,
    column: ColumnDef,
    { subtype, def }: AlterTableCmd,
    sequences: ReadonlyMap<string, Numbering>,
  ): boolean {
    if (subtype === 'AT_ColumnDefault') return this.#setDefault(table, column, def, sequences);
    if (subtype === 'AT_AddIdentity') return this.#addIdentity(table, column, def);
    const isRequired = subtype === 'AT_SetNotNull';
    if (!isRequired && subtype !== 'AT_DropNotNull') return false;
    const required = { contype: 'CONSTR_NOTNULL', is_enforced: true, initially_valid: true } as const;
    replaceConstraint(column, ['CONSTR_NULL', 'CONSTR_NOTNULL'], isRequired ? required : undefined);
    return true;
  }

  #addIdentity(table: string, column: ColumnDef, definition: Node | undefined): boolean {
    if (!definition || !('Constraint' in definition) || liesElsewhere(definition.Constraint.options)) return false;
    const { generated_when: when = 'd', options } = definition.Constraint;
    this.#number(table, column, when, numberingOf(options));
    return true;
  }

  #setDefault(
    table: string,
    column: ColumnDef,
    value: Node | undefined,
    sequences: ReadonlyMap<string, Numbering>,
  ): boolean {
    const numbering = sequences.get(sequenceOf(value) ?? '');
    if (numbering && isWhole(column)) this.#number(table, column, 'd', numbering);
    else replaceConstraint(column, ['CONSTR_DEFAULT'], value && { contype: 'CONSTR_DEFAULT', raw_expr: value });
    return true;
  }

  /** Defaults that a sequence of the file fills, and options of identity columns, wherever a table has them. */
  numberColumns(sequences: ReadonlyMap<string, Numbering>): void {
    for (const [name, table] of this.#tables) {
      for (const column of columnsOf(table)) {
        const numbered = constraintsOf(column).find((constraint) => isNumbering(constraint, column, sequences));
        if (!numbered) continue;
        const { generated_when: when = 'd', options } = numbered;
        this.#number(name, column, when, sequences.get(sequenceOf(numbered.raw_expr) ?? '') ?? numberingOf(options));
      }
    }
  }

  #number(table: string, column: ColumnDef, when: string, { start, increment }: Numbering): void {
    replaceConstraint(column, ['CONSTR_DEFAULT', 'CONSTR_IDENTITY'], {
      contype: 'CONSTR_IDENTITY',
      generated_when: when,
    });
    const which = `${table}.${column.colname ?? ''}`;
    this.#notes.change('numbered as GENERATED … AS IDENTITY, without a sequence of its own', which);
    if (start !== 1 || increment !== 1) {
      this.#notes.change('numbers start at 1 and go up by 1, whatever the sequence says', which);
    }
  }

  /** Leaves out keys to tables that belong to somebody else, and defaults that ask for them. */
  dropForeign(): void {
    for (const [name, table] of this.#tables) {
      for (const column of columnsOf(table)) {
        if (!column.constraints) continue;
        column.constraints = column.constraints.filter((node) => !this.#isForeign(node, name, column));
      }
      table.tableElts = (table.tableElts ?? []).filter((node) => !this.#isForeign(node, name));
    }
  }

  #isForeign(node: Node, table: string, column?: ColumnDef): boolean {
    if (!('Constraint' in node)) return false;
    const { contype, pktable, raw_expr: value, fk_attrs: keys } = node.Constraint;
    const which = `${table}.${column?.colname ?? textsOf(keys).join(', ')}`;
    if (contype === 'CONSTR_FOREIGN' && FOREIGN_SCHEMAS.has(pktable?.schemaname ?? '')) {
      const other = `${pktable?.schemaname}.${pktable?.relname}`;
      this.#notes.change(`the column stays, the key to ${other}, which is not in this schema, is left out`, which);
      return true;
    }
    const call = contype === 'CONSTR_DEFAULT' && value && 'FuncCall' in value ? value.FuncCall : undefined;
    const [schema, name] = textsOf(call?.funcname);
    if (name === undefined || !FOREIGN_SCHEMAS.has(schema ?? '')) return false;
    this.#notes.change(`the default ${schema}.${name}() is left out: the client gives the value`, which);
    return true;
  }
}

/** Schemas of Supabase's own, with tables and functions that no file has. */
const FOREIGN_SCHEMAS: ReadonlySet<string> = new Set(['auth', 'storage']);

/** How a sequence counts. */
export interface Numbering {
  readonly start: number;
  readonly increment: number;
}

/** Options of a sequence or an identity column, which say more than anyone means. */
export function numberingOf(options: readonly Node[] | undefined): Numbering {
  const read = (name: string): number => {
    const option = options?.find((node) => 'DefElem' in node && node.DefElem.defname === name);
    const value = option && 'DefElem' in option ? option.DefElem.arg : undefined;
    if (value && 'Integer' in value) return value.Integer.ival ?? 0;
    return value && 'Float' in value ? Number(value.Float.fval) : 1;
  };
  return { start: read('start'), increment: read('increment') };
}

/** Whether a sequence is named that lies in a schema other than public. */
function liesElsewhere(options: readonly Node[] | undefined): boolean {
  const [name] = (options ?? []).flatMap((node) =>
    'DefElem' in node && node.DefElem.defname === 'sequence_name' ? (node.DefElem.arg ?? []) : [],
  );
  const written = name && 'List' in name ? textsOf(name.List.items) : [];
  return written.length > 1 && written[0] !== 'public';
}

/** The sequence that a default takes its value from, without its schema. */
function sequenceOf(value: Node | undefined): string | undefined {
  if (!value || !('FuncCall' in value) || textsOf(value.FuncCall.funcname).at(-1) !== 'nextval') return undefined;
  const [argument] = value.FuncCall.args ?? [];
  const name = constantText(argument && 'TypeCast' in argument ? argument.TypeCast.arg : argument);
  return name?.split('.').at(-1)?.replaceAll('"', '');
}

function columnsOf(table: CreateStmt): readonly ColumnDef[] {
  return (table.tableElts ?? []).flatMap((node) => ('ColumnDef' in node ? [node.ColumnDef] : []));
}

function columnOf(table: CreateStmt, name: string): ColumnDef | undefined {
  return columnsOf(table).find(({ colname }) => colname === name);
}

function constraintsOf(column: ColumnDef): readonly Constraint[] {
  return (column.constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

function isNumbering(
  { contype, options, raw_expr: value }: Constraint,
  column: ColumnDef,
  sequences: ReadonlyMap<string, Numbering>,
): boolean {
  if (contype === 'CONSTR_IDENTITY') return (options ?? []).length > 0 && !liesElsewhere(options);
  return contype === 'CONSTR_DEFAULT' && isWhole(column) && sequences.has(sequenceOf(value) ?? '');
}

function isWhole({ typeName }: ColumnDef): boolean {
  return /^int[248]$/.test(textsOf(typeName?.names).at(-1) ?? '');
}

/** Puts a constraint in the place of those of the given kinds. */
function replaceConstraint(column: ColumnDef, kinds: readonly string[], constraint: Constraint | undefined): void {
  const others = (column.constraints ?? []).filter(
    (node) => !('Constraint' in node && kinds.includes(node.Constraint.contype ?? '')),
  );
  column.constraints = constraint ? [...others, { Constraint: constraint }] : others;
}

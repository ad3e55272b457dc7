/**
 * What a field of a syntax node may hold: any plain value, one of the values listed, any allowed node (or a list of
 * them), or the fields of one kind of node that the parser puts there without naming its kind.
 */
export type FieldRule = 'value' | 'nodes' | readonly (string | number | boolean)[] | { readonly inline: string };

/**
 * The whole grammar of a proposal: every kind of syntax node that may appear and every field it may have. A kind or a
 * field that is not here is refused, so that what a later Postgres adds is refused until someone adds it here.
 */
export const ALLOWED_SYNTAX: Readonly<Record<string, Readonly<Record<string, FieldRule>>>> = {
  // Statements
  CreateStmt: {
    relation: { inline: 'RangeVar' },
    tableElts: 'nodes',
    oncommit: ['ONCOMMIT_NOOP'],
    if_not_exists: 'value',
  },
  IndexStmt: {
    idxname: 'value',
    relation: { inline: 'RangeVar' },
    accessMethod: ['btree', 'hash', 'gin', 'gist', 'brin'],
    indexParams: 'nodes',
    indexIncludingParams: 'nodes',
    whereClause: 'nodes',
    unique: 'value',
    nulls_not_distinct: 'value',
    if_not_exists: 'value',
    concurrent: 'value',
  },
  CreateEnumStmt: { typeName: 'nodes', vals: 'nodes' },
  CreateExtensionStmt: { extname: 'value', if_not_exists: 'value', options: 'nodes' },
  AlterTableStmt: {
    relation: { inline: 'RangeVar' },
    cmds: 'nodes',
    objtype: ['OBJECT_TABLE'],
    missing_ok: 'value',
  },
  CommentStmt: { objtype: ['OBJECT_TABLE', 'OBJECT_COLUMN'], object: 'nodes', comment: 'value' },

  // Their parts
  RangeVar: { schemaname: ['public'], relname: 'value', inh: 'value', relpersistence: ['p'] },
  ColumnDef: {
    colname: 'value',
    typeName: { inline: 'TypeName' },
    is_local: 'value',
    constraints: 'nodes',
    collClause: { inline: 'CollateClause' },
  },
  TypeName: { names: 'nodes', typmods: 'nodes', typemod: [-1], arrayBounds: 'nodes' },
  Constraint: {
    contype: [
      'CONSTR_NULL',
      'CONSTR_NOTNULL',
      'CONSTR_DEFAULT',
      'CONSTR_IDENTITY',
      'CONSTR_GENERATED',
      'CONSTR_CHECK',
      'CONSTR_PRIMARY',
      'CONSTR_UNIQUE',
      'CONSTR_FOREIGN',
      'CONSTR_ATTR_DEFERRABLE',
      'CONSTR_ATTR_NOT_DEFERRABLE',
      'CONSTR_ATTR_DEFERRED',
      'CONSTR_ATTR_IMMEDIATE',
      'CONSTR_ATTR_ENFORCED',
    ],
    conname: 'value',
    raw_expr: 'nodes',
    keys: 'nodes',
    nulls_not_distinct: 'value',
    generated_when: 'value',
    generated_kind: 'value',
    pktable: { inline: 'RangeVar' },
    fk_attrs: 'nodes',
    pk_attrs: 'nodes',
    fk_matchtype: ['s'],
    fk_upd_action: 'value',
    fk_del_action: 'value',
    deferrable: 'value',
    initdeferred: 'value',
    is_enforced: [true],
    initially_valid: [true],
    skip_validation: [false],
  },
  AlterTableCmd: { subtype: ['AT_AddConstraint'], def: 'nodes', behavior: ['DROP_RESTRICT'] },
  IndexElem: {
    name: 'value',
    expr: 'nodes',
    opclass: 'nodes',
    collation: 'nodes',
    ordering: 'value',
    nulls_ordering: 'value',
  },
  List: { items: 'nodes' },
  String: { sval: 'value' },
  Integer: { ival: 'value' },

  // Expressions
  A_Const: {
    ival: { inline: 'Integer' },
    fval: { inline: 'Float' },
    boolval: { inline: 'Boolean' },
    sval: { inline: 'String' },
    isnull: 'value',
  },
  Float: { fval: 'value' },
  Boolean: { boolval: 'value' },
  ColumnRef: { fields: 'nodes' },
  A_Expr: {
    kind: [
      'AEXPR_OP',
      'AEXPR_OP_ANY',
      'AEXPR_OP_ALL',
      'AEXPR_DISTINCT',
      'AEXPR_NOT_DISTINCT',
      'AEXPR_NULLIF',
      'AEXPR_IN',
      'AEXPR_LIKE',
      'AEXPR_ILIKE',
      'AEXPR_SIMILAR',
      'AEXPR_BETWEEN',
      'AEXPR_NOT_BETWEEN',
      'AEXPR_BETWEEN_SYM',
      'AEXPR_NOT_BETWEEN_SYM',
    ],
    name: 'nodes',
    lexpr: 'nodes',
    rexpr: 'nodes',
  },
  BoolExpr: { boolop: 'value', args: 'nodes' },
  NullTest: { arg: 'nodes', nulltesttype: 'value' },
  BooleanTest: { arg: 'nodes', booltesttype: 'value' },
  TypeCast: { arg: 'nodes', typeName: { inline: 'TypeName' } },
  CaseExpr: { arg: 'nodes', args: 'nodes', defresult: 'nodes' },
  CaseWhen: { expr: 'nodes', result: 'nodes' },
  CoalesceExpr: { args: 'nodes' },
  MinMaxExpr: { op: 'value', args: 'nodes' },
  A_ArrayExpr: { elements: 'nodes' },
  FuncCall: { funcname: 'nodes', args: 'nodes', funcformat: 'value' },
  SQLValueFunction: {
    op: [
      'SVFOP_CURRENT_DATE',
      'SVFOP_CURRENT_TIME',
      'SVFOP_CURRENT_TIME_N',
      'SVFOP_CURRENT_TIMESTAMP',
      'SVFOP_CURRENT_TIMESTAMP_N',
      'SVFOP_LOCALTIME',
      'SVFOP_LOCALTIME_N',
      'SVFOP_LOCALTIMESTAMP',
      'SVFOP_LOCALTIMESTAMP_N',
    ],
    typmod: 'value',
  },
  CollateClause: { arg: 'nodes', collname: 'nodes' },
};

/** Where in the text a node stood: the parser's bookkeeping, which says nothing. */
export const POSITION_FIELDS: ReadonlySet<string> = new Set([
  'location',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
]);

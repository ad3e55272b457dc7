import { ALLOWED_SYNTAX } from '../schema/drafts.ts';

/** What a change may say beyond a proposal: the kinds of statement, and what their nodes may hold. */
export const CHANGE_GRAMMAR = {
  statements: new Set([
    'CreateStmt',
    'IndexStmt',
    'CreateEnumStmt',
    'AlterTableStmt',
    'AlterEnumStmt',
    'RenameStmt',
    'DropStmt',
    'UpdateStmt',
    'CommentStmt',
  ]),
  syntax: {
    ...ALLOWED_SYNTAX,
    ColumnDef: { ...ALLOWED_SYNTAX['ColumnDef'], raw_default: 'nodes' },
    AlterTableCmd: {
      subtype: [
        'AT_AddConstraint',
        'AT_DropConstraint',
        'AT_AddColumn',
        'AT_DropColumn',
        'AT_AlterColumnType',
        'AT_ColumnDefault',
        'AT_SetNotNull',
        'AT_DropNotNull',
      ],
      name: 'value',
      def: 'nodes',
      behavior: ['DROP_RESTRICT', 'DROP_CASCADE'],
      missing_ok: 'value',
    },
    AlterEnumStmt: {
      typeName: 'nodes',
      oldVal: 'value',
      newVal: 'value',
      newValNeighbor: 'value',
      newValIsAfter: 'value',
      skipIfNewValExists: 'value',
    },
    RenameStmt: {
      renameType: ['OBJECT_COLUMN', 'OBJECT_TABLE', 'OBJECT_TABCONSTRAINT', 'OBJECT_INDEX', 'OBJECT_TYPE'],
      relationType: 'value',
      relation: { inline: 'RangeVar' },
      object: 'nodes',
      subname: 'value',
      newname: 'value',
      behavior: ['DROP_RESTRICT', 'DROP_CASCADE'],
      missing_ok: 'value',
    },
    DropStmt: {
      objects: 'nodes',
      removeType: ['OBJECT_TABLE', 'OBJECT_INDEX', 'OBJECT_TYPE'],
      behavior: ['DROP_RESTRICT', 'DROP_CASCADE'],
      missing_ok: 'value',
    },
    UpdateStmt: { relation: { inline: 'RangeVar' }, targetList: 'nodes', whereClause: 'nodes' },
    ResTarget: { name: 'value', val: 'nodes' },
  },
} as const;

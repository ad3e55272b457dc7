import type { ColumnDraft, SchemaDraft, TableDraft } from '../schema-draft.ts';

/** One habit of ours: the draft as it would have it, and where the proposal departs from it. */
export type HouseRule = (draft: SchemaDraft) => RuleOutcome;

export interface RuleOutcome {
  readonly draft: SchemaDraft;
  readonly departures: readonly Departure[];
}

export interface Departure {
  /** Short and stable, as a finding's. */
  readonly code: string;
  readonly table?: string;
  /** What the proposal says, and what the rule is: `users.id is integer; ids are varchar`. */
  readonly message: string;
  /** Nothing of the proposal is changed, so a planner's design need not be told of it. */
  readonly isAddition?: boolean;
  /** What to write instead. */
  readonly instead: string;
}

/** A rule that looks at one table at a time. */
export function tableRule(rule: (table: TableDraft, draft: SchemaDraft) => TableOutcome): HouseRule {
  return (draft) => {
    const outcomes = draft.tables.map((table) => rule(table, draft));
    return {
      draft: { ...draft, tables: outcomes.map(({ table }) => table) },
      departures: outcomes.flatMap(({ departures }) => departures),
    };
  };
}

export interface TableOutcome {
  readonly table: TableDraft;
  readonly departures: readonly Departure[];
}

/** The table with some of its columns changed. */
export function changeColumns(table: TableDraft, change: (column: ColumnDraft) => ColumnDraft): TableDraft {
  return { ...table, columns: table.columns.map(change) };
}

import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { endpointsOf, type ApiDocument } from '../api-document.ts';
import { html } from '../html.ts';
import { Command, quoted, Shown } from '../parts.ts';
import { goTo, placeOf } from '../route.ts';
import type { Schema, SchemaTable } from '../schema.ts';
import { useCall } from '../use-call.ts';
import { useSchema, type ProjectDetails, type TabProps } from './project-details.ts';
import { RowForm, type Row } from './row-form.ts';

const COMPARISONS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  contains: 'contains',
};
const PAGE = 50;

interface RowsPage {
  readonly columns: readonly string[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly nextCursor?: string;
}

/** What is asked for: the address of the page holds it. */
interface Asked {
  readonly table: SchemaTable;
  readonly sort: string;
  readonly filters: readonly string[];
  readonly cursor: string;
}

/** A table's rows, a page at a time, with the statement that finds them. */
export function Rows({ project, path, query }: TabProps): VNode {
  const schema = useSchema(project);
  return html`<${Shown} answer=${schema}>
    ${({ schema: { tables } }: { schema: Schema }) => {
      const table = tables.find(({ name }) => name === path[0]) ?? tables[0];
      if (!table) return html`<p>There is no table.</p>`;
      const asked = {
        table,
        sort: query.get('sort') ?? '',
        filters: query.getAll('filter'),
        cursor: query.get('cursor') ?? '',
      };
      return html`<nav class="chips" aria-label="Tables">
          ${tables.map(({ name }) => html`<a href=${placeOf(['projects', project.name, 'rows', name])} aria-current=${name === table.name ? 'page' : undefined}>${name}</a>`)}
        </nav>
        <${TableRows} key=${table.name} project=${project} asked=${asked} />`;
    }}
  <//>`;
}

function TableRows({ project, asked }: { project: ProjectDetails; asked: Asked }): VNode {
  const { name } = project;
  const { table, sort, filters, cursor } = asked;
  const search = new URLSearchParams({ limit: String(PAGE) });
  if (sort !== '') search.set('sort', sort);
  for (const filter of filters) search.append('filter', filter);
  if (cursor !== '') search.set('cursor', cursor);
  const rows = useCall<RowsPage>(
    `/v1/projects/${encodeURIComponent(name)}/tables/${encodeURIComponent(table.name)}/rows?${search}`,
  );
  const go = (changes: Readonly<Record<string, string>>): void =>
    goTo(['projects', name, 'rows', table.name], { sort, filter: filters[0], ...changes });
  const document = useCall<ApiDocument>(`/v1/projects/${encodeURIComponent(name)}/openapi.json`);
  const endpoints = document.value && project.status === 'running' ? endpointsOf(table.name, document.value) : {};
  const [edited, setEdited] = useState<Row | 'new' | undefined>();
  const close = (): void => setEdited(undefined);
  const done = (): void => {
    close();
    rows.reload();
  };
  return html`<${FilterForm}
      table=${table}
      filter=${filters[0] ?? ''}
      onFilter=${(filter: string) => go({ filter, cursor: '' })}
    />
    <pre class="sql" aria-label="The statement">${statementOf(asked)}</pre>
    <${Shown} answer=${rows}>
      ${({ columns, data, nextCursor }: RowsPage) => html`
        <div class="scroll" tabindex="0" role="region" aria-label=${`Rows of ${table.name}`}>
          <table class="rows">
            <thead>
              <tr>
                ${endpoints.change && html`<th><span class="unseen">Change</span></th>`}
                ${columns.map(
                  (column) =>
                    html`<th aria-sort=${sortOf(sort, column)}>
                      <button
                        type="button"
                        class="quiet"
                        onClick=${() => go({ sort: sort === column ? `-${column}` : column, cursor: '' })}
                      >
                        ${column}${sort === column ? ' ↑' : sort === `-${column}` ? ' ↓' : ''}
                      </button>
                    </th>`,
                )}
              </tr>
            </thead>
            <tbody>
              ${data.map(
                (row) =>
                  html`<tr>
                    ${
                      endpoints.change &&
                      html`<td>
                        <button type="button" class="quiet" onClick=${() => setEdited(row)}>Change</button>
                      </td>`
                    }
                    ${columns.map((column) => html`<td>${cellOf(name, table, column, row[column])}</td>`)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${data.length === 0 && html`<p>No rows.</p>`}
        <p class="actions">
          ${cursor !== '' && html`<button type="button" onClick=${() => go({ cursor: '' })}>First page</button>`}
          ${nextCursor !== undefined && html`<button type="button" onClick=${() => go({ cursor: nextCursor })}>Next page</button>`}
        </p>
      `}
    <//>
    <p class="actions">
      ${endpoints.add && html`<button type="button" onClick=${() => setEdited('new')}>Add a row</button>`}
      ${project.status !== 'running' && html`<span class="hint">Rows are added and changed by the backend: start it for that.</span>`}
    </p>
    ${
      edited !== undefined &&
      html`<${RowForm}
        key=${edited === 'new' ? 'new' : JSON.stringify(edited)}
        project=${project}
        table=${table.name}
        endpoints=${endpoints}
        row=${edited === 'new' ? undefined : edited}
        onDone=${done}
        onClose=${close}
      />`
    }
    <${Command} line=${`turbobackend sql ${name} ${quoted(statementOf(asked).replaceAll('\n', ' '))}`} />`;
}

function sortOf(sort: string, column: string): string {
  if (sort === column) return 'ascending';
  return sort === `-${column}` ? 'descending' : 'none';
}

/** A value; one that refers to a row leads there. */
function cellOf(name: string, table: SchemaTable, column: string, value: unknown): VNode | string {
  if (value === null) return html`<span class="soft">null</span>`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const key = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === column);
  const cut = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  if (!key) return cut;
  return html`<a
    href=${placeOf(['projects', name, 'rows', key.referencedTable], { filter: `${key.referencedColumns[0] ?? 'id'}:eq:${text}` })}
    >${cut}</a
  >`;
}

function statementOf({ table, sort, filters }: Asked): string {
  const conditions = filters.map((filter) => {
    const [column = '', comparison = '', ...value] = filter.split(':');
    const literal = `'${value.join(':').replaceAll("'", "''")}'`;
    return comparison === 'contains'
      ? `strpos(${column}::text, ${literal}) > 0`
      : `${column} ${COMPARISONS[comparison] ?? '='} ${literal}`;
  });
  const by =
    sort === '' ? table.primaryKey.join(', ') : sort.startsWith('-') ? `${sort.slice(1)} DESC NULLS LAST` : sort;
  return [
    `SELECT * FROM ${table.name}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    ...(by === '' ? [] : [`ORDER BY ${by}`]),
    `LIMIT ${PAGE}`,
  ].join('\n');
}

function FilterForm({
  table,
  filter,
  onFilter,
}: {
  table: SchemaTable;
  filter: string;
  onFilter: (filter: string) => void;
}): VNode {
  const [first = table.columns[0]?.name ?? '', second = 'eq', ...rest] = filter === '' ? [] : filter.split(':');
  const [column, setColumn] = useState(first);
  const [comparison, setComparison] = useState(second);
  const [value, setValue] = useState(rest.join(':'));
  const submit = (event: Event): void => {
    event.preventDefault();
    onFilter(value === '' ? '' : `${column}:${comparison}:${value}`);
  };
  return html`<form class="line" onSubmit=${submit} aria-label="Filter">
    <label
      >Where
      <select value=${column} onChange=${(event: Event) => setColumn((event.currentTarget as HTMLSelectElement).value)}>
        ${table.columns.map(({ name }) => html`<option>${name}</option>`)}
      </select></label
    >
    <select
      aria-label="Comparison"
      value=${comparison}
      onChange=${(event: Event) => setComparison((event.currentTarget as HTMLSelectElement).value)}
    >
      ${Object.entries(COMPARISONS).map(([word, sign]) => html`<option value=${word}>${sign}</option>`)}
    </select>
    <input
      aria-label="Value"
      value=${value}
      onInput=${(event: InputEvent) => setValue((event.currentTarget as HTMLInputElement).value)}
    />
    <button>Filter</button>
    ${
      filter !== '' &&
      html`<button
        type="button"
        class="quiet"
        onClick=${() => {
          setValue('');
          onFilter('');
        }}
      >
        All rows
      </button>`
    }
  </form>`;
}

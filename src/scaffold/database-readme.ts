import type { AccessGrant, AccessPlan, AccessRule } from '../domain/access.ts';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { renderErSvg } from '../schema/schema.ts';
import type { BackendBlueprint } from './backend-blueprint.ts';
import { curlLines } from './curl-lines.ts';
import { describeApi } from './describe-api.ts';
import { markdownCellCode, markdownText } from './markdown-text.ts';
import type { TableModel } from './table-model.ts';

/** README.md and the diagram in it. */
export async function databaseReadme(
  blueprint: BackendBlueprint,
  schema: DatabaseSchema,
  models: readonly TableModel[],
  seededRows: number,
): Promise<readonly SourceFile[]> {
  return [
    { path: 'README.md', content: readme(blueprint, schema, models, seededRows) },
    { path: 'docs/schema.svg', content: await renderErSvg(schema) },
  ];
}

function readme(
  { name, prompt, access: planned }: BackendBlueprint,
  schema: DatabaseSchema,
  models: readonly TableModel[],
  seededRows: number,
): string {
  const access = planned?.auth === 'password' ? planned : undefined;
  return `# ${name}

> ${markdownText(prompt)}

A REST API in TypeScript on Fastify, with its data in Postgres. Node ${access ? '24.7' : '22.18'} or newer runs the sources as they are.

\`\`\`sh
npm ci --ignore-scripts
cp .env.example .env    # unless .env is there: fill in the database
npm run migrate         # creates the tables, unless they are there
npm run seed            # sample rows, if you like
npm start
\`\`\`

Then open http://127.0.0.1:3000/docs, or type:

\`\`\`sh
API=http://127.0.0.1:3000
field() { node -p 'JSON.parse(require("node:fs").readFileSync(0, "utf8"))[process.argv[1]]' "$1"; }
\`\`\`

${curlLines(schema, models, seededRows, access)
  .map(({ model, lines }) => curlSection(model, lines))
  .join('\n')}
## The API

| Path | Methods |
| --- | --- |
${endpointRows(schema, access)}

\`/openapi.json\` describes it for programs, \`/docs\` (where \`/\` leads) for people, \`/healthz\` tells whether the process is up and
\`/readyz\` whether its database is too.

- **Lists** come page by page: \`?limit=\` (1 to 100, default 20) and \`?cursor=\`, the \`nextCursor\` of the page before.
  The newest come first; \`?sort=field\` or \`?sort=-field\` orders them otherwise, \`?field=value\` filters, as do \`field[gte]\`, \`[gt]\`, \`[lte]\`,
  \`[lt]\`, \`[in]=a,b\` and \`[null]=true\`. In a list, a value in double quotes may hold commas: \`[in]="a, b",c\`, with
  \`\\"\` for a quote and \`\\\\\` for a backslash. A filter takes what a body takes: a date as \`2026-03-01\`, not \`today\`.
- **Errors** are [problem+json](https://www.rfc-editor.org/rfc/rfc9457): 400 what is not as documented, 404 what is not
  there, 409 what conflicts with other rows, 422 what breaks a rule of the database, 503 when the database is away.
- **Numbers**: 64-bit integers are JSON numbers up to 2^53 - 1 and strings beyond; exact decimals are strings. JSON
  documents keep every digit; elsewhere a number with more digits than its field keeps is refused.
- **What the server sets** is not for clients: ids of its own making, the times of creation and change. A body that holds
  one of them is refused with 400. Columns called email, url, phone or name take what looks like one.
${secretsNote(models, access)}

It answers calls for an address, for localhost and for the names in ALLOWED_HOSTS; another address than this machine's own
gets RATE_LIMIT answers a minute. Behind a proxy set TRUST_PROXY; for web pages elsewhere, CORS_ORIGINS.

${access ? accessSection(access) : ''}## The data

![The tables and how they refer to one another](docs/schema.svg)

\`db/migrations/\` holds the tables as SQL. To change them, add a file with the next number and run \`npm run migrate\` as a
role that may (DB_MIGRATION_USER); then change the table's file in \`src/schemas/\` and run \`npm run openapi\`.

## Where things are

| Folder | What it holds |
| --- | --- |
| \`src/schemas/\` | one file per table: its columns, from which validation, documentation and SQL are made |
| \`src/repositories/\` | one file per table: how its rows are read and written; your own statements go here |
| \`src/routes/\` | one file per table: its paths; your own routes go here |
| \`src/table/\`, \`src/http/\` | what all tables and all routes have in common |
${access ? `| \`src/access.ts\` | who may do what |\n| \`src/auth/\` | accounts, passwords, tokens; from the table in \`src/access.ts\` to SQL |\n` : ''}| \`src/db.ts\` | connections, statements, transactions |
| \`db/\` | migrations, sample rows |

## Tests

The tests delete every row of the database they run on, so give them a copy of yours (as a role that may create
databases, while nobody is connected to the original):

\`\`\`sh
psql -c 'CREATE DATABASE ${name.replaceAll('-', '_')}_test TEMPLATE <DB_NAME> OWNER <its owner>'
TEST_DB_NAME=${name.replaceAll('-', '_')}_test npm test
npm run typecheck
\`\`\`

## Running it elsewhere

\`docker build -t ${name} . && docker run --env-file .env -p 3000:3000 ${name}\`, or anything else that runs Node and
reaches a Postgres: the settings are in \`.env.example\`.
`;
}

/** Which columns are told to nobody, so that no name surprises its owner. */
function secretsNote(models: readonly TableModel[], access: AccessPlan | undefined): string {
  const columns = models.flatMap(({ table, api }) =>
    Object.entries(api.columns)
      .filter(([, column]) => !(access && column.writeOnly && column.readOnly))
      .map(([field, column]) => ({ name: `${table.name}.${field}`, column })),
  );
  const namesOf = (kept: 'hashed' | 'hidden'): string =>
    columns
      .filter(({ column }) => column.writeOnly && (column.hashLength !== undefined) === (kept === 'hashed'))
      .map(({ name }) => markdownCellCode(name))
      .join(', ') || 'none';
  return `- **Secrets**: kept as salted scrypt hashes and never told: ${namesOf('hashed')}. Kept as given and never told:
  ${namesOf('hidden')}. It goes by the column's name; \`secret\` and \`writeOnly\` in \`src/schemas/\` say it, and can be taken out there.`;
}

function curlSection(model: TableModel, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `**${model.names.plural}**\n\n\`\`\`sh\n${lines.join('\n')}\n\`\`\`\n`;
}

/** Who may do what, as a table, and what else there is to know of accounts. */
function accessSection({ tables, accounts }: AccessPlan): string {
  const rows = tables.map(({ table, read, create, change, remove }) => {
    const cells = [read, create, change, remove].map((grants) => grants.map(grantText).join(', ') || 'nobody');
    return `| ${[markdownCellCode(table), ...cells].join(' | ')} |`;
  });
  return `## Who may do what

| Rows of | Read | Create | Change | Remove |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

\`src/access.ts\` says it; every statement holds to it. A row that may not be read is not there (404), one that may be read
but not changed is refused (403), and whoever has to sign in first gets 401. \`POST /v1/auth/register\` makes an account,
\`POST /v1/auth/login\` gives a token for the header \`authorization: Bearer …\`; passwords are kept as argon2id hashes, tokens
as SHA-256. Sample accounts have no password.${accounts?.role === undefined ? '' : ` \`npm run grant -- <${accounts.login}> <role>\` gives a role, and nothing else does.`}
A forgotten password needs a way to reach people: write it in \`src/auth/send-reset.ts\`.

`;
}

function grantText(grant: AccessGrant): string {
  if (typeof grant === 'string') return ruleText(grant);
  const where = Object.entries(grant.where).map(([column, value]) => `${column} = ${String(value)}`);
  return `${ruleText(grant.who)} where ${markdownCellCode(where.join(', '))}`;
}

function ruleText(rule: AccessRule): string {
  return markdownCellCode(rule);
}

function endpointRows(schema: DatabaseSchema, access: AccessPlan | undefined): string {
  const verbs = { list: 'GET', create: 'POST', read: 'GET', update: 'PATCH', delete: 'DELETE' } as const;
  const methods = (known: readonly (keyof typeof verbs)[], wanted: readonly (keyof typeof verbs)[]): string =>
    wanted
      .filter((operation) => known.includes(operation))
      .map((operation) => verbs[operation])
      .join(', ');
  return describeApi(schema, access)
    .flatMap(({ collectionPath, itemPath, operations, nested }) => [
      `| ${markdownCellCode(collectionPath)} | ${methods(operations, ['list', 'create']) || 'none'} |`,
      ...(itemPath
        ? [`| ${markdownCellCode(itemPath)} | ${methods(operations, ['read', 'update', 'delete']) || 'none'} |`]
        : []),
      ...nested.map(({ path }) => `| ${markdownCellCode(path)} | GET |`),
    ])
    .join('\n');
}

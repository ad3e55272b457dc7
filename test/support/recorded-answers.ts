import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LlmReply, LlmRequest } from './llm-server.ts';

const RECORDINGS = new URL('../recordings/', import.meta.url).pathname;
/** As providers count on average. */
const CHARACTERS_A_TOKEN = 4;

export type Call = readonly [name: string, input: unknown];

/** What a model answered about one backend: its tables, and the calls of each turn in which it codes. */
export interface RecordedAnswers {
  readonly designSql: string;
  readonly turns: readonly (readonly Call[])[];
}

/** Answers each request as it was answered, by what it asks for and how often the model has spoken before. */
export function answering({ designSql, turns }: RecordedAnswers): (request: LlmRequest) => LlmReply {
  return ({ body, text }) => {
    if (!body['tools'])
      return /needsDatabase/.test(text)
        ? { text: JSON.stringify({ needsDatabase: true, reasoning: 'What people write is kept.' }) }
        : { text: JSON.stringify({ tables: tablesOf(designSql) }) };
    const said = (body['messages'] as readonly { readonly role: string }[]).filter(({ role }) => role === 'assistant');
    const calls = turns[said.length] ?? [];
    return { toolCalls: calls.map(([name, input]) => ({ name, input })) };
  };
}

/** A recording's files, as the calls that write them. */
export function writingFiles(recording: string): readonly Call[] {
  const folder = join(RECORDINGS, recording);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts.txt'));
  return names
    .toSorted()
    .map((name) => [
      'write_file',
      { path: name.replace(/\.txt$/, ''), content: readFileSync(join(folder, name), 'utf8') },
    ]);
}

export function recordedDesign(recording: string): string {
  return readFileSync(join(RECORDINGS, recording, 'design.sql'), 'utf8');
}

/** What a provider would have counted: all that was sent, and what the turns answered. */
export function tokensOf(requests: readonly LlmRequest[], turns: RecordedAnswers['turns']): number {
  const characters = [...requests.map(({ text }) => text), ...turns.map((calls) => JSON.stringify(calls))];
  return Math.ceil(characters.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_A_TOKEN);
}

function tablesOf(sql: string): readonly object[] {
  return sql
    .split(/(?<=;)\s*\n/)
    .filter((statement) => statement.trim() !== '')
    .map((createQuery) => ({ tableName: /CREATE TABLE (\w+)/.exec(createQuery)?.[1], createQuery }));
}

import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { parseTable, type TableNotation } from '../src/planner/builtin/notation.ts';

/** A prompt with what its author wants of it; the files under prompts/ hold them, README.md says how they are written. */
export interface LabelledPrompt {
  /** `terse`, `requirement`, `stateless` … */
  readonly kind: string;
  readonly language: string;
  readonly prompt: string;
  /** Undefined when no data is kept. */
  readonly tables: readonly TableNotation[] | undefined;
  /** Rules that a column's own notation cannot hold: `rsvps unique(event, guest)`. */
  readonly rules: readonly string[];
  /** Who may do what, as far as the prompt says. */
  readonly access: readonly string[];
  /** Kept for measuring: nothing learns from it. */
  readonly isHeld: boolean;
}

const FOLDER = new URL('prompts/', import.meta.url);

export function readLabelledPrompts(folder = FOLDER): LabelledPrompt[] {
  const files = globSync('*.txt', { cwd: folder.pathname }).toSorted();
  return files.flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8')
      .split(/\n(?=\[)/)
      .map(readBlock),
  );
}

function readBlock(block: string): LabelledPrompt {
  const [head = '', ...lines] = block.trim().split('\n');
  const [kind = '', language = ''] = head.replaceAll(/[[\]]/g, '').split(' ');
  const marked = (mark: string) => lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(2));
  const prompt = lines.filter((line) => !/^[=!@] /.test(line)).join('\n');
  const tables = marked('=').join(' ');
  if (prompt === '' || tables === '') throw new Error(`A prompt without its tables: ${head} ${prompt.slice(0, 80)}`);
  return {
    kind,
    language,
    prompt,
    tables: tables === 'none' ? undefined : tables.split(/;\s+/).map((table) => readTable(table, prompt)),
    rules: marked('!'),
    access: marked('@'),
    isHeld: isHeld(prompt),
  };
}

function readTable(text: string, prompt: string): TableNotation {
  const match = /^(\w+)\((.*)\)$/.exec(text.trim());
  const table = match && parseTable(match[1] ?? '', match[2] ?? '');
  if (!table) throw new Error(`Not a table: «${text}» of «${prompt.slice(0, 80)}»`);
  return table;
}

/** A fifth of them, by the prompt's own hash: adding prompts moves none from one side to the other. */
function isHeld(prompt: string): boolean {
  return createHash('sha256').update(prompt).digest()[0]! % 5 === 0;
}

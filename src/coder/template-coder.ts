import { TurboError } from '../domain/errors.ts';
import { scaffoldBackend, type BackendBlueprint } from '../scaffold/scaffold.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Coder, CodingRequest, WrittenCode } from './coder.ts';

/** Writes the scaffold and nothing else: no model is asked, the same blueprint gives the same bytes. */
export class TemplateCoder implements Coder {
  readonly kind = 'template';

  async write(request: CodingRequest): Promise<WrittenCode> {
    const { blueprint, sandbox, signal } = request;
    try {
      const files = await scaffoldBackend(blueprint);
      signal.throwIfAborted();
      await request.report(`Writing ${files.length} files`);
      await sandbox.writeFiles(files);
      await removeOthers(sandbox, new Set(files.map((file) => file.path)));
      return { summary: summaryOf(blueprint, files.length), fileCount: files.length, warnings: warningsOf(blueprint) };
    } catch (cause) {
      if (signal.aborted || cause instanceof TurboError) throw cause;
      throw new TurboError('CODE_FAILED', `Could not write the code of ${blueprint.name}`, { cause, phase: 'code' });
    }
  }
}

/** An earlier version may have had tables that are gone. */
async function removeOthers(sandbox: Sandbox, kept: ReadonlySet<string>): Promise<void> {
  const left = (await sandbox.listFiles()).filter((path) => !kept.has(path));
  for (const path of left) await sandbox.deleteFile(path);
}

function summaryOf({ schema, endpoints }: BackendBlueprint, fileCount: number): string {
  const what = schema ? count(schema.tables.length, 'table') : count(endpoints.length, 'endpoint');
  return `${count(fileCount, 'file')} for ${what}`;
}

function warningsOf({ schema, endpoints }: BackendBlueprint): string[] {
  if (schema) return [];
  if (endpoints.length === 0)
    return [
      'The prompt names no endpoint that could be derived: the backend has health, documents and nothing else yet',
    ];
  const names = endpoints.map((endpoint) => `${endpoint.method} ${endpoint.path}`).join(', ');
  return [`${names}: checks its input and answers 501, as a language model would have to write what it does`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

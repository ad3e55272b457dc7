import { scaffoldBackend, type BackendBlueprint } from '../scaffold/scaffold.ts';
import type { Coder, CodingRequest, WrittenCode } from './coder.ts';
import { codingOf } from './coder.ts';
import { failAs } from '../domain/fail-as.ts';
import { countOf } from '../domain/count-of.ts';
import { writeTree } from './source-tree.ts';

/** Writes the scaffold and nothing else: no model is asked, the same blueprint gives the same bytes. */
export class TemplateCoder implements Coder {
  readonly writesUntrusted = false;

  async write(request: CodingRequest): Promise<WrittenCode> {
    const { blueprint, steps, workshop } = request;
    const fileCount = await steps.step('code', (signal) =>
      failAs(codingOf(blueprint, signal), async () => {
        const files = await scaffoldBackend(blueprint);
        signal.throwIfAborted();
        await writeTree(await workshop.openSandbox(), new Map(files.map(({ path, content }) => [path, content])));
        return files.length;
      }),
    );
    await request.report(`Wrote ${countOf(fileCount, 'file')}`);
    return { summary: scaffoldSummary(blueprint, fileCount), fileCount, warnings: warningsOf(blueprint) };
  }
}

/** «31 files for 3 tables» */
export function scaffoldSummary({ schema, endpoints }: BackendBlueprint, fileCount: number): string {
  const what = schema ? countOf(schema.tables.length, 'table') : countOf(endpoints.length, 'endpoint');
  return `${countOf(fileCount, 'file')} for ${what}`;
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

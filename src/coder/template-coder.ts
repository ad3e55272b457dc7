import type { Missing } from '../domain/run.ts';
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
    return { summary: scaffoldSummary(blueprint, fileCount), fileCount, missing: missingOf(blueprint), warnings: [] };
  }
}

/** «31 files for 3 tables» */
export function scaffoldSummary({ schema, endpoints }: BackendBlueprint, fileCount: number): string {
  const what = schema ? countOf(schema.tables.length, 'table') : countOf(endpoints.length, 'endpoint');
  return `${countOf(fileCount, 'file')} for ${what}`;
}

/** Without tables there is only a frame: what the endpoints do somebody has to write. */
function missingOf({ schema, endpoints, name }: BackendBlueprint): Missing[] {
  if (schema) return [];
  const fix = `Set a model, which writes it, and run the prompt again; or write it yourself: the code of ${name} is yours.`;
  if (endpoints.length === 0) {
    const what =
      'Only a frame: the prompt names no endpoint that could be derived; there is health, documents and nothing else yet';
    return [{ what, fix }];
  }
  const names = endpoints.map((endpoint) => `${endpoint.method} ${endpoint.path}`).join(', ');
  return [{ what: `Only a frame: ${names} checks its input and answers 501, as nobody wrote what it does`, fix }];
}

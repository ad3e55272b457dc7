import type { RunResult } from '../src/domain/run.ts';
import { lastLine, openTestHome } from '../test/support/cli.ts';

/** How many of the prompts became a backend whose every gate passed, and what the models took for it. */
export interface Viability {
  readonly created: number;
  readonly succeeded: number;
  /** US dollars; undefined when a call's price is not known. */
  readonly costUsd: number | undefined;
  /** The codes of what went wrong, one for each failure. */
  readonly failures: readonly string[];
}

/** Creates a backend for each prompt, one after the other in a home of their own, and deletes it again. */
export async function measureViability(
  prompts: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Viability> {
  const home = await openTestHome(variables);
  try {
    const results: RunResult[] = [];
    for (const prompt of prompts) {
      const result = lastLine(await home.run('create', '--json', '--', prompt)) as RunResult;
      results.push(result);
      if (result.status === 'succeeded') await home.run('delete', result.projectId, '--yes');
    }
    return {
      created: results.length,
      succeeded: results.filter(({ status }) => status === 'succeeded').length,
      costUsd: results.some(({ costUsd }) => costUsd === null)
        ? undefined
        : results.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
      failures: results.flatMap(({ error }) => (error ? [error.code] : [])),
    };
  } finally {
    await home.close();
  }
}

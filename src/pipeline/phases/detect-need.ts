import { isDatabaseAway } from '../../domain/database-away.ts';
import { messageOf } from '../../domain/errors.ts';
import type { DatabaseNeed } from '../../domain/schema-design.ts';
import { phaseWithResult } from '../phase.ts';
import type { RunContext } from '../run-context.ts';

/** Whether the run needs a database. A failed detection is no reason to fail the run: it goes on without one. */
export const detectNeed = phaseWithResult('detect', 'Looking for data to keep', async (run) => {
  const need = await run.steps.step('detect', (signal) => askPlanner(run, signal));
  if (need.failure !== undefined) {
    await run.lacks({
      what: `Could not tell whether a database is needed, so the backend gets none: ${need.failure}`,
      fix: `Run it again when the model answers, or without one: turbobackend create --planner builtin ${quoted(run.order.prompt)}`,
    });
  }
  await run.records.update({ needsDatabase: need.needsDatabase });
  return { summary: need.reasoning, result: need };
});

/** The prompt as it can be pasted behind a command. */
function quoted(prompt: string): string {
  return prompt.length > 200 || prompt.includes('\n') ? '--file prompt.txt' : JSON.stringify(prompt);
}

async function askPlanner(run: RunContext, signal: AbortSignal): Promise<DatabaseNeed & { readonly failure?: string }> {
  const { order, ports } = run;
  if (order.schemaSql !== undefined) return { needsDatabase: true, reasoning: 'A schema was given.' };
  try {
    return await ports.planner.detectNeed(order.prompt, signal);
  } catch (error) {
    if (signal.aborted || isDatabaseAway(error)) throw error;
    const opinion = await askSecondOpinion(run, signal);
    return { needsDatabase: false, reasoning: `Detection failed. ${opinion}`.trim(), failure: messageOf(error) };
  }
}

/** Kept for the record; what is done does not depend on it. */
async function askSecondOpinion({ order, ports }: RunContext, signal: AbortSignal): Promise<string> {
  const opinion = await ports.secondOpinion?.detectNeed(order.prompt, signal);
  if (!opinion) return '';
  const verdict = opinion.needsDatabase ? 'needs a database' : 'needs none';
  return `The built-in planner would say that it ${verdict}: ${opinion.reasoning}`;
}

import type { EndpointSketch } from '../../domain/schema-design.ts';
import type { RunContext } from '../run-context.ts';

/** The endpoints of a backend without a database. Where the planner has no answer, the built-in one's has to do. */
export async function sketchEndpoints(context: RunContext): Promise<readonly EndpointSketch[]> {
  const { order, ports, steps } = context;
  const { endpoints, failure } = await steps.step('endpoints', async (signal) => {
    try {
      return { endpoints: await ports.planner.sketchEndpoints(order.prompt, signal), failure: '' };
    } catch (error) {
      if (signal.aborted || !ports.secondOpinion) throw error;
      const message = error instanceof Error ? error.message : String(error);
      return { endpoints: await ports.secondOpinion.sketchEndpoints(order.prompt, signal), failure: message };
    }
  });
  if (failure !== '') await context.warn('code', `The built-in planner listed the endpoints: ${failure}`);
  return endpoints;
}

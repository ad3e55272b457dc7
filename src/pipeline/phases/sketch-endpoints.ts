import { isDatabaseAway } from '../../domain/database-away.ts';
import type { EndpointSketch } from '../../domain/schema-design.ts';
import { messageOf } from '../../domain/errors.ts';
import type { PhaseContext } from '../phase.ts';

/** The endpoints of a backend without a database. Where the planner has no answer, the built-in one's has to do. */
export async function sketchEndpoints(run: PhaseContext): Promise<readonly EndpointSketch[]> {
  const { order, ports, steps } = run;
  const { endpoints, failure } = await steps.step('endpoints', async (signal) => {
    try {
      const sketched = await ports.planner.sketchEndpoints(order.prompt, signal);
      if (sketched.length > 0 || !ports.secondOpinion) return { endpoints: sketched, failure: '' };
      const opinion = await ports.secondOpinion.sketchEndpoints(order.prompt, signal);
      return { endpoints: opinion, failure: opinion.length > 0 ? 'the model named none' : '' };
    } catch (error) {
      if (signal.aborted || isDatabaseAway(error) || !ports.secondOpinion) throw error;
      const opinion = await ports.secondOpinion.sketchEndpoints(order.prompt, signal);
      return { endpoints: opinion, failure: messageOf(error) };
    }
  });
  if (failure !== '') await run.warn(`The built-in planner listed the endpoints: ${failure}`);
  return endpoints;
}

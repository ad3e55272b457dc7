import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ElkNode } from 'elkjs';

const TIME_LIMIT_MS = 10_000;

/**
 * The graph with everything placed by ELK, in a thread of its own: a large one takes long enough for a run to lose its
 * lease. Resolves to undefined when it takes more than ten seconds.
 */
export async function layOutGraph(graph: ElkNode): Promise<ElkNode | undefined> {
  // The layout engine is a megabyte and a half of code that only a diagram needs.
  const engine = fileURLToPath(import.meta.resolve('elkjs/lib/elk.bundled.js'));
  const worker = new Worker(PROGRAM, { eval: true, workerData: { engine, graph } });
  let limit: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ElkNode | undefined>((resolve, reject) => {
      limit = setTimeout(() => resolve(undefined), TIME_LIMIT_MS);
      worker.once('message', resolve).once('error', reject);
    });
  } finally {
    clearTimeout(limit);
    await worker.terminate();
  }
}

const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const Elk = require(workerData.engine);
new Elk().layout(workerData.graph).then((placed) => parentPort.postMessage(placed));
`;

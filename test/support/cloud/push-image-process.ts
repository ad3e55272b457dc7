import { pushImage, type ImageOrder } from '../../../src/deploy/oci/push-image.ts';
import { Redactor } from '../../../src/domain/redactor.ts';
import { Secret } from '../../../src/domain/secret.ts';

// Pushes the image of its first argument, to be killed on the way; says how much memory it took when it is not.
const order = JSON.parse(process.argv[2] ?? '{}') as ImageOrder;
const registry = { ...order.registry, password: new Secret(process.env['REGISTRY_TOKEN'] ?? '') };
const beforeBytes = process.memoryUsage.rss();
let mostBytes = beforeBytes;
const watch = setInterval(() => (mostBytes = Math.max(mostBytes, process.memoryUsage.rss())), 5);
const { digest } = await pushImage({ ...order, registry, redactor: new Redactor() });
clearInterval(watch);
process.stdout.write(JSON.stringify({ digest, grownBytes: mostBytes - beforeBytes }));

import { createHash } from 'node:crypto';
import type { SourceFile } from '../../domain/source-file.ts';
import { backendLayer } from '../oci/backend-layer.ts';
import type { LayerFile, RunConfig } from '../oci/push-image.ts';
import { SERVER_PORT } from './machine-config.ts';

export interface ReleaseImage {
  readonly files: readonly LayerFile[];
  readonly config: RunConfig;
  /** The same only for the same base, files and configuration. */
  readonly tag: string;
}

const RUN_CONFIG: RunConfig = {
  // Absolute, so that it is found from whatever folder a machine starts it in.
  Cmd: ['node', '/app/src/server.ts'],
  WorkingDir: '/app',
  Env: ['NODE_ENV=production'],
  // The base image's `node`, by number: another base may have no such name.
  User: '1000:1000',
  ExposedPorts: { [`${SERVER_PORT}/tcp`]: {} },
};

/** What a release's image is made of, and what it is called. */
export async function releaseImage(base: string, source: readonly SourceFile[]): Promise<ReleaseImage> {
  const files = await backendLayer(source);
  const hash = createHash('sha256').update(JSON.stringify([base, RUN_CONFIG]));
  for (const { path, content, mode } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    // Lengths first, so that no two different layers can spell the same bytes.
    hash.update(`${Buffer.byteLength(path)}:${path}${mode ?? ''}:${Buffer.byteLength(content)}:`).update(content);
  }
  return { files, config: RUN_CONFIG, tag: `v-${hash.digest('hex').slice(0, 24)}` };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlainCluster, type PlainCluster } from '../plain-cluster.ts';
import { addImage } from './base-image.ts';
import { startFakeDaytona, type FakeDaytona } from './fake-daytona.ts';
import { startFakeFly, type FakeFly } from './fake-fly.ts';
import { startFakeGitHub, type FakeGitHub } from './fake-github.ts';
import type { FaultList } from './fault-list.ts';
import { makeNpmLayer } from './npm-layer.ts';
import { startRegistry, type Registry } from './registry.ts';
import { startS3Server, type S3Server } from './s3-server.ts';

export const BUCKET = 'archives';

/** The keys that the providers know, and the password of the cluster's admin: none may turn up where it does not belong. */
export const KEYS = {
  daytona: 'dtn_ExampleKeyOfTheTests0123456789',
  github: 'ghp_ExampleTokenOfTheTests0123456789',
  fly: 'fm2_ExampleTokenOfTheTests0123456789',
  cluster: 'admin-password-of-the-tests',
} as const;

/** Every provider on loopback, each doing the real work, and a Postgres that is nobody's in particular. */
export interface Cloud {
  readonly daytona: FakeDaytona;
  readonly github: FakeGitHub;
  readonly s3: S3Server;
  readonly fly: FakeFly;
  readonly registry: Registry;
  readonly cluster: PlainCluster;
  /** The settings of a team that has everything in its own accounts. */
  readonly environment: Readonly<Record<string, string>>;
  /** The faults of each, by its name. */
  readonly faults: Readonly<Record<'daytona' | 'github' | 's3' | 'fly' | 'registry', FaultList>>;
  /** How many of each there are; all of them 0 when nothing is left. */
  count(): Promise<Readonly<Record<'machines' | 'repositories' | 'archives' | 'apps' | 'databases', number>>>;
  /** What of all requests the vendors' descriptions do not allow. */
  violations(): readonly string[];
  stop(): Promise<void>;
}

export async function startCloud(): Promise<Cloud> {
  const cluster = await startPlainCluster();
  await cluster.asSuperuser(
    `CREATE ROLE turbobackend_admin LOGIN CREATEDB CREATEROLE PASSWORD '${KEYS.cluster}'`,
    'GRANT pg_use_reserved_connections TO turbobackend_admin',
  );
  const layers = mkdtempSync(join(tmpdir(), 'turbo-layers-'));
  const daytona = await startFakeDaytona({ apiKey: KEYS.daytona, path: makeNpmLayer(layers) });
  const github = await startFakeGitHub({ token: KEYS.github });
  const s3 = await startS3Server({ buckets: [BUCKET] });
  const registry = await startRegistry({ token: KEYS.fly });
  await addImage(registry.store, {
    repository: 'base/os',
    tag: '1',
    layers: [[{ name: 'etc/os-release', content: 'ID=test\n' }]],
  });
  const fly = await startFakeFly({ token: KEYS.fly, org: 'personal', registryUrl: registry.url });
  return {
    daytona,
    github,
    s3,
    fly,
    registry,
    cluster,
    environment: {
      DB_CLUSTER_HOST: cluster.host,
      DB_CLUSTER_PORT: String(cluster.port),
      DB_CLUSTER_USER: 'turbobackend_admin',
      DB_CLUSTER_PASSWORD: KEYS.cluster,
      TURBOBACKEND_SANDBOX: 'daytona',
      DAYTONA_API_KEY: KEYS.daytona,
      DAYTONA_API_URL: daytona.url,
      TURBOBACKEND_SOURCE: 'github',
      GITHUB_TOKEN: KEYS.github,
      GITHUB_API_URL: github.url,
      TURBOBACKEND_ARTIFACTS: 's3',
      S3_BUCKET: BUCKET,
      S3_ENDPOINT: s3.url,
      S3_REGION: s3.key.region,
      AWS_ACCESS_KEY_ID: s3.key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.key.secretAccessKey,
      TURBOBACKEND_DEPLOY: 'fly',
      FLY_API_TOKEN: KEYS.fly,
      FLY_API_URL: fly.url,
      FLY_REGISTRY_URL: registry.url,
      FLY_BASE_IMAGE: `${registry.host}/base/os:1`,
      FLY_APP_URL: fly.appUrl,
      FLY_LOGS_URL: fly.url,
    },
    faults: {
      daytona: daytona.faults,
      github: github.faults,
      s3: s3.faults,
      fly: fly.faults,
      registry: registry.faults,
    },
    async count() {
      return {
        machines: daytona.machines.size,
        repositories: github.repositories.length,
        archives: (await s3.objects(BUCKET))?.length ?? 0,
        apps: fly.apps.size,
        databases: await cluster.countDatabases('tb\\_________\\_%'),
      };
    },
    violations: () => [...daytona.violations(), ...github.violations, ...fly.violations],
    async stop() {
      await fly.stop();
      await registry.stop();
      await s3.stop();
      await github.stop();
      await daytona.stop();
      await cluster.stop();
      rmSync(layers, { recursive: true, force: true });
    },
  };
}

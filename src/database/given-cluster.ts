import type { Client, ClientBase } from 'pg';
import { TurboError } from '../domain/errors.ts';
import { isLoopback } from '../domain/loopback.ts';
import type { Secret } from '../domain/secret.ts';
import { withRetries } from '../domain/transient-failure.ts';
import { withClient } from '../postgres/open-client.ts';
import { readAuthority } from './authority-file.ts';
import { aloneAsSuperuser, createControlDatabase } from './bootstrap-cluster.ts';
import { closeDatabases, findTemplate, provideTemplate, readClosing, type AsSuperuser } from './closed-template.ts';
import { CONTROL_DATABASE, type ClusterAccess } from './cluster-access.ts';
import { BRIEF_WITH_DATABASES, connectionTo, isPostgresError } from './connect.ts';
import { OLDEST_MAJOR } from './embedded/postgres-binaries.ts';

/** A cluster of the user's own, as the settings name it. */
export interface GivenClusterSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly tls: 'off' | 'verify';
  /** Holds the authority that the server's certificate must come from, PEM; those that Node knows when undefined. */
  readonly caFile?: string | undefined;
}

/** The settings, and the authority that their file holds. */
interface Server extends GivenClusterSettings {
  readonly ca: string | undefined;
}

/**
 * Reaches a cluster that others run, makes the control database if it is missing and closes it to everybody else. No
 * other database of the cluster is changed: what is open there is told in `hardening`.
 * Rejects with `CLUSTER_UNAVAILABLE` when it cannot be reached, is too old, or the user may not do what we need, and
 * with `CONFIG_INVALID` when the file of its authority cannot be used.
 */
export async function connectGivenCluster(settings: GivenClusterSettings): Promise<ClusterAccess> {
  const { caFile, tls } = settings;
  const ca = tls === 'verify' && caFile !== undefined ? await readAuthority(caFile) : undefined;
  const server = { ...settings, ca };
  try {
    return await withRetries(BRIEF_WITH_DATABASES, () => withMaintenance(server, (client) => inspect(client, server)));
  } catch (cause) {
    if (cause instanceof TurboError) throw cause;
    const where = `${settings.host}:${settings.port}`;
    throw new TurboError(
      'CLUSTER_UNAVAILABLE',
      `The Postgres cluster at ${where} is not available: ${messageOf(cause)}`,
      {
        cause,
        fix: fixFor(cause, settings),
      },
    );
  }
}

/** In the control database, or, as long as there is none, in one that every cluster has. */
async function withMaintenance<T>(settings: Server, work: (client: Client) => Promise<T>): Promise<T> {
  const login = { user: settings.user, password: settings.password };
  try {
    return await withClient(connectionTo(settings, CONTROL_DATABASE, login), work);
  } catch (error) {
    if (!isPostgresError(error, '3D000')) throw error;
    return withClient(connectionTo(settings, 'postgres', login), work);
  }
}

async function inspect(client: Client, settings: Server): Promise<ClusterAccess> {
  const { version, isSuperuser } = await checkServer(client);
  await createControlDatabase(client, settings.user);
  const template = isSuperuser ? await closeToProjects(settings) : await findTemplate(client);
  return {
    host: settings.host,
    port: settings.port,
    tls: settings.tls,
    ca: settings.ca,
    admin: { user: settings.user, password: settings.password },
    controlDatabase: CONTROL_DATABASE,
    template,
    reach: isLoopback(settings.host) ? 'this-machine' : 'network',
    version,
    hardening: [
      ...(await lackOfTemplate(template)),
      ...(await findOpenDatabases(client)),
      ...(await findExcessAndLack(client)),
    ],
  };
}

async function checkServer(client: ClientBase): Promise<{ readonly version: string; readonly isSuperuser: boolean }> {
  const { rows } = await client.query<{ version: string; major: number; superuser: boolean; may_create: boolean }>(
    `SELECT current_setting('server_version') AS version,
            current_setting('server_version_num')::int / 10000 AS major,
            rolsuper AS superuser,
            rolsuper OR (rolcreatedb AND rolcreaterole) AS may_create
       FROM pg_roles
      WHERE rolname = current_user`,
  );
  const { version = '', major = 0, superuser = false, may_create: mayCreate = false } = rows[0] ?? {};
  if (major < OLDEST_MAJOR) {
    throw new TurboError('CLUSTER_UNAVAILABLE', `The cluster runs PostgreSQL ${version}`, {
      fix: `Use PostgreSQL ${OLDEST_MAJOR} or newer.`,
    });
  }
  if (!mayCreate) {
    throw new TurboError('CLUSTER_UNAVAILABLE', 'DB_CLUSTER_USER may not create databases and roles', {
      fix: 'Run `ALTER ROLE … CREATEDB CREATEROLE` for that user; it need not, and should not, be a superuser.',
    });
  }
  return { version: version.split(' ')[0] ?? '', isSuperuser: superuser };
}

/** What only a superuser can do, and does on each start: project databases reach nothing of the cluster's. */
function closeToProjects(settings: Server): Promise<string> {
  const asSuperuser: AsSuperuser = (database, work) => withClient(connectionTo(settings, database, settings), work);
  return aloneAsSuperuser(asSuperuser, async (superuser) => {
    const template = await provideTemplate(superuser, asSuperuser);
    await closeDatabases(superuser, asSuperuser);
    return template;
  });
}

async function lackOfTemplate(template: string | undefined): Promise<readonly string[]> {
  if (template !== undefined) return [];
  const { name } = await readClosing();
  return [
    `Projects' roles can fill the locks and notifications that the whole cluster shares, until a superuser has made the template ${name}: docs/deploy.md shows how.`,
  ];
}

/** Databases that let everybody in; a project's roles see there what everybody sees. */
async function findOpenDatabases(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ names: string | null }>(
    `SELECT string_agg(datname, ', ' ORDER BY datname) AS names
       FROM pg_database
      WHERE datallowconn
        AND has_database_privilege('public', oid, 'CONNECT')
        AND datname !~ '^tb_[0-9a-z]{8}_'`,
  );
  const names = rows[0]?.names ?? null;
  return names === null
    ? []
    : [
        `Every role, those of project databases included, can connect to: ${names}. REVOKE CONNECT … FROM PUBLIC closes them.`,
      ];
}

async function findExcessAndLack(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ superuser: boolean; reserved: boolean }>(
    `SELECT rolsuper AS superuser,
            rolsuper OR EXISTS (SELECT
                                  FROM pg_roles r
                                 WHERE r.rolname = 'pg_use_reserved_connections'
                                   AND pg_has_role(r.oid, 'USAGE')) AS reserved
       FROM pg_roles
      WHERE rolname = current_user`,
  );
  return [
    ...(rows[0]?.superuser ? ['DB_CLUSTER_USER is a superuser; CREATEDB and CREATEROLE would do.'] : []),
    ...(rows[0]?.reserved
      ? []
      : ['No connections are reserved for DB_CLUSTER_USER, so project backends together can take all of them.']),
  ];
}

/** Several addresses that all refuse come as one error without words of its own. */
function messageOf(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return (first as Error).message;
}

function fixFor(error: unknown, settings: GivenClusterSettings): string {
  if (messageOf(error).includes('no encryption'))
    return 'Set DB_CLUSTER_TLS=verify: the server lets nobody in otherwise.';
  if (isPostgresError(error, '28P01', '28000')) return 'Check DB_CLUSTER_USER and DB_CLUSTER_PASSWORD.';
  const certificateFix = certificateFixFor(error, settings);
  if (certificateFix !== undefined) return certificateFix;
  return 'Check DB_CLUSTER_HOST and DB_CLUSTER_PORT, and that the cluster runs; unset them to use the embedded Postgres.';
}

// As Node names what it holds against a certificate whose authority it does not know.
const UNKNOWN_AUTHORITY = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
];

/** What to do about a certificate that was not accepted, or a server that has none; undefined for other troubles. */
function certificateFixFor(error: unknown, { host, caFile }: GivenClusterSettings): string | undefined {
  const { code = '' } = error as { readonly code?: string };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `Set DB_CLUSTER_HOST to a name that the server's certificate is for; ${host} is none of them.`;
  }
  if (UNKNOWN_AUTHORITY.includes(code)) {
    return caFile === undefined
      ? "Set DB_CLUSTER_CA_FILE to the authority's certificate, a PEM file; the server's provider has it."
      : `${caFile}, which DB_CLUSTER_CA_FILE names, is not the authority of this server's certificate.`;
  }
  if (code === 'CERT_HAS_EXPIRED')
    return 'The certificate of the server, or of its authority, has run out: renew it there.';
  if (/certificate|SSL|TLS/i.test(messageOf(error))) return 'Check DB_CLUSTER_TLS and DB_CLUSTER_CA_FILE.';
  return undefined;
}

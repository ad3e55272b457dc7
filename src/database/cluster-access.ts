import type { DatabaseLogin } from '../domain/provisioned-database.ts';

/** A Postgres server and how our admin, a plain CREATEDB and CREATEROLE role, gets in. */
export interface ClusterAccess {
  readonly host: string;
  readonly port: number;
  readonly tls: 'off' | 'verify';
  /** The authority that the server's certificate must come from, PEM; those that Node knows when undefined. */
  readonly ca?: string | undefined;
  readonly admin: DatabaseLogin;
  /** Holds our own tables; no project's role can connect to it. */
  readonly controlDatabase: string;
  /** What project databases are copied from; undefined where no superuser has made it, and they are less closed. */
  readonly template: string | undefined;
  /** `this-machine`: only processes on this machine can reach the server. */
  readonly reach: 'this-machine' | 'network';
  /** `18.4` */
  readonly version: string;
  /** What is less closed than on a cluster of our own making, a sentence each. */
  readonly hardening: readonly string[];
}

export const CONTROL_DATABASE = 'tb_control';

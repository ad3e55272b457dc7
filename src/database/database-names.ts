import { randomText } from '../domain/ids.ts';

// Every role of a cluster can read the names of all databases and roles, so they say nothing: neither a user's words
// nor a project's id. They begin with the installation's mark, and we touch nothing that does not.

/** The names of a database's three roles; its copies have the same. */
export interface RoleNames {
  readonly owner: string;
  readonly app: string;
  readonly reader: string;
}

export function newDatabaseName(installationId: string): string {
  return `tb_${installationId}_${randomText(12)}`;
}

export function newCloneName(databaseName: string): string {
  return `${databaseName}_c${randomText(6)}`;
}

/** The project's database that a copy comes from; the name itself when it is no copy's. */
export function originalOf(databaseName: string): string {
  return databaseName.replace(/_c[0-9a-z]{6}$/, '');
}

export function roleNames(databaseName: string): RoleNames {
  const stem = originalOf(databaseName).replace(/^tb_/, 'tbp_');
  return { owner: `${stem}_owner`, app: `${stem}_app`, reader: `${stem}_ro` };
}

/** The database that a role was made for. */
export function databaseOfRole(roleName: string): string {
  return roleName.replace(/^tbp_/, 'tb_').replace(/_(owner|app|ro)$/, '');
}

export function isOurs(databaseName: string, installationId: string): boolean {
  return databaseName.startsWith(`tb_${installationId}_`);
}

/** Patterns for SQL's LIKE that match this installation's databases and roles alone. */
export function ownNamePatterns(installationId: string): { readonly databases: string; readonly roles: string } {
  return { databases: `tb\\_${installationId}\\_%`, roles: `tbp\\_${installationId}\\_%` };
}

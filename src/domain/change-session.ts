/**
 * Settings of a session in which we change a project's database as its owner: a statement may take as long as its rows
 * need. The watchdog knows such sessions by their name.
 */
export const CHANGE_SESSION = { application_name: 'turbobackend_change', statement_timeout: '0' } as const;

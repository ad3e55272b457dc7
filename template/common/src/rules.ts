import type { Rule } from './http/openapi.ts';

/**
 * What the plain paths refuse beyond what the database does, so that the document and whoever checks this backend know:
 * `{ operation: 'PATCH /v1/bookings/{id}', status: 409, why: 'A booking that has begun stays as it is.' }`. The route
 * keeps the rule, this list tells of it, and a test sees it refuse and accept. A path that is not served at all stands
 * here with status 404.
 */
export const rules: readonly Rule[] = [];

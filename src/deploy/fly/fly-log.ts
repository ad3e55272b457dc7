import type { LogAttributes } from './fly-answers.ts';
import type { FlyApi } from './fly-api.ts';

const MOST_PAGES = 20;

/** What the app itself printed of late, oldest first, as far as Fly.io keeps it and the token may see it. */
export async function readAppLog(
  api: FlyApi,
  {
    logsUrl,
    app,
    since,
  }: { readonly logsUrl: string | undefined; readonly app: string; readonly since?: Date | undefined },
): Promise<readonly string[]> {
  if (logsUrl === undefined) return [];
  const entries = await readEntries(api, logsUrl, app);
  return entries
    .filter(({ meta }) => (meta?.event?.provider ?? 'app') === 'app')
    .filter(({ timestamp }) => since === undefined || !(Date.parse(timestamp ?? '') < since.getTime()))
    .flatMap(({ message = '' }) => message.replace(/\n$/, '').split('\n'));
}

/** The first page has the latest lines; each of the next has what came after the one before it. */
async function readEntries(api: FlyApi, logsUrl: string, app: string): Promise<readonly LogAttributes[]> {
  const entries: LogAttributes[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data = [], meta } = (await api.readLog(logsUrl, app, token)) ?? {};
    // Whoever hands out the same page again has no others.
    if (data.length === 0 || (token !== undefined && meta?.next_token === token)) break;
    entries.push(...data.flatMap(({ attributes }) => (attributes ? [attributes] : [])));
    token = meta?.next_token;
    if (!token) break;
  }
  return entries;
}

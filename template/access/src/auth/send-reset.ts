/**
 * Sends the token with which a forgotten password can be set: by mail, or however you reach people. This is yours to
 * write: as it stands nobody hears of it, but for a line in the log where NODE_ENV is `development`.
 */
export async function sendReset(login: string, token: string): Promise<void> {
  if (process.env['NODE_ENV'] === 'development') process.stdout.write(`reset token for ${login}: ${token}\n`);
}

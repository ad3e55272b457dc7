/** The user's words, the same in every prompt and always its first message, so that providers' caches find it. */
export function userRequest(prompt: string): string {
  return `User request, between the lines:\n---\n${prompt}\n---`;
}

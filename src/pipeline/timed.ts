/** What the work resolves to, and how long it took. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly durationMs: number }> {
  const startedAtMs = performance.now();
  const result = await work();
  return { result, durationMs: Math.round(performance.now() - startedAtMs) };
}

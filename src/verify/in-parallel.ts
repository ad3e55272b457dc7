/** Enough to keep the server busy while we read its last answers; it gets no quicker with more. */
const AT_ONCE = 6;

/** Works through the items, a few at a time. The first that rejects ends it, once those under way have settled. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const open = items.values();
  const worker = async () => {
    for (const item of open) await work(item);
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  const broken = workers.find((one) => one.status === 'rejected');
  if (broken) throw broken.reason;
}

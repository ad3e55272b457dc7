const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

/** `fetch` for servers that need not mean well: takes no endless answer, and no key to wherever it is redirected. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'error' });
  const { status, statusText, headers } = response;
  const body = response.body?.pipeThrough(cutAt(LARGEST_ANSWER_BYTES)) ?? null;
  return new Response(body, { status, statusText, headers });
};

function cutAt(limitBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let sizeBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) controller.error(new Error('The answer is too large'));
      else controller.enqueue(chunk);
    },
  });
}

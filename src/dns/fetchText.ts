/** A policy is a few lines (RFC 8461 §3.2); more is not read. */
const sizeLimit = 64 * 1024;

/**
 * Fetches a small text over HTTPS. Redirects are not followed, as RFC 8461 §3.3 asks.
 * @throws Error with a clause that says why there is no text: `the server answers with status 404`.
 */
export async function fetchText(url: string, signal?: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(5000);
  let response: Response;
  try {
    response = await fetch(url, { redirect: 'manual', signal: signal ? AbortSignal.any([signal, limit]) : limit });
  } catch (error) {
    if (signal?.aborted) throw error;
    if (limit.aborted) throw new Error('the server does not answer', { cause: error });
    const cause = (error as Error).cause;
    throw new Error(cause instanceof Error ? cause.message : 'no connection', { cause: error });
  }
  if (response.status !== 200) throw new Error(`the server answers with status ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > sizeLimit) throw new Error('the answer is too long for a policy');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

import { ByteBuffer } from '../input/byteBuffer';

/** A policy is a few lines (RFC 8461 §3.2); more is not read. */
const sizeLimit = 64 * 1024;

/**
 * Fetches a small text over HTTPS. Redirects are not followed, as RFC 8461 §3.3 asks.
 * @throws Error with a clause that says why there is no text: `the server answers with status 404`.
 */
export async function fetchText(url: string, signal?: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(5000);
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    if (response.status !== 200) throw new Refused(`the server answers with status ${response.status}`);
    const text = new ByteBuffer(sizeLimit);
    for await (const chunk of response.body ?? [])
      if (!text.push(chunk as Uint8Array)) throw new Refused('the answer is too long for a policy');
    return text.bytes.toString('utf8');
  } catch (error) {
    if (signal?.aborted || error instanceof Refused) throw error;
    if (limit.aborted) throw new Error('the server does not answer', { cause: error });
    const cause = (error as Error).cause;
    throw new Error(cause instanceof Error ? cause.message : 'no connection', { cause: error });
  }
}

/** It answered, but not with a policy. */
class Refused extends Error {}

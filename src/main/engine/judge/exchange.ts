/**
 * One HTTP request to an endpoint: within its time limit, its answer within its size limit, redirects refused (they
 * would carry traces and keys to another host). Each is a row of the outbound ledger, whatever becomes of it.
 */
import type { OutboundPurpose, OutboundRow } from '#shared/endpoint.ts';
import { isLoopback } from '#shared/endpoint.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';

export type Fetch = typeof globalThis.fetch;

export type Outgoing = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; null = GET. */
  readonly body: string | null;
  readonly purpose: OutboundPurpose;
  readonly timeoutMs: number;
};

export type Incoming = {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
};

export type ExchangeFailure = {
  readonly kind: 'network' | 'timeout' | 'redirect' | 'too_large';
  readonly message: string;
};

/** Far more than any verdict; a list of 64 embeddings of 3,072 numbers as text is about 4 MB. */
export const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

export type ExchangeHost = {
  readonly fetch: Fetch;
  readonly record: (row: Omit<OutboundRow, 'id'>) => void;
  readonly now: () => number;
};

/** Rejects only when `signal` aborts. */
export async function exchange(
  host: ExchangeHost,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Result<Incoming, ExchangeFailure>> {
  signal.throwIfAborted();
  const begun = host.now();
  const bytes = outgoing.body === null ? 0 : Buffer.byteLength(outgoing.body);
  const received = { bytes: 0, status: null as number | null };
  let error: string | null = null;
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, outgoing.timeoutMs);
  const cancel = (): void => {
    limit.abort();
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const result = await send(host.fetch, outgoing, limit.signal, received);
    if (!result.ok) error = result.error.message;
    else if (result.value.status >= 400) error = `HTTP ${result.value.status}`;
    return result;
  } catch (cause) {
    if (signal.aborted) {
      error = 'Cancelled.';
      throw signal.reason;
    }
    const failure: ExchangeFailure = limit.signal.aborted
      ? { kind: 'timeout', message: `There was no whole answer within ${outgoing.timeoutMs / 1_000} seconds.` }
      : { kind: 'network', message: reasonOf(cause) };
    error = failure.message;
    return fail(failure);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    const url = new URL(outgoing.url);
    host.record({
      time: begun,
      host: url.host,
      loopback: isLoopback(url),
      purpose: outgoing.purpose,
      bytesSent: bytes,
      bytesReceived: received.bytes,
      status: received.status,
      durationMs: host.now() - begun,
      error,
    });
  }
}

async function send(
  fetch: Fetch,
  { url, headers, body }: Outgoing,
  signal: AbortSignal,
  received: { bytes: number; status: number | null },
): Promise<Result<Incoming, ExchangeFailure>> {
  const response = await fetch(url, {
    method: body === null ? 'GET' : 'POST',
    headers: body === null ? headers : { ...headers, 'content-type': 'application/json' },
    body,
    redirect: 'manual',
    signal,
  });
  received.status = response.status;
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    return fail({
      kind: 'redirect',
      message: `It answers with a redirect to ${placeOf(response.headers.get('location'), url)}, which is not followed. If that is the right address, enter it.`,
    });
  }
  const chunks: Uint8Array[] = [];
  // Node's streams can be iterated, which the types of the page's do not say.
  const stream = (response.body ?? []) as AsyncIterable<Uint8Array> | readonly Uint8Array[];
  for await (const chunk of stream) {
    received.bytes += chunk.byteLength;
    if (received.bytes > MOST_ANSWER_BYTES) {
      // Leaving the loop cancels the rest.
      return fail({ kind: 'too_large', message: `Its answer is larger than ${MOST_ANSWER_BYTES / 1024 / 1024} MB.` });
    }
    chunks.push(chunk);
  }
  return ok({
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text: Buffer.concat(chunks).toString('utf8'),
  });
}

function placeOf(location: string | null, base: string): string {
  try {
    return new URL(location ?? '', base).origin.slice(0, 200);
  } catch {
    return 'somewhere';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing answers at this address. Is the server running?',
  ENOTFOUND: 'There is no host of this name.',
  EAI_AGAIN: 'The name of the host could not be looked up.',
  ECONNRESET: 'The connection was closed before the answer was whole.',
  UND_ERR_SOCKET: 'The connection was closed before the answer was whole.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The network cannot be reached.',
};

/** fetch says "fetch failed"; what happened is the cause of that. */
function reasonOf(cause: unknown): string {
  for (let each = cause, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth++) {
    const { code } = each as { readonly code?: unknown };
    if (typeof code === 'string') return REASONS[code] ?? `The request failed (${code.slice(0, 40)}).`;
    if (each.message === 'bad port') return 'This port belongs to another protocol, so that it is not asked.';
    if (each.message === 'terminated') return REASONS.ECONNRESET ?? '';
  }
  return 'The request failed.';
}

/** From bytes to a committed unit: the one path that collector and import share. */
import type { DecoderFormat, Reply } from '#shared/format.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import type { CommitQueue } from '../ingest/commit-queue.ts';
import type { UnitResult } from '../ingest/ingest.ts';
import { isMerge } from '../ingest/merge-revisions.ts';
import { packBody, rawHash } from '../store/raw-store.ts';

export type Body = {
  /** File name with its folder, where it came from a file; of a request, what its path says about its body. */
  readonly name: string | null;
  readonly path?: string | null;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly bytes: Uint8Array;
  readonly live: boolean;
};

export type ReceiveResult = UnitResult & {
  /** Messages of the issues that were found, at most ten. */
  readonly problems: readonly { readonly code: string; readonly message: string }[];
  readonly reply?: Reply;
};

/**
 * Decodes and commits. The result's error is `bad_request`; a store that cannot write rejects with an AppFailure.
 * @param turn waited for before the commit: pieces of one file are compressed at the same time, and the order in which
 *   they are stored is all that is known of spans without times
 */
export async function receive(
  queue: CommitQueue,
  format: DecoderFormat,
  body: Body,
  arrived: () => void = () => undefined,
  turn: Promise<void> = Promise.resolve(),
): Promise<Result<ReceiveResult>> {
  // Compression runs on another thread while this one decodes; of a body that may not be kept it is put off.
  const early = format.id === OWN_ID ? null : packBody(body.bytes);
  const decoded = decodeBody(format, body);
  if (!decoded.ok) {
    await early;
    return decoded;
  }
  const { records, reply } = decoded.value;
  const packed = await (early ?? (isMerge(records) ? NOT_KEPT : packBody(body.bytes)));
  await turn;
  const committed = queue.submit({
    format: format.id,
    contentType: body.contentType,
    userAgent: body.userAgent,
    receivedAt: Date.now(),
    live: body.live,
    source: sourceOf(format, body.userAgent),
    name: body.name,
    hash: rawHash(format.id, body.name, body.bytes),
    size: body.bytes.length,
    packed,
    records,
  });
  arrived();
  const result = await committed;
  const problems: { code: string; message: string }[] = [...result.found];
  // A file that gives nothing but a remark leaves the person who opened it without any other answer.
  const isRemarkOnly = !body.live && records.every(({ type }) => type === 'issue');
  for (const record of records) {
    if (record.type !== 'issue' || (record.severity === 'info' && !isRemarkOnly)) continue;
    if (problems.length >= 10) break;
    problems.push({ code: record.code, message: record.message });
  }
  return ok({ ...result, problems, ...(reply ? { reply } : {}) });
}

const OWN_ID = 'tracewright-jsonl';
const NOT_KEPT = { encoding: 'identity', body: new Uint8Array() } as const;

/** Who sent it, for people. */
export function sourceOf(format: DecoderFormat, userAgent: string | null): string {
  return userAgent ? `${format.label} · ${userAgent.slice(0, 80)}` : format.label;
}

export function decodeBody(format: DecoderFormat, body: Omit<Body, 'live'>): ReturnType<DecoderFormat['decode']> {
  try {
    return format.decode(body.bytes, {
      name: body.name,
      contentType: body.contentType,
      userAgent: body.userAgent,
      path: body.path ?? null,
    });
  } catch (cause) {
    // A decoder that throws has a bug; the sender still gets an answer and the engine lives on.
    return fail({
      code: 'bad_request',
      message: `The body could not be decoded as ${format.label}: ${cause instanceof Error ? cause.message : String(cause)}`,
    });
  }
}

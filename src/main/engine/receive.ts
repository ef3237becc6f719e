/** From bytes to a committed unit: the one path that collector and import share. */
import type { DecoderFormat } from '#shared/format.ts';
import type { Result } from '#shared/result.ts';
import { fail, ok } from '#shared/result.ts';
import type { CommitQueue } from '../ingest/commit-queue.ts';
import type { UnitResult } from '../ingest/ingest.ts';
import { packBody, rawHash } from '../store/raw-store.ts';

export type Body = {
  /** File name with its folder, where it came from a file. */
  readonly name: string | null;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly bytes: Uint8Array;
  readonly live: boolean;
};

export type ReceiveResult = UnitResult & {
  /** Messages of the issues that were found, at most ten. */
  readonly problems: readonly { readonly code: string; readonly message: string }[];
};

/** Decodes and commits. The result's error is `bad_request`; a store that cannot write rejects with an AppFailure. */
export async function receive(
  queue: CommitQueue,
  format: DecoderFormat,
  body: Body,
  arrived: () => void = () => undefined,
): Promise<Result<ReceiveResult>> {
  // Compression runs on another thread while this one decodes.
  const packing = packBody(body.bytes);
  const decoded = decodeSafely(format, body);
  if (!decoded.ok) {
    await packing;
    return decoded;
  }
  const { records } = decoded.value;
  const packed = await packing;
  const committed = queue.submit({
    format: format.id,
    contentType: body.contentType,
    userAgent: body.userAgent,
    receivedAt: Date.now(),
    live: body.live,
    source: body.userAgent ? `${format.label} · ${body.userAgent.slice(0, 80)}` : format.label,
    name: body.name,
    hash: rawHash(format.id, body.name, body.bytes),
    size: body.bytes.length,
    packed,
    records,
  });
  arrived();
  const result = await committed;
  const problems: { code: string; message: string }[] = [];
  for (const record of records) {
    if (record.type !== 'issue' || record.severity === 'info') continue;
    problems.push({ code: record.code, message: record.message });
    if (problems.length >= 10) break;
  }
  return ok({ ...result, problems });
}

function decodeSafely(format: DecoderFormat, body: Body): ReturnType<DecoderFormat['decode']> {
  try {
    return format.decode(body.bytes, {
      name: body.name,
      contentType: body.contentType,
      userAgent: body.userAgent,
    });
  } catch (cause) {
    // A decoder that throws has a bug; the sender still gets an answer and the engine lives on.
    return fail({
      code: 'bad_request',
      message: `The body could not be decoded as ${format.label}: ${cause instanceof Error ? cause.message : String(cause)}`,
    });
  }
}

/**
 * Reads one stream of bytes into the store. Small files are one body; larger ones of a format that allows it are cut into
 * pieces while they are read, so that memory stays the same whatever their size, and the event loop turns between pieces.
 */
import type { DecoderFormat, Decoded, Format, Split } from '#shared/format.ts';
import type { AppError, Result } from '#shared/result.ts';
import { AppFailure, ok, toAppError } from '#shared/result.ts';
import type { CommitQueue } from '../ingest/commit-queue.ts';
import { byteLines } from '../formats/byte-lines.ts';
import { detectFormat, formatForPath, nameOfRequest } from '../formats/registry.ts';
import { looksLike } from '../formats/looks-like.ts';
import { isZip } from '../formats/zip.ts';
import { createSplitter } from '../formats/split.ts';
import type { Cut, SplitPiece } from '../formats/split-types.ts';
import { SPLIT_LIMITS } from '../formats/split-types.ts';
import type { FileEntry } from './import-job.ts';
import type { Chunks } from './import-source.ts';
import { decoded, inflated, peek, throwIfCancelled } from './import-source.ts';
import type { SignalBody } from './import-signals.ts';
import { bySignal } from './import-signals.ts';
import { receive } from './receive.ts';

/** Files up to this size are decoded as they are. */
export const WHOLE_BYTES = 2 * 1024 * 1024;
/** Of a format whose files cannot be cut. */
const MAX_WHOLE_BYTES = 64 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
/** Bodies on their way to the disk while the next is decoded. */
const IN_FLIGHT = 2;
/** Before the first line that is sound. */
const MAX_BAD_LINES = 100;
/** How often a piece that is no JSON is cut further to save what is. */
const MAX_RESCUES = 500;

export type ImportContext = {
  readonly queue: CommitQueue;
  /** Given by the user instead of detection. */
  readonly wanted: Format | null;
  readonly signal: AbortSignal;
  /** Takes the chunks of a tar archive; absent inside of an archive. */
  readonly openTar?: (chunks: Chunks) => Promise<void>;
};

/** @param name of the file with its folder: some formats take a trace's identity from it */
export async function importStream(
  context: ImportContext,
  file: FileEntry,
  name: string,
  source: Chunks,
): Promise<void> {
  const { signal } = context;
  const { chunks, gzip } = await decoded(source, signal);
  const start = await peek(chunks, WHOLE_BYTES, signal);
  try {
    if (start.head.length === 0) {
      file.note('unreadable_file', 'The file is empty.');
      return;
    }
    const head = start.head.subarray(0, HEAD_BYTES);
    const format = context.wanted ?? detectFormat(head, name)?.format ?? null;
    if (!format && context.openTar && isTar(head)) {
      await context.openTar(start.all);
      return;
    }
    if (!format && isZip(head)) {
      file.looksLike('ZIP archive inside another');
      file.note('unsupported_format', 'An archive inside another is not opened: unpack it first.');
      return;
    }
    if (!format) {
      refuse(file, looksLike(head), gzip);
      return;
    }
    file.readAs(format.label);
    const body = { context, file, name, format };
    const given = format.split?.(head) ?? null;
    // Archives are cut where they are files, by their directory.
    const split = given?.archive ? null : given;
    if (start.ended) await importWhole(body, split, start.head);
    else if (split) await importPieces(body, split, start.all);
    else {
      const whole = await peek(start.all, MAX_WHOLE_BYTES + 1, signal);
      await whole.close();
      if (whole.ended) await importWhole(body, null, whole.head);
      else file.note('too_large', tooLarge(format));
    }
  } finally {
    await start.close();
  }
}

function refuse(file: FileEntry, what: string, isPacked: boolean): void {
  const seems = isPacked ? `gzip of: ${what}` : what;
  file.looksLike(seems);
  file.note('unsupported_format', `No known format; it looks like this: ${seems}.`);
}

function isTar(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar';
}

function tooLarge(format: Format): string {
  const limit = MAX_WHOLE_BYTES / 1024 / 1024;
  return `A file of ${format.label} is read as a whole, because its parts refer to each other: at most ${limit} MB. This one is larger.`;
}

type Reading = {
  readonly context: ImportContext;
  readonly file: FileEntry;
  readonly name: string;
  readonly format: Format;
};

async function importWhole(reading: Reading, split: Split | null, bytes: Uint8Array): Promise<void> {
  if (reading.format.type === 'container') {
    await importBodies(reading, bytes, 0);
    return;
  }
  const result = await store(reading, reading.format, bytes, null);
  if (result.ok || (split?.lines === true && (await rescueLines(reading, reading.format, bytes, 0)))) return;
  await rescue(reading, reading.format, split, bytes, result.error, { left: MAX_RESCUES });
}

async function importPieces(reading: Reading, split: Split, chunks: Chunks): Promise<void> {
  const { file } = reading;
  const { signal } = reading.context;
  const splitter = createSplitter(split);
  const flights: Promise<void>[] = [];
  let turn = Promise.resolve();
  async function take(cut: Cut): Promise<void> {
    throwIfCancelled(signal);
    if (cut.type === 'fault') {
      file.note(cut.code, cut.message);
      return;
    }
    let leave = (): void => undefined;
    const next = new Promise<void>((resolve) => (leave = resolve));
    const flight = importPiece(reading, split, cut, { turn, leave }).finally(leave);
    turn = next;
    // A failure is met when the flight is awaited; until then it must not count as unhandled.
    flight.catch(() => undefined);
    flights.push(flight);
    if (flights.length >= IN_FLIGHT) await flights.shift();
  }
  try {
    for await (const chunk of chunks) {
      throwIfCancelled(signal);
      for (const cut of splitter.push(chunk)) await take(cut);
    }
  } catch (cause) {
    if (isFatal(cause)) throw cause;
    // What was unpacked before the damage counts.
    file.note(codeOf(cause), reasonOf(cause));
  }
  for (const cut of splitter.end()) await take(cut);
  for (const flight of flights) await flight;
}

/** A piece's place in the line: it may be stored after `turn`, and the next one after `leave`. */
type Place = { readonly turn: Promise<void>; readonly leave: () => void };

async function importPiece(reading: Reading, split: Split, piece: SplitPiece, place: Place): Promise<void> {
  if (reading.format.type === 'container') {
    await place.turn;
    await importBodies(reading, piece.bytes, piece.linesBefore ?? 0);
    return;
  }
  const result = await store(reading, reading.format, piece.bytes, piece.linesBefore, place);
  if (result.ok) return;
  await place.turn;
  if (piece.linesBefore !== null) {
    if (await rescueLines(reading, reading.format, piece.bytes, piece.linesBefore)) return;
    const { code } = result.error;
    reading.file.note(
      code,
      `The lines from line ${piece.linesBefore + 1} on (${piece.place}): ${sentence(result.error)}`,
    );
  } else await rescue(reading, reading.format, split, piece.bytes, result.error, { left: MAX_RESCUES });
}

/** Lines that are no JSON before one that is are left out, when they are all that is wrong; false when they are not. */
async function rescueLines(
  reading: Reading,
  format: DecoderFormat,
  bytes: Uint8Array,
  before: number,
): Promise<boolean> {
  const bad: number[] = [];
  for (const { number, bytes: line } of byteLines(bytes)) {
    if ((line[0] === 0x7b || line[0] === 0x5b) && isJson(line)) {
      if (bad.length === 0) return false;
      const rest = bytes.subarray(line.byteOffset - bytes.byteOffset);
      if (!(await store(reading, format, rest, before + number - 1)).ok) return false;
      for (const each of bad) reading.file.note('invalid_item', `Line ${before + each} is not JSON.`);
      return true;
    }
    bad.push(number);
    if (bad.length > MAX_BAD_LINES) return false;
  }
  return false;
}

/** JSON that is broken somewhere is cut between its items, smaller and smaller, until only what is broken is left out. */
async function rescue(
  reading: Reading,
  format: DecoderFormat,
  split: Split | null,
  bytes: Uint8Array,
  error: AppError,
  budget: { left: number },
): Promise<void> {
  const { file, context } = reading;
  throwIfCancelled(context.signal);
  if (split === null || budget.left <= 0 || isJson(bytes)) {
    file.note(error.code, sentence(error));
    return;
  }
  const splitter = createSplitter(
    { ...split, lines: false },
    { ...SPLIT_LIMITS, pieceBytes: Math.max(1, bytes.length >> 3) },
  );
  const cuts = [...splitter.push(bytes), ...splitter.end()];
  const pieces = cuts.filter((cut): cut is SplitPiece => cut.type === 'piece');
  const [only] = pieces;
  if (only === undefined || (pieces.length === 1 && only.bytes.length >= bytes.length)) {
    file.note('invalid_item', `An item of ${bytes.length.toLocaleString('en-US')} bytes is not JSON and was left out.`);
    return;
  }
  for (const cut of cuts) {
    if (cut.type === 'fault') file.note(cut.code, cut.message);
    else {
      budget.left--;
      const result = await store(reading, format, cut.bytes, null);
      if (!result.ok) await rescue(reading, format, split, cut.bytes, result.error, budget);
    }
  }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** The bodies of a container: recorded requests, each decided by its path or its content. */
async function importBodies(reading: Reading, bytes: Uint8Array, linesBefore: number): Promise<void> {
  const { file, format, context } = reading;
  if (format.type !== 'container') return;
  for (const unpacked of format.unpack(bytes)) {
    throwIfCancelled(context.signal);
    if (!unpacked.ok) {
      file.note(unpacked.error.code, renumbered(sentence(unpacked.error), linesBefore));
      continue;
    }
    const { path, ...request } = unpacked.value;
    const body = await unzipped(request.bytes, context.signal).catch((cause: unknown) => {
      if (isFatal(cause)) throw cause;
      file.note('unreadable_file', `A recorded request cannot be decompressed (${reasonOf(cause)}).`);
      return null;
    });
    if (!body) continue;
    const found =
      (path === null ? null : formatForPath(path)) ?? detectFormat(body.subarray(0, HEAD_BYTES), null)?.format ?? null;
    if (found?.type !== 'decoder') {
      const to = path === null ? '' : ` to ${path.slice(0, 200)}`;
      file.note('unsupported_format', `A recorded request${to} is of no format that is known.`);
      continue;
    }
    const name = path === null ? null : nameOfRequest(path);
    const result = await receive(context.queue, found, { ...request, path, name, bytes: body, live: false });
    settle(file, result);
  }
}

async function unzipped(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const whole = await peek(inflated(oneChunk(bytes), 'gzip'), MAX_WHOLE_BYTES + 1, signal);
  await whole.close();
  if (whole.ended) return whole.head;
  throw new AppFailure({ code: 'too_large', message: `more than ${MAX_WHOLE_BYTES / 1024 / 1024} MB` });
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

/** Decodes and commits one body; what it holds is added to the file's report. */
export async function store(
  reading: Omit<Reading, 'format'>,
  format: DecoderFormat,
  bytes: Uint8Array,
  linesBefore: number | null,
  place?: Place,
): Promise<Result<null>> {
  const { context, file, name } = reading;
  const signals = bySignal(format, bytes);
  if (signals) return storeSignals(reading, signals, linesBefore, place);
  const body = { name, contentType: null, userAgent: null, bytes, live: false };
  const decoder = linesBefore ? numbered(format, linesBefore) : format;
  const result = await receive(context.queue, decoder, body, place?.leave, place?.turn);
  if (!result.ok) return result;
  settle(file, result);
  return ok(null);
}

/** What is wrong with one signal does not cost the others. */
async function storeSignals(
  reading: Omit<Reading, 'format'>,
  signals: readonly SignalBody[],
  linesBefore: number | null,
  place: Place | undefined,
): Promise<Result<null>> {
  for (const [index, { format, bytes }] of signals.entries()) {
    const result = await store(reading, format, bytes, linesBefore, index === 0 ? place : undefined);
    if (!result.ok) reading.file.note(result.error.code, sentence(result.error));
  }
  return ok(null);
}

function settle(file: FileEntry, result: Awaited<ReturnType<typeof receive>>): void {
  if (result.ok) {
    file.add(result.value);
    for (const problem of result.value.problems) file.note(problem.code, problem.message);
  } else file.note(result.error.code, sentence(result.error));
}

/** Lines are counted from the start of the file, not of the piece. An issue of a trace may be one that the file tells of. */
function numbered(format: DecoderFormat, before: number): DecoderFormat {
  return {
    ...format,
    decode(bytes, context): Result<Decoded> {
      const result = format.decode(bytes, context);
      if (!result.ok) return result;
      const records = result.value.records.map((record) =>
        record.type === 'issue' && record.traceId === undefined
          ? { ...record, message: renumbered(record.message, before) }
          : record,
      );
      return ok({ records });
    },
  };
}

function renumbered(message: string, before: number): string {
  return message.replace(/^Line (\d{1,9})\b/, (_, line: string) => `Line ${Number(line) + before}`);
}

/** What ends the import as a whole: the user's wish, or a store that cannot write. */
export function isFatal(cause: unknown): boolean {
  return cause instanceof AppFailure && (cause.error.code === 'cancelled' || cause.error.code.startsWith('store_'));
}

export function codeOf(cause: unknown): string {
  return cause instanceof AppFailure ? cause.error.code : 'unreadable_file';
}

export function reasonOf(cause: unknown): string {
  const { message } = toAppError(cause);
  const isCut = (cause as { code?: unknown }).code === 'Z_BUF_ERROR' || message === 'unexpected end of file';
  return isCut ? 'The compressed data is cut off.' : message;
}

export function sentence(error: AppError): string {
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}

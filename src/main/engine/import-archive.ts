/**
 * Archives of traces: each entry of a ZIP or a tar file is read as if it lay in a folder of the archive's name. Nothing is
 * written to a disk. Entries whose names climb out, that are encrypted, that unpack without end or that are archives
 * themselves are refused one by one, with an issue each; the others arrive.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { DecoderFormat, Split } from '#shared/format.ts';
import { AppFailure } from '#shared/result.ts';
import type { PackedEntry, Zip, ZipEntry } from '../formats/zip.ts';
import { isClimbing, openZip, packZip } from '../formats/zip.ts';
import type { FileEntry, ImportTally } from './import-job.ts';
import type { Chunks } from './import-source.ts';
import { BOMB, fileChunks, inflated, isBomb, throwIfCancelled } from './import-source.ts';
import type { ImportContext } from './import-stream.ts';
import { codeOf, importStream, isFatal, reasonOf, sentence, store } from './import-stream.ts';
import { tarEntries } from './tar.ts';

export type ArchiveJob = {
  readonly context: ImportContext;
  readonly tally: ImportTally;
  /** The archive itself. */
  readonly file: FileEntry;
  readonly taken: (bytes: number) => void;
};

/** The ZIP file at the path; it stays open until `close`. */
export function openZipFile(path: string, size: number): { readonly zip: Zip; readonly close: () => void } {
  const descriptor = openSync(path, 'r');
  const zip = openZip({
    size,
    read(from, length) {
      const wanted = Math.max(0, Math.min(length, size - from));
      if (from < 0 || wanted === 0) return Buffer.alloc(0);
      const bytes = Buffer.allocUnsafe(wanted);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, wanted, from));
    },
  });
  return {
    zip,
    close: () => {
      closeSync(descriptor);
    },
  };
}

export async function importZip(job: ArchiveJob, path: string, size: number): Promise<void> {
  const { file, context } = job;
  const { zip, close } = openZipFile(path, size);
  file.readAs('ZIP archive');
  // Entries that lie over each other make a bomb of which each part looks harmless.
  const budget = { packed: size, unpacked: 0 };
  try {
    for (const fault of zip.faults) file.note('invalid_item', fault);
    for (const entry of zip.entries) {
      throwIfCancelled(context.signal);
      if (isSkipped(entry.name)) continue;
      const place = entry.locate();
      await importEntry(job, file.file, entry.name, entry.size, () => {
        if ('fault' in place) throw new AppFailure({ code: 'unreadable_file', message: place.fault });
        if (isBomb(entry.compressed, entry.size)) throw new AppFailure(BOMB);
        const chunks = fileChunks(path, place, job.taken);
        return guarded(place.deflated ? inflated(chunks, 'deflate') : chunks, budget);
      });
    }
    if (zip.entries.length === 0) file.note('unreadable_file', 'The archive holds no files that can be read.');
  } finally {
    close();
  }
}

export async function importTar(job: ArchiveJob, chunks: Chunks): Promise<void> {
  const { file, context } = job;
  file.readAs('tar archive');
  let count = 0;
  for await (const entry of tarEntries(chunks)) {
    throwIfCancelled(context.signal);
    if (isSkipped(entry.name)) continue;
    count++;
    if (isClimbing(entry.name)) {
      file.note('invalid_item', `The entry "${entry.name.slice(0, 200)}" has a name that leaves the archive.`);
    } else await importEntry(job, file.file, entry.name, entry.size, () => entry.chunks);
  }
  if (count === 0) file.note('unreadable_file', 'The archive holds no files that can be read.');
}

/** Samples of an evaluation's archive one by one, each in a small archive with what all share. */
export async function importSamples(
  { context, file }: ArchiveJob,
  format: DecoderFormat,
  split: NonNullable<Split['archive']>,
  name: string,
  zip: Zip,
): Promise<void> {
  file.readAs(format.label);
  for (const fault of zip.faults) file.note('invalid_item', fault);
  const shared = zip.entries.filter((entry) => split.shared.test(entry.name)).flatMap((entry) => packed(entry, file));
  const items = zip.entries.filter((entry) => split.item.test(entry.name));
  for (const entry of items) {
    throwIfCancelled(context.signal);
    for (const item of packed(entry, file)) {
      const result = await store({ context, file, name }, format, packZip([...shared, item]), null);
      if (!result.ok) file.note(result.error.code, `${printable(entry.name)}: ${sentence(result.error)}`);
    }
  }
  if (items.length > 0) return;
  const result = await store({ context, file, name }, format, packZip(shared), null);
  if (!result.ok) file.note(result.error.code, sentence(result.error));
}

const MAX_SAMPLE_BYTES = 128 * 1024 * 1024;

function packed(entry: ZipEntry, file: FileEntry): PackedEntry[] {
  const found =
    entry.size > MAX_SAMPLE_BYTES ? { fault: 'The entry unpacks to more than can be read.' } : entry.packed();
  if (!('fault' in found)) return [found];
  file.note('unreadable_file', `${printable(entry.name)}: ${found.fault}`);
  return [];
}

async function importEntry(
  { context, tally }: ArchiveJob,
  archive: string,
  name: string,
  size: number,
  open: () => Chunks,
): Promise<void> {
  const file = tally.open(`${archive}/${printable(name)}`);
  const { openTar: _, ...inside } = context;
  try {
    const folder = basename(archive).replace(/\.(?:zip|tar|tgz|tar\.gz)$/i, '');
    await importStream(inside, file, `${folder}/${name}`.split(/[\\/]/).slice(-2).join('/'), open());
  } catch (cause) {
    if (isFatal(cause)) throw cause;
    file.note(codeOf(cause), reasonOf(cause));
  } finally {
    file.done(size);
  }
}

async function* guarded(
  chunks: Chunks,
  budget: { readonly packed: number; unpacked: number },
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (isBomb(budget.packed, budget.unpacked + size)) throw new AppFailure(BOMB);
      yield chunk;
    }
  } catch (cause) {
    // What was refused says nothing about its neighbours.
    size = 0;
    throw cause;
  } finally {
    budget.unpacked += size;
  }
}

/** Folders, and what systems put beside files. */
function isSkipped(name: string): boolean {
  return /[\\/]$|(?:^|[\\/])(?:__MACOSX[\\/]|\.)/.test(name) && !/(?:^|[\\/])\.\.[\\/]/.test(name);
}

function printable(name: string): string {
  return name.slice(0, 500).replace(/\p{Cc}/gu, '\ufffd');
}

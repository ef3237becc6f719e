/**
 * Where an export goes: one file, or a folder of files. Everything is written beside the target under a name of its own
 * and moved there when it is complete, so that a failure or a cancel leaves nothing half-written and nothing overwritten.
 */
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppFailure } from '#shared/result.ts';

export type ExportTarget = {
  /** Appends; `path` names a file below the folder, '' the one file. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** Moves what was written to its place. */
  readonly finish: () => Promise<{ readonly files: number; readonly bytes: number }>;
  /** Removes what was written. */
  readonly discard: () => Promise<void>;
};

export type TargetOptions = {
  readonly path: string;
  readonly layout: 'file' | 'folder';
  /** Whether the user has agreed that files which are there already may go. */
  readonly overwrite: boolean;
  /** Files that must never be written over: the open workspace. */
  readonly forbidden: readonly string[];
};

const BUFFER_LENGTH = 256 * 1024;

export async function openTarget(options: TargetOptions): Promise<ExportTarget> {
  const { path, layout } = options;
  await guarded(path, () => checkTarget(options));
  // Cut, so that a name which is just short enough has room for the rest.
  const temporary = join(dirname(path), `.${basename(path).slice(0, 50)}.${randomBytes(6).toString('hex')}.part`);
  const names = createNames();
  const waiting = new Map<string, string[]>();
  const files = new Set<string>();
  let length = 0;
  let bytes = 0;

  await guarded(path, async () => {
    if (layout === 'folder') await mkdir(temporary);
    else await (await open(temporary, 'wx')).close();
  });
  if (layout === 'file') files.add('');

  async function flush(): Promise<void> {
    for (const [name, texts] of waiting) {
      const file = name === '' ? temporary : join(temporary, name);
      const data = Buffer.from(texts.join(''), 'utf8');
      bytes += data.length;
      if (name.includes('/')) await mkdir(dirname(file), { recursive: true });
      await appendFile(file, data);
    }
    waiting.clear();
    length = 0;
  }

  return {
    write: (given, text) =>
      guarded(path, async () => {
        const name = layout === 'file' ? '' : names.of(given);
        files.add(name);
        const texts = waiting.get(name) ?? [];
        texts.push(text);
        waiting.set(name, texts);
        length += text.length;
        if (length >= BUFFER_LENGTH) await flush();
      }),
    finish: () =>
      guarded(path, async () => {
        await flush();
        // What appeared while this was written is not ours to replace either.
        await checkTarget(options);
        if (layout === 'file') {
          const handle = await open(temporary, 'r+');
          await handle.sync().finally(() => handle.close());
          await rename(temporary, path);
        } else await moveFolder(temporary, options, [...files]);
        return { files: files.size, bytes };
      }),
    discard: () => rm(temporary, { recursive: true, force: true }),
  };
}

async function moveFolder(temporary: string, { path, overwrite }: TargetOptions, files: string[]): Promise<void> {
  if (!(await statOrNull(path))) {
    await rename(temporary, path);
    return;
  }
  for (const file of overwrite ? [] : files) {
    if (await statOrNull(join(path, file))) throw new AppFailure(exists(join(path, file)));
  }
  for (const file of files) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await rename(join(temporary, file), join(path, file));
  }
  await rm(temporary, { recursive: true, force: true });
}

async function checkTarget({ path, layout, overwrite, forbidden }: TargetOptions): Promise<void> {
  const folder = await statOrNull(dirname(path));
  if (!folder?.isDirectory()) {
    throw new AppFailure({
      code: 'unwritable_file',
      message: `There is no folder ${dirname(path)}.`,
      hint: 'Create it first, or choose another place.',
    });
  }
  const present = await statOrNull(path);
  if (!present) return;
  if (layout === 'folder') {
    if (!present.isDirectory()) throw new AppFailure(exists(path));
    if (!overwrite && (await readdir(path)).length > 0) throw new AppFailure(exists(path));
    return;
  }
  if (present.isDirectory()) {
    throw new AppFailure({
      code: 'unwritable_file',
      message: `${path} is a folder.`,
      hint: 'Give the name of a file in it.',
    });
  }
  for (const file of forbidden) {
    const other = await statOrNull(file);
    if (other?.ino === present.ino && other.dev === present.dev) {
      throw new AppFailure({
        code: 'unwritable_file',
        message: `${path} is the open workspace.`,
        hint: 'Choose another name: an export never replaces a workspace.',
      });
    }
  }
  // A device or a pipe would be replaced by a file.
  if (!present.isFile() || !overwrite) throw new AppFailure(exists(path));
}

function exists(path: string) {
  return {
    code: 'file_exists',
    message: `${path} is there already.`,
    hint: 'It was left as it is. Choose another name, or agree to replace it.',
  } as const;
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return null;
    throw cause;
  }
}

/** Turns what the operating system says into what a person can do. */
async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const known = REASONS[codeOf(cause)];
    if (!known) throw cause;
    const [message, hint] = known;
    throw new AppFailure({ code: 'unwritable_file', message: `${path} cannot be written: ${message}.`, hint });
  }
}

const FULL = 'Free some space, or choose another disk. Nothing was left behind.';
const PERMISSION = 'Choose a folder that you may write to.';
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', FULL],
  EDQUOT: ['your share of the disk is used up', FULL],
  EFBIG: ['the file is too large for this disk', 'Choose another disk, or export fewer traces.'],
  EACCES: ['you have no permission', PERMISSION],
  EPERM: ['you have no permission', PERMISSION],
  EROFS: ['the disk is read-only', PERMISSION],
  ENOENT: ['its folder is gone', 'Choose another place.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  EIO: ['the disk reports a fault', 'Choose another disk.'],
};

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' ? code : '';
}

/**
 * File names below the folder. They come from trace ids and names of imported files, which may be anything: none may
 * leave the folder, mean a device, or be one file with another on systems that ignore letter case.
 */
function createNames(): { readonly of: (given: string) => string } {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  return {
    of(given) {
      let name = known.get(given);
      if (name === undefined) {
        const safe = safePath(given);
        name = safe;
        for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = safe.replace(/(\.[^./]*)?$/, `-${copy}$1`);
        taken.add(name.toLowerCase());
        known.set(given, name);
      }
      return name;
    },
  };
}

/** File systems allow 255 bytes; a number may be added. */
const MAX_SEGMENT_BYTES = 200;
const MAX_SEGMENTS = 8;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

export function safePath(given: string): string {
  const segments = given.split(/[\\/]/).filter((segment) => segment !== '' && segment !== '.');
  return segments.slice(-MAX_SEGMENTS).map(safeSegment).join('/') || '_';
}

function safeSegment(segment: string): string {
  const plain = segment.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_').replace(/[. ]+$/, '');
  const whole = plain === '' || DEVICE.test(plain) ? `_${plain}` : plain;
  if (Buffer.byteLength(whole) <= MAX_SEGMENT_BYTES) return whole;
  const extension = /\.[^.]{1,10}$/.exec(whole)?.[0] ?? '';
  const kept = Buffer.from(whole).subarray(0, MAX_SEGMENT_BYTES - Buffer.byteLength(extension));
  // A character that was cut through became the replacement character.
  return kept.toString('utf8').replace(/\ufffd$/, '') + extension;
}

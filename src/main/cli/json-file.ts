/** Files that a command is given: what cannot be read is said with what to do about it. */
import { readFile, stat } from 'node:fs/promises';
import type { Json } from '#shared/json.ts';
import { readJsonText } from '#shared/json-text.ts';
import { AppFailure } from '#shared/result.ts';
import type { Context } from './context.ts';
import { plain } from './text.ts';

const MOST_BYTES = 64 * 1024 * 1024;

export async function readTextFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw new AppFailure({
        code: 'too_large',
        message: `${path} is larger than 64 MB.`,
        hint: 'Give a smaller file.',
      });
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    if (cause instanceof AppFailure) throw cause;
    throw new AppFailure({ code: 'unreadable_file', ...reasonOf(path, cause) });
  }
}

export async function readJsonFile(path: string): Promise<Json> {
  return parseJson(await readTextFile(path), path);
}

export function parseJson(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new AppFailure({
      code: 'unreadable_file',
      message: `${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`,
      hint: 'Give a file that holds one JSON value.',
    });
  }
}

/** What a person wrote: comments and commas after the last value are read over, and said on stderr. */
export async function readWrittenJson({ io }: Context, path: string): Promise<Json> {
  const text = await readTextFile(path);
  try {
    return JSON.parse(text) as Json;
  } catch {
    const read = readJsonText(text);
    if (!read.ok)
      throw new AppFailure({
        code: 'unreadable_file',
        message: `${path} is not JSON. Line ${read.line}: ${read.message}`,
        hint: 'Give a file that holds one JSON value.',
      });
    for (const { line, message } of read.remarks) io.err(`warning: ${plain(path)}, line ${line}: ${message}\n`);
    return read.value;
  }
}

function reasonOf(path: string, cause: unknown): { readonly message: string; readonly hint: string } {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT') return { message: `There is no file ${path}.`, hint: 'Check the path.' };
  if (code === 'EISDIR') return { message: `${path} is a folder.`, hint: 'Give a file.' };
  if (code === 'EACCES') return { message: `${path} may not be read.`, hint: 'Check its permissions.' };
  return {
    message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: 'Check the path.',
  };
}

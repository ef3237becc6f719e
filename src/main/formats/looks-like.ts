/**
 * What a file that no format takes seems to be, in a few words for the person who tried it: "SQLite database", "CSV with
 * the columns a, b, c", "JSON list of objects with the keys a, b". From its first bytes alone.
 */
import { isJsonObject, type Json } from '#shared/json.ts';
import { byteLines } from './byte-lines.ts';
import { jsonHead } from './json-head.ts';
import { parseJson } from './messages/json-text.ts';

const LISTED_KEYS = 8;
const MAX_NAME = 40;

/** Magic numbers: where, and the bytes as Latin-1 text. */
const MAGIC: readonly (readonly [at: number, bytes: string, what: string])[] = [
  [0, 'SQLite format 3\0', 'SQLite database'],
  [0, '%PDF-', 'PDF document'],
  [0, 'PAR1', 'Parquet table'],
  [0, 'ARROW1', 'Arrow (Feather) table'],
  [0, 'Obj\x01', 'Avro file'],
  [0, 'ORC', 'ORC table'],
  [0, '\x89HDF\r\n', 'HDF5 file'],
  [0, '\x93NUMPY', 'NumPy array'],
  [0, '\x80\x04\x95', 'Python pickle'],
  [0, '\x80\x05\x95', 'Python pickle'],
  [0, '\x28\xb5\x2f\xfd', 'Zstandard archive: unpack it first'],
  [0, 'BZh', 'bzip2 archive: unpack it first'],
  [0, '\xfd7zXZ\0', 'xz archive: unpack it first'],
  [0, '7z\xbc\xaf\x27\x1c', '7z archive: unpack it first'],
  [0, 'Rar!\x1a\x07', 'RAR archive: unpack it first'],
  [0, '\x1f\x8b', 'gzip archive inside another'],
  [257, 'ustar', 'tar archive'],
  [0, '\x89PNG\r\n', 'PNG image'],
  [0, '\xff\xd8\xff', 'JPEG image'],
  [0, 'GIF8', 'GIF image'],
  [8, 'WEBP', 'WebP image'],
  [0, 'OggS', 'Ogg media'],
  [8, 'WAVE', 'WAV audio'],
  [4, 'ftyp', 'MP4 media'],
  [0, '\x1aE\xdf\xa3', 'Matroska or WebM media'],
  [0, '\x7fELF', 'program (ELF)'],
  [0, 'MZ', 'program (Windows)'],
  [0, '\0asm', 'WebAssembly module'],
  [0, '\xca\xfe\xba\xbe', 'Java class or macOS program'],
  [0, '\xd0\xcf\x11\xe0', 'old Microsoft Office document'],
  [0, 'wOF', 'font'],
  [0, '{\\rtf', 'RTF document'],
];

/** @param head at most 64 KiB */
export function looksLike(head: Uint8Array): string {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 512)).toString('latin1');
  const magic = MAGIC.find(([at, bytes]) => start.startsWith(bytes, at));
  if (magic) return magic[2];
  if (start.startsWith('PK')) return zipKind(Buffer.from(head).toString('latin1'));
  if (head.includes(0)) return 'binary data';
  const text = new TextDecoder().decode(head).replace(/^\uFEFF/, '');
  return jsonKind(head, text) ?? markupKind(text) ?? tableKind(text) ?? textKind(text);
}

function zipKind(text: string): string {
  if (text.includes('[Content_Types].xml')) return 'Microsoft Office document';
  if (text.includes('META-INF/')) return 'Java archive';
  if (text.includes('mimetypeapplication/')) return 'OpenDocument or EPUB document';
  return 'ZIP archive';
}

function jsonKind(head: Uint8Array, text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  const value = jsonHead(head);
  const [first, second] = linesOf(head);
  if (first !== undefined && second !== undefined) return `JSON lines of ${described(first)}`;
  if (Array.isArray(value)) {
    const [item] = value as readonly Json[];
    return item === undefined ? 'JSON list without items' : `JSON list of ${described(item)}`;
  }
  if (!isJsonObject(value)) return null;
  const keys = keysOf(value);
  // A brace alone also begins other things.
  if (keys === '') return /^\s*\{\s*(?:\}|")/.test(text) ? 'JSON object without keys' : null;
  return `JSON object with the keys ${keys}`;
}

/** The values of the first two lines, when both are JSON of their own. */
function linesOf(head: Uint8Array): readonly Json[] {
  const values: Json[] = [];
  for (const { bytes } of byteLines(head)) {
    const value = parseJson(new TextDecoder().decode(bytes));
    if (typeof value !== 'object' || value === null) break;
    values.push(value);
    if (values.length === 2) break;
  }
  return values;
}

function described(item: Json): string {
  if (Array.isArray(item)) return 'lists';
  if (isJsonObject(item)) {
    const keys = keysOf(item);
    return keys === '' ? 'objects' : `objects with the keys ${keys}`;
  }
  return typeof item === 'string' ? 'texts' : typeof item === 'number' ? 'numbers' : 'values';
}

function keysOf(value: Json): string {
  return listed(isJsonObject(value) ? Object.keys(value) : []);
}

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, LISTED_KEYS)
    .map((name) => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name));
  return shown.join(', ') + (names.length > LISTED_KEYS ? `, … (${names.length})` : '');
}

function markupKind(text: string): string | null {
  const start = text.slice(0, 1_024).trimStart();
  if (/^<!doctype html|^<html/i.test(start)) return 'HTML page';
  if (/^<svg/i.test(start)) return 'SVG image';
  if (/^<\?xml|^<[a-z][\w:-]*[\s>]/i.test(start)) {
    return `XML document${named(/<([a-z][\w:.-]{0,60})[\s>/]/i.exec(start.replace(/^<\?xml[^>]*>/, ''))?.[1])}`;
  }
  return null;
}

function named(name: string | undefined): string {
  return name === undefined ? '' : ` <${name}>`;
}

const SEPARATORS = [
  [',', 'CSV'],
  ['\t', 'TSV'],
  [';', 'CSV (with semicolons)'],
] as const;

/** A table: the same number of separators, at least one, in the first lines. */
function tableKind(text: string): string | null {
  const lines = text.split('\n', 4).map((line) => line.replace(/\r$/, ''));
  const [first = '', second] = lines;
  if (first === '' || second === undefined || first.length > 4_000) return null;
  for (const [separator, what] of SEPARATORS) {
    const names = first.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
    const isHead = names.length > 1 && names.every((name) => name.length <= 60 && /^[\w .()/#%-]*$/.test(name));
    if (isHead && second.split(separator).length >= names.length) return `${what} with the columns ${listed(names)}`;
  }
  return null;
}

function textKind(text: string): string {
  const start = text.slice(0, 4_096);
  if (/^#!/.test(start)) return `script (${(/^#!\s*(\S{1,60})/.exec(start)?.[1] ?? '').split('/').at(-1) ?? ''})`;
  if (/^---\s*\n|^[\w-]{1,60}:\s*(?:\n\s+|\[|\S)[^]*\n[\w-]{1,60}:/.test(start)) return 'YAML or similar text';
  if (/^(?:import|from|def|class|export|const|function|package|#include)\s/m.test(start)) return 'program text';
  if (/^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(start)) return 'log text';
  if (/^#{1,6} \S|^[-*] \S|^\[.{1,80}\]\(/m.test(start)) return 'Markdown or plain text';
  return start.trim() === '' ? 'white space only' : 'plain text';
}

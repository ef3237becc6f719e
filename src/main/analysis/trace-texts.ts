/** Reads the contents of one trace as texts, each distinct one once; what was read is kept, within a bound. */
import type { ContentItem } from '#shared/message.ts';
import { piecesOf, type Piece } from './readable-text.ts';
import { wordsOf } from './word-stream.ts';

type SpanContents = {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly error: number | null;
  readonly callId: string | null;
};

/** Structurally what the store gives. */
export type TextSource = {
  /** By span index. */
  readonly of: (span: number) => SpanContents;
  /** The JSON of a content; null when it is gone, or too large. */
  readonly body: (key: number) => string | null;
  /** False when some are too large to be read. */
  readonly complete: boolean;
};

export type ReadPiece = Piece & { readonly words: string };

export type ReadContent = {
  /** Role of a message, else null. */
  readonly role: string | null;
  readonly name: string | null;
  /** Ids of the tool calls that it answers. */
  readonly answers: readonly string[];
  readonly pieces: readonly ReadPiece[];
};

export type TraceTexts = {
  readonly of: TextSource['of'];
  readonly complete: boolean;
  readonly read: (key: number) => ReadContent;
  /** Without reading more than is needed: false only when the content cannot hold these words. */
  readonly mayHold: (key: number, probe: RegExp | null) => boolean;
};

/** Characters of texts that are kept read. */
const KEPT = 96_000_000;
const NOTHING: ReadContent = { role: null, name: null, answers: [], pieces: [] };

export function createTexts(source: TextSource): TraceTexts {
  const kept = new Map<number, { readonly content: ReadContent; readonly size: number }>();
  let held = 0;

  function read(key: number): ReadContent {
    const known = kept.get(key);
    if (known) return known.content;
    const body = source.body(key);
    if (body === null) return NOTHING;
    const content = readContent(JSON.parse(body) as ContentItem);
    const size = body.length * 3;
    // The oldest go first; one that is larger than the bound stays until the next one comes.
    for (const [old, { size: freed }] of kept) {
      if (held + size <= KEPT) break;
      kept.delete(old);
      held -= freed;
    }
    kept.set(key, { content, size });
    held += size;
    return content;
  }

  return {
    of: source.of,
    complete: source.complete,
    read,
    mayHold(key, probe) {
      if (probe === null || kept.has(key)) return true;
      const body = source.body(key);
      return body !== null && probe.test(body);
    },
  };
}

function readContent(item: ContentItem): ReadContent {
  const pieces = piecesOf(item).map((piece) => ({ ...piece, words: wordsOf(piece.text) }));
  if (item.kind !== 'message') return { role: null, name: null, answers: [], pieces };
  const answers = item.parts.flatMap((part) =>
    part.type === 'tool_call_response' && part.id !== null ? [part.id] : [],
  );
  return { role: item.role, name: item.name ?? null, answers, pieces };
}

/**
 * A pattern that the stored JSON of a content meets when it holds these words; null = nothing can be told without reading
 * it. Only plain letters are safe: others may be escaped.
 */
export function probeFor(words: string): RegExp | null {
  let best = '';
  for (const word of words.split(' ', 400)) if (/^[a-z]{3,}$/.test(word) && word.length > best.length) best = word;
  if (best !== '') return new RegExp(best, 'i');
  for (const word of words.split(' ', 400)) if (/^\d{2,}$/.test(word) && word.length > best.length) best = word;
  if (best === '') return null;
  // Digits in groups of three may be parted.
  return new RegExp([...best].join("[,'’\\u00a0\\u202f]?"));
}

/** What alignment reads of a trace's contents: which each span has, row by row, and the bodies of all. */
import { unpackHexKeys } from './content-keys.ts';
import type { Reader } from './database.ts';

export type SpanContents = {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly error: number | null;
};

const BATCH = 500;

/** In the order given; a span without contents gives empty lists. Long histories are unpacked one at a time. */
export function eachSpanContents(
  reader: Reader,
  spanKeys: readonly number[],
  visit: (place: number, contents: SpanContents) => void,
): void {
  for (let from = 0; from < spanKeys.length; from += BATCH) {
    const keys = spanKeys.slice(from, from + BATCH);
    const rows = new Map(
      reader
        .rows<[number, string, string, number | null]>(
          'SELECT span_key, hex(input), hex(output), error_content FROM span_body WHERE span_key IN (SELECT value FROM json_each(?))',
          [JSON.stringify(keys)],
        )
        .map((row) => [row[0], row]),
    );
    for (const [k, key] of keys.entries()) {
      const row = rows.get(key);
      visit(from + k, {
        input: row ? unpackHexKeys(row[1]) : [],
        output: row ? unpackHexKeys(row[2]) : [],
        error: row ? row[3] : null,
      });
    }
  }
}

const KEYS_OF = 'SELECT content_key FROM content_trace WHERE trace_key IN (SELECT value FROM json_each(?))';

/** Sizes in bytes. */
export function contentSizes(reader: Reader, traceKeys: readonly number[]): number[] {
  return reader
    .rows<[number]>(`SELECT size FROM content WHERE content_key IN (${KEYS_OF})`, [JSON.stringify(traceKeys)])
    .map(([size]) => size);
}

export function contentKeys(reader: Reader, traceKeys: readonly number[]): Set<number> {
  return new Set(reader.rows<[number]>(KEYS_OF, [JSON.stringify(traceKeys)]).map(([key]) => key));
}

/** The bodies of contents up to a size, in the order of keys; without those that other traces have as well. */
export function contentBodies(
  reader: Reader,
  traceKeys: readonly number[],
  largest: number,
  without: readonly number[] = [],
): [number, string][] {
  return reader.rows<[number, string]>(
    `SELECT content_key, body FROM content WHERE content_key IN (${KEYS_OF}${without.length === 0 ? '' : ` EXCEPT ${KEYS_OF}`})
     AND size <= ${Math.floor(largest)} ORDER BY content_key`,
    [JSON.stringify(traceKeys), ...(without.length === 0 ? [] : [JSON.stringify(without)])],
  );
}

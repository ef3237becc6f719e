/** What the workspace keeps about prices: a person's edits, and with which table its figures were made. */
import type { Reader, Writer } from './database.ts';

const EDITS = 'prices.edits';
const MADE_WITH = 'prices.made_with';

/** JSON of `PriceOverrides`; null without edits. */
export function readPriceEdits(reader: Reader): string | null {
  return readSetting(reader, EDITS);
}

export function writePriceEdits(writer: Writer, edits: string | null): void {
  writeSetting(writer, EDITS, edits);
}

/** Fingerprint of the table that every figure of the workspace was made with; null while that is not so. */
export function readMadeWith(reader: Reader): string | null {
  return readSetting(reader, MADE_WITH);
}

export function writeMadeWith(writer: Writer, fingerprint: string | null): void {
  writeSetting(writer, MADE_WITH, fingerprint);
}

/** More names than this are not listed on a trace: it may have any model. */
const LISTED = 200;

/** Traces that have a model for which `wanted` says yes, and those with too many models to know. */
export function tracesWithModels(reader: Reader, wanted: (model: string) => boolean): number[] {
  const facets = reader
    .rows<[number, string]>("SELECT facet_key, value FROM facet WHERE field = 'model' AND traces > 0")
    .filter(([, model]) => wanted(model))
    .map(([key]) => key);
  const keys = reader.rows<[number]>(
    `SELECT trace_key FROM trace_facet WHERE facet_key IN (SELECT value FROM json_each(?))
     UNION SELECT trace_key FROM trace WHERE json_array_length(models) >= ${LISTED}`,
    [JSON.stringify(facets)],
  );
  return keys.map(([key]) => key);
}

/** Models of the workspace and in how many traces each is, the most frequent first. */
export function listModels(reader: Reader, limit: number): { readonly model: string; readonly traces: number }[] {
  return reader.all(
    "SELECT value AS model, traces FROM facet WHERE field = 'model' AND traces > 0 ORDER BY traces DESC, value LIMIT ?",
    [limit],
  );
}

function readSetting(reader: Reader, key: string): string | null {
  return reader.get<{ value: string }>('SELECT value FROM setting WHERE key = ?', [key])?.value ?? null;
}

function writeSetting(writer: Writer, key: string, value: string | null): void {
  if (value === null) writer.run('DELETE FROM setting WHERE key = ?', [key]);
  else
    writer.run(
      'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      [key, value],
    );
}

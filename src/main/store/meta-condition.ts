/** Traces `t` by their metadata. */
import type { SqlValue } from './database.ts';

/** A field of the metadata, of an object within it that is called so, or of any object when the name is a path. */
export function metaCondition(
  key: string,
  value: string | null,
): { readonly sql: string; readonly params: readonly SqlValue[] } {
  const number = value === null || value.trim() === '' ? NaN : Number(value);
  const text = "CASE j.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(j.value AS TEXT) END = ?";
  const fits =
    value === null
      ? 'true'
      : Number.isFinite(number)
        ? `(${text} OR (j.type IN ('integer', 'real') AND j.value = ?))`
        : text;
  const wanted: SqlValue[] = value === null ? [] : Number.isFinite(number) ? [value, number] : [value];
  const within = `EXISTS (SELECT 1 FROM json_each(t.metadata, ?) j WHERE j.key = ? AND j.type <> 'null' AND ${fits})`;
  const sql = [within, within];
  const params: SqlValue[] = ['$', key, ...wanted, '$.metadata', key, ...wanted];
  const parts = key.split('.');
  if (parts.length > 1 && !key.includes('"')) {
    const path = `$${parts.map((part) => `."${part}"`).join('')}`;
    sql.push(
      `EXISTS (SELECT 1 FROM (SELECT json_type(t.metadata, ?) AS type, json_extract(t.metadata, ?) AS value) j WHERE j.type <> 'null' AND ${fits})`,
    );
    params.push(path, path, ...wanted);
  }
  return { sql: `(t.metadata IS NOT NULL AND (${sql.join(' OR ')}))`, params };
}

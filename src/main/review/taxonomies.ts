/**
 * Taxonomies and score schemas of a workspace: those that ship with the app (`resources/taxonomies`) under what people
 * made of them. Every save is a new version and the old ones stay, so that any state can be had again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScoreSchema, parseTaxonomy, parseTaxonomyFile } from '#shared/parse-taxonomy.ts';
import type { Result } from '#shared/result.ts';
import {
  counting,
  type CategoryUsage,
  type ScoreSchema,
  type Taxonomy,
  type TaxonomyUsage,
  type TaxonomyVersion,
} from '#shared/taxonomy.ts';
import { resourcePath } from '../engine/resource-path.ts';
import type { Reader, Writer } from '../store/database.ts';
import {
  definitionVersions,
  newestDefinitions,
  putDefinition,
  type DefinitionKind,
  type StoredDefinition,
} from '../store/definition-store.ts';
import { labelSetsUsed, spellingsUsed, tracesByCode } from '../store/label-usage.ts';

type Presets = { readonly taxonomies: readonly Taxonomy[]; readonly schemas: readonly ScoreSchema[] };

/** In this order they are offered; others follow by title. */
const ORDER = ['mast', 'trail', 'agentrx', 'microsoft-agentic', 'pass-fail'];
const SCHEMAS_FILE = 'score-schemas.json';
const MAX_SPELLINGS = 20;
const MAX_UNKNOWN = 200;

let shipped: Presets | null = null;

/** A file that is damaged is left out, and the log says why. */
function presets(): Presets {
  return (shipped ??= readPresets());
}

/** As they stand, the presets first. */
export function taxonomiesOf(reader: Reader): readonly Taxonomy[] {
  return standing(reader, 'taxonomy', presets().taxonomies, readStoredTaxonomy);
}

export function schemasOf(reader: Reader): readonly ScoreSchema[] {
  return standing(reader, 'score_schema', presets().schemas, readStoredSchema);
}

/** As it comes with the app; null for one that people made. */
export function shippedSchema(id: string): ScoreSchema | null {
  return presets().schemas.find((each) => each.id === id) ?? null;
}

/** All versions, oldest first; what ships with the app comes before those of people. */
export function taxonomyHistory(reader: Reader, id: string): readonly TaxonomyVersion[] {
  const preset = presets().taxonomies.find((each) => each.id === id) ?? null;
  const stored = definitionVersions(reader, 'taxonomy', id).map((row): TaxonomyVersion => {
    const taxonomy = row.body === null ? preset && { ...preset, version: row.version } : readStoredTaxonomy(row);
    return { version: row.version, author: row.author, madeAt: row.madeAt, taxonomy };
  });
  if (preset === null) return stored;
  return [{ version: preset.version, author: null, madeAt: null, taxonomy: preset }, ...stored];
}

export type Act = { readonly author: string | null; readonly now: number };

export function saveTaxonomy(writer: Writer, taxonomy: Taxonomy, { author, now }: Act): Taxonomy {
  const version = nextVersion(writer, 'taxonomy', taxonomy.id, presets().taxonomies);
  const { preset: _, ...body } = { ...taxonomy, version };
  putDefinition(writer, 'taxonomy', { id: taxonomy.id, version, body: JSON.stringify(body), author, madeAt: now });
  return { ...body, preset: false };
}

export function saveSchema(writer: Writer, schema: ScoreSchema, { author, now }: Act): ScoreSchema {
  const version = nextVersion(writer, 'score_schema', schema.id, presets().schemas);
  const saved = { ...schema, version };
  putDefinition(writer, 'score_schema', { id: schema.id, version, body: JSON.stringify(saved), author, madeAt: now });
  return saved;
}

/** A preset is as it ships again; another one is gone from the list. Its versions stay. */
export function dropDefinition(writer: Writer, kind: DefinitionKind, id: string, { author, now }: Act): void {
  const known = kind === 'taxonomy' ? presets().taxonomies : presets().schemas;
  putDefinition(writer, kind, { id, version: nextVersion(writer, kind, id, known), body: null, author, madeAt: now });
}

export function taxonomyUsage(reader: Reader, id: string): TaxonomyUsage {
  const taxonomy = taxonomiesOf(reader).find((each) => each.id === id);
  const codeOf = counting(taxonomy ?? { categories: [] });
  const known = new Set(taxonomy?.categories.map(({ code }) => code));
  const codes = new Map<string, string>();
  const found = new Map<string, { annotations: number; spellings: { spelling: string; annotations: number }[] }>();
  for (const { spelling, annotations } of spellingsUsed(reader, id)) {
    const code = codeOf(spelling);
    codes.set(spelling, code);
    const entry = found.get(code) ?? { annotations: 0, spellings: [] };
    entry.annotations += annotations;
    if (entry.spellings.length < MAX_SPELLINGS) entry.spellings.push({ spelling, annotations });
    found.set(code, entry);
  }
  const traces = tracesByCode(reader, id, codes);
  const usage = [...found]
    .map(([code, entry]): CategoryUsage => ({ code, ...entry, traces: traces.get(code) ?? 0 }))
    .sort((a, b) => b.annotations - a.annotations || (a.code < b.code ? -1 : 1));
  const unknown = usage.filter(({ code }) => !known.has(code));
  return {
    categories: usage.filter(({ code }) => known.has(code)),
    unknown: unknown.slice(0, MAX_UNKNOWN),
    unknownCount: unknown.length,
  };
}

/** Label sets that annotations name and that nothing here describes. */
export function unknownTaxonomies(reader: Reader): readonly { readonly id: string; readonly annotations: number }[] {
  const known = new Set(taxonomiesOf(reader).map(({ id }) => id));
  return labelSetsUsed(reader).filter(({ id }) => !known.has(id));
}

function standing<T extends { readonly id: string; readonly title: string; readonly version: number }>(
  reader: Reader,
  kind: DefinitionKind,
  known: readonly T[],
  read: (row: StoredDefinition) => T | null,
): readonly T[] {
  const newest = new Map(newestDefinitions(reader, kind).map((row) => [row.id, row]));
  const first = known.map((preset): T => {
    const row = newest.get(preset.id);
    newest.delete(preset.id);
    if (!row) return preset;
    return row.body === null ? { ...preset, version: row.version } : (read(row) ?? preset);
  });
  const own = [...newest.values()].flatMap((row) => read(row) ?? []);
  return [...first, ...own.sort((a, b) => (a.title.toLowerCase() < b.title.toLowerCase() ? -1 : 1))];
}

function nextVersion(
  reader: Reader,
  kind: DefinitionKind,
  id: string,
  known: readonly { readonly id: string; readonly version: number }[],
): number {
  const preset = known.find((each) => each.id === id)?.version ?? 0;
  return Math.max(preset, definitionVersions(reader, kind, id).at(-1)?.version ?? 0) + 1;
}

/** Null for one that was removed, or that only a hand in the file can have damaged. */
function readStoredTaxonomy({ body, version }: StoredDefinition): Taxonomy | null {
  const parsed = readBody(body, parseTaxonomy);
  return parsed && { ...parsed, version };
}

function readStoredSchema({ body, version }: StoredDefinition): ScoreSchema | null {
  const parsed = readBody(body, parseScoreSchema);
  return parsed && { ...parsed, version };
}

function readBody<T>(body: string | null, parse: (value: unknown) => Result<T>): T | null {
  if (body === null) return null;
  try {
    const parsed = parse(JSON.parse(body));
    return parsed.ok ? parsed.value : null;
  } catch {
    return null;
  }
}

function readPresets(): Presets {
  const folder = resourcePath('taxonomies');
  if (folder === null) return { taxonomies: [], schemas: [] };
  const taxonomies: Taxonomy[] = [];
  const schemas: ScoreSchema[] = [];
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
    const path = join(folder, name);
    try {
      const text = readFileSync(path, 'utf8');
      if (name === SCHEMAS_FILE) {
        const { schemas: list } = JSON.parse(text) as { readonly schemas: readonly unknown[] };
        for (const each of list) schemas.push(parsedOrThrow(parseScoreSchema(each)));
      } else taxonomies.push({ ...parsedOrThrow(parseTaxonomyFile(text)), preset: true });
    } catch (cause) {
      console.error(`${path}:`, cause);
    }
  }
  return { taxonomies: taxonomies.sort((a, b) => placeOf(a.id) - placeOf(b.id)), schemas };
}

function parsedOrThrow<T>(parsed: Result<T>): T {
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function placeOf(id: string): number {
  const at = ORDER.indexOf(id);
  return at < 0 ? ORDER.length : at;
}

/**
 * Taxonomies and score schemas in a label file, so that a colleague's labels have names. What is defined here stays as it
 * is: a taxonomy only gains the categories that it has not, and anything of another name is new.
 */
import { canonicalJson } from '#shared/canonical-json.ts';
import type { JsonObject } from '#shared/json.ts';
import { parseScoreSchema, parseTaxonomy } from '#shared/parse-taxonomy.ts';
import type { DefinitionRecord } from '#shared/record.ts';
import { folded, type ScoreSchema, type Taxonomy } from '#shared/taxonomy.ts';
import type { Reader, Writer } from '../store/database.ts';
import { saveSchema, saveTaxonomy, schemasOf, shippedSchema, taxonomiesOf } from './taxonomies.ts';

/** Those of these names that people made or edited here: what ships with the app, everybody has. */
export function* definitionsNamed(reader: Reader, names: ReadonlySet<string>): Generator<DefinitionRecord> {
  for (const { preset, version: _, ...taxonomy } of taxonomiesOf(reader))
    if (!preset && names.has(taxonomy.id)) yield told('taxonomy', taxonomy);
  for (const { version: _, ...schema } of schemasOf(reader)) {
    const ships = shippedSchema(schema.id);
    if (names.has(schema.id) && !(ships && sameWords(ships, schema))) yield told('score_schema', schema);
  }
}

export type Taken = 'new' | 'known' | 'different' | 'unreadable';

/** @param now milliseconds since the Unix epoch */
export function takeDefinition(writer: Writer, { kind, definition }: DefinitionRecord, now: number): Taken {
  const act = { author: null, now };
  if (kind === 'taxonomy') {
    const parsed = parseTaxonomy(definition);
    if (!parsed.ok) return 'unreadable';
    const own = taxonomiesOf(writer).find(({ id }) => id === parsed.value.id);
    const wanted = own ? withCategoriesOf(own, parsed.value) : parsed.value;
    if (wanted === own) return 'known';
    if (!parseTaxonomy(wanted).ok) return 'different';
    saveTaxonomy(writer, wanted, act);
    return 'new';
  }
  const parsed = parseScoreSchema(definition);
  if (!parsed.ok) return 'unreadable';
  const own = schemasOf(writer).find(({ id }) => id === parsed.value.id);
  if (own) return sameWords(own, parsed.value) ? 'known' : 'different';
  saveSchema(writer, parsed.value, act);
  return 'new';
}

/** The same object when it has all of them. What a name here stands for already, it goes on to stand for. */
function withCategoriesOf(own: Taxonomy, other: Taxonomy): Taxonomy {
  const claimed = new Set(
    own.categories.flatMap(({ code, title, aliases }) => [code, title, ...aliases].map((name) => folded(name))),
  );
  const codes = new Map(own.categories.map(({ code }) => [folded(code), code]));
  const added = other.categories.filter(({ code, title }) => !claimed.has(folded(code)) && !claimed.has(folded(title)));
  if (added.length === 0) return own;
  for (const { code } of added) codes.set(folded(code), code);
  const categories = added.map((category) => ({
    ...category,
    parent: category.parent === null ? null : (codes.get(folded(category.parent)) ?? null),
    aliases: category.aliases.filter((alias) => !claimed.has(folded(alias))),
  }));
  return { ...own, categories: [...own.categories, ...categories] };
}

function told(kind: DefinitionRecord['kind'], definition: object): DefinitionRecord {
  return { type: 'definition', kind, definition: definition as JsonObject };
}

function sameWords(one: Partial<ScoreSchema>, other: Partial<ScoreSchema>): boolean {
  return canonicalJson({ ...one, version: 0 }) === canonicalJson({ ...other, version: 0 });
}

/** Taxonomies, score schemas and open coding. */
import { writeFile } from 'node:fs/promises';
import { NOTES_AT_ONCE } from '#shared/coding.ts';
import { parseScoreSchema, parseTaxonomy, writeTaxonomyFile } from '#shared/parse-taxonomy.ts';
import { AppFailure, toAppError, type Result } from '#shared/result.ts';
import { groupNotes, promoteNotes, withdraw } from '../../review/coding.ts';
import {
  dropDefinition,
  saveSchema,
  saveTaxonomy,
  schemasOf,
  taxonomiesOf,
  taxonomyHistory,
  taxonomyUsage,
  unknownTaxonomies,
  type Act,
} from '../../review/taxonomies.ts';
import type { Reader, Writer } from '../../store/database.ts';
import { countNotes, listNotes } from '../../store/note-queries.ts';
import type { Writing } from '../create-engine.ts';
import { reviewerOf } from './annotations.ts';
import type { ReadHandlers } from './reads.ts';
import type { Handlers } from './types.ts';

const NOTE_PAGE = 500;
const MAX_GROUP = 200;

type Reads =
  | 'taxonomy.list'
  | 'taxonomy.history'
  | 'taxonomy.usage'
  | 'taxonomy.unknown'
  | 'taxonomy.export'
  | 'schema.list'
  | 'coding.notes'
  | 'coding.counts';
type Writes =
  | 'taxonomy.save'
  | 'taxonomy.reset'
  | 'schema.save'
  | 'schema.remove'
  | 'coding.promote'
  | 'coding.group'
  | 'coding.withdraw';

export const taxonomyReads: Pick<ReadHandlers, Reads> = {
  'taxonomy.list': ({ reader }) => taxonomiesOf(reader),
  'taxonomy.history': ({ reader }, { id }) => taxonomyHistory(reader, id),
  'taxonomy.usage': ({ reader }, { id }) => taxonomyUsage(reader, id),
  'taxonomy.unknown': ({ reader }) => unknownTaxonomies(reader),
  'taxonomy.export': async ({ reader }, { id, path }) => {
    const found = taxonomiesOf(reader).find((each) => each.id === id);
    if (!found) throw notFound('taxonomy', id);
    try {
      await writeFile(path, writeTaxonomyFile(found));
    } catch (cause) {
      throw new AppFailure({
        code: 'unwritable_file',
        message: `The file could not be written: ${toAppError(cause).message}`,
        hint: 'Choose another folder.',
      });
    }
    return null;
  },
  'schema.list': ({ reader }) => schemasOf(reader),
  'coding.notes': ({ reader }, { limit, ...query }) =>
    listNotes(reader, { ...query, limit: Math.max(1, Math.min(limit ?? 100, NOTE_PAGE)) }),
  'coding.counts': ({ reader }, filter) => countNotes(reader, filter),
};

export function taxonomyWrites(reader: Reader, writing: () => Writing): Pick<Handlers, Writes> {
  /** One transaction, by the reviewer, now. */
  function write<T>(
    work: (writer: Writer, act: Act) => T,
    changed: (result: T) => readonly [string, readonly string[]],
  ): T {
    const { workspace, feed } = writing();
    const { connection } = workspace;
    if (!connection)
      throw new AppFailure({ code: 'workspace_locked', message: 'The workspace is open for reading only.' });
    const act = { author: reviewerOf(reader), now: Date.now() };
    const result = connection.transaction((writer) => work(writer, act));
    const [table, traceIds] = changed(result);
    feed.changed([table], traceIds);
    return result;
  }
  const definition = (): readonly [string, readonly string[]] => ['taxonomy', []];
  const annotations = (refs: readonly { readonly traceId: string }[]): readonly [string, readonly string[]] => [
    'annotation',
    [...new Set(refs.map(({ traceId }) => traceId))],
  ];

  return {
    'taxonomy.save': (_signal, { taxonomy }) => {
      const checked = checkedOrThrow(parseTaxonomy(taxonomy));
      return write((writer, act) => saveTaxonomy(writer, checked, act), definition);
    },
    'taxonomy.reset': (_signal, { id }) => {
      if (!taxonomiesOf(reader).some((each) => each.id === id)) throw notFound('taxonomy', id);
      write((writer, act) => dropDefinition(writer, 'taxonomy', id, act), definition);
      return taxonomiesOf(reader).find((each) => each.id === id) ?? null;
    },
    'schema.save': (_signal, { schema }) => {
      const checked = checkedOrThrow(parseScoreSchema(schema));
      return write((writer, act) => saveSchema(writer, checked, act), definition);
    },
    'schema.remove': (_signal, { id }) => {
      if (!schemasOf(reader).some((each) => each.id === id)) throw notFound('score schema', id);
      write((writer, act) => dropDefinition(writer, 'score_schema', id, act), definition);
      return null;
    },
    'coding.promote': (_signal, { notes, taxonomy, category }) => {
      bounded(notes);
      const found = taxonomiesOf(reader).find(({ id }) => id === taxonomy);
      if (!found) throw notFound('taxonomy', taxonomy);
      const known = found.categories.find(({ code }) => code === category);
      if (!known || known.retired)
        throw new AppFailure({
          code: 'not_found',
          message: `${found.title} has no category "${category.slice(0, 200)}" that is offered.`,
          hint: 'Choose another one, or add it to the taxonomy first.',
        });
      const made = write((writer, act) => promoteNotes(writer, notes, { taxonomy, category }, act), annotations);
      return { made };
    },
    'coding.group': (_signal, { notes, group }) => {
      bounded(notes);
      const title = group?.trim() ?? null;
      if (title === '' || (title?.length ?? 0) > MAX_GROUP)
        throw new AppFailure({ code: 'bad_request', message: `A working title has 1 to ${MAX_GROUP} characters.` });
      return { changed: write((writer, act) => groupNotes(writer, notes, title, act), annotations) };
    },
    'coding.withdraw': (_signal, { annotations: refs }) => {
      bounded(refs);
      return {
        removed: write(
          (writer, act) => withdraw(writer, refs, act),
          () => annotations(refs),
        ),
      };
    },
  };
}

function checkedOrThrow<T>(parsed: Result<T>): T {
  if (!parsed.ok) throw new AppFailure(parsed.error);
  return parsed.value;
}

function bounded(notes: readonly unknown[]): void {
  if (notes.length > NOTES_AT_ONCE)
    throw new AppFailure({
      code: 'bad_request',
      message: `At most ${NOTES_AT_ONCE} notes can be changed at once.`,
      hint: 'Do it in several steps.',
    });
}

function notFound(what: string, id: string): AppFailure {
  return new AppFailure({ code: 'not_found', message: `There is no ${what} "${id.slice(0, 200)}".` });
}

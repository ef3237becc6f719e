/** Making, editing and removing score schemas, each to be taken back. */
import type { AppError, Result } from '#shared/result.ts';
import { attempt } from '#shared/rpc/client.ts';
import type { ScoreSchema } from '#shared/taxonomy.ts';
import { assumeAnswer, engine, queryClient } from '../../../data/engine.ts';
import { notifyError } from '../../../state/notices.ts';
import { did, inTurn } from '../acts.ts';

export type SchemaEdit = (schema: ScoreSchema) => ScoreSchema;

export function createSchema(title: string, schema: ScoreSchema): Promise<AppError | null> {
  return inTurn(async () => {
    const result = await put(schema);
    if (!result.ok) return result.error;
    did({ title, undo: () => take(schema.id), redo: () => put(schema) }, true);
    return null;
  });
}

/** Changes what stands when its turn comes: the edit before it may be on its way while a person makes the next. */
export function editSchema(title: string, shown: ScoreSchema, edit: SchemaEdit): Promise<AppError | null> {
  return inTurn(async () => {
    const list = await attempt(engine.call('schema.list', undefined));
    const before = (list.ok ? list.value.find(({ id }) => id === shown.id) : undefined) ?? shown;
    const after = edit(before);
    if (after === before) return null;
    const result = await put(after);
    if (!result.ok) return result.error;
    did({ title, undo: () => put(before), redo: () => put(after) }, true);
    return null;
  });
}

/** Gone, or as it ships with the app again. */
export function removeSchema(before: ScoreSchema): Promise<void> {
  return inTurn(async () => {
    const result = await take(before.id);
    if (!result.ok) {
      notifyError('The score schema was not removed', result.error);
      return;
    }
    const title = result.value ? `“${before.title}” is as it ships with the app` : `“${before.title}” removed`;
    did({ title, undo: () => put(before), redo: () => take(before.id) });
  });
}

async function put(schema: ScoreSchema): Promise<Result<ScoreSchema>> {
  const result = await attempt(engine.call('schema.save', { schema }));
  if (!result.ok) return result;
  const list = queryClient.getQueryData<readonly ScoreSchema[]>(['schema.list', null]);
  if (list) assumeAnswer('schema.list', undefined, replaced(list, result.value));
  return result;
}

/** The value says whether one of this name ships with the app: then it stands again. */
async function take(id: string): Promise<Result<boolean>> {
  const removed = await attempt(engine.call('schema.remove', { id }));
  if (!removed.ok) return removed;
  const list = await attempt(engine.call('schema.list', undefined));
  if (!list.ok) return list;
  assumeAnswer('schema.list', undefined, list.value);
  return { ok: true, value: list.value.some((each) => each.id === id) };
}

function replaced(list: readonly ScoreSchema[], schema: ScoreSchema): readonly ScoreSchema[] {
  return list.some(({ id }) => id === schema.id)
    ? list.map((each) => (each.id === schema.id ? schema : each))
    : [...list, schema];
}

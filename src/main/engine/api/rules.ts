/** User rules and rebuilding. */
import type { RebuildReport, RulesState } from '#shared/rpc/contract.ts';
import { AppFailure } from '#shared/result.ts';
import type { Rule } from '#shared/rules.ts';
import { parseRules } from '#shared/parse-rules.ts';
import { NORMALISER_VERSION } from '../../ingest/ingest.ts';
import type { Reader } from '../../store/database.ts';
import { olderBodies } from '../../store/rebuild-store.ts';
import { areRulesApplied, readRules, writeRules } from '../../store/rule-store.ts';
import { listTraces, traceKeyOf } from '../../store/trace-queries.ts';
import type { Writing } from '../create-engine.ts';
import { previewRules } from '../preview-rules.ts';
import type { DomainHandlers } from './types.ts';

const PAGE = 1_000;

export function ruleHandlers(
  reader: Reader,
  writing: () => Writing,
  jobId: () => string | null,
): DomainHandlers<'rules' | 'rebuild'> {
  function state(): RulesState {
    return {
      rules: readRules(reader),
      applied: areRulesApplied(reader),
      olderBodies: olderBodies(reader, NORMALISER_VERSION),
      jobId: jobId(),
    };
  }

  return {
    'rules.get': state,
    'rules.set': (_signal, { rules }) => {
      const { workspace, book, rebuild, feed } = writing();
      const checked = read(rules);
      if (rebuild.jobId() !== null) {
        throw new AppFailure({
          code: 'store_busy',
          message: 'The rules cannot be changed while a rebuild applies them.',
          hint: 'Wait until it is done, or cancel it.',
        });
      }
      workspace.connection?.transaction((writer) => {
        writeRules(writer, checked);
      });
      book.use(checked);
      feed.changed(['setting'], []);
      return state();
    },
    'rules.preview': ({ signal }, { rules }) => previewRules(reader, read(rules), signal),
    'rebuild.run': async (signal, { jobId: id, traceIds, query }): Promise<RebuildReport> => {
      const { rebuild } = writing();
      return rebuild.run(id, wanted(reader, traceIds, query), signal);
    },
    'rebuild.cancel': () => {
      writing().rebuild.cancel();
      return null;
    },
  };
}

function read(rules: unknown): readonly Rule[] {
  const parsed = parseRules(rules);
  if (!parsed.ok) throw new AppFailure(parsed.error);
  return parsed.value;
}

/** Ids of the traces; null = all. */
function wanted(
  reader: Reader,
  traceIds: readonly string[] | undefined,
  query: string | undefined,
): readonly string[] | null {
  if (traceIds !== undefined) {
    const unknown = traceIds.find((id) => traceKeyOf(reader, id) === null);
    if (unknown !== undefined)
      throw new AppFailure({ code: 'not_found', message: `There is no trace "${unknown.slice(0, 200)}".` });
    return traceIds;
  }
  if (query === undefined || query.trim() === '') return null;
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = listTraces(reader, { query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const row of page.rows) found.push(row.id);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

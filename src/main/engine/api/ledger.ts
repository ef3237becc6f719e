import { AppFailure } from '#shared/result.ts';
import type { Reader } from '../../store/database.ts';
import { ledgerCounts, ledgerItems } from '../../store/ledger-store.ts';
import { traceKeyOf } from '../../store/trace-queries.ts';
import type { DomainHandlers } from './types.ts';

const ITEMS = 500;

export const ledgerHandlers: DomainHandlers<'ledger'> = {
  'ledger.get': ({ reader }, { traceId }) => ledgerCounts(reader, keyOf(reader, traceId)),
  'ledger.items': ({ reader }, { kind, traceId, limit = 100, offset = 0 }) =>
    ledgerItems(reader, kind, keyOf(reader, traceId), { limit: Math.min(limit, ITEMS), offset }),
};

/** Null for the whole workspace. */
function keyOf(reader: Reader, traceId: string | undefined): number | null {
  if (traceId === undefined) return null;
  const key = traceKeyOf(reader, traceId);
  if (key === null) throw new AppFailure({ code: 'not_found', message: 'This trace does not exist, or was deleted.' });
  return key;
}

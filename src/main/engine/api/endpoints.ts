/** Judge endpoints and the ledger of what was sent to them. */
import { parseEndpoint } from '#shared/endpoint.ts';
import { AppFailure } from '#shared/result.ts';
import type { Connection } from '../../store/database.ts';
import type { Writing } from '../create-engine.ts';
import type { Judges } from '../judge/judges.ts';
import type { DomainHandlers } from './types.ts';

const OUTBOUND_PAGE = 100;
const MOST_OUTBOUND = 1_000;

export function endpointHandlers(
  judges: Judges,
  writing: () => Writing,
): DomainHandlers<'endpoint'> & DomainHandlers<'outbound'> {
  function write<T>(work: (connection: Connection) => T): T {
    const { workspace, feed } = writing();
    // A workspace that is written has one.
    if (!workspace.connection) throw new Error('a read-only workspace cannot be written');
    const result = work(workspace.connection);
    feed.changed(['endpoint'], []);
    return result;
  }

  return {
    'endpoint.list': () => judges.book.list(),
    'endpoint.save': (_signal, { endpoint, confirm }) => {
      const parsed = parseEndpoint(endpoint);
      if (!parsed.ok) throw new AppFailure({ code: 'bad_request', message: parsed.error });
      const saved = write((connection) => judges.book.save(connection, parsed.value, confirm === true));
      if (!saved) throw missing();
      return saved;
    },
    'endpoint.remove': (_signal, { id }) => {
      if (!write((connection) => judges.book.remove(connection, id))) throw missing();
      return null;
    },
    'endpoint.test': async (signal, { id }) => {
      const endpoint = judges.book.inUse().find((each) => each.id === id);
      if (!endpoint) throw missing();
      return judges.services.test(endpoint, signal);
    },
    'outbound.list': (_context, { limit = OUTBOUND_PAGE }) =>
      judges.memory.outbound(Math.min(Math.max(1, limit), MOST_OUTBOUND)),
  };
}

function missing(): AppFailure {
  return new AppFailure({ code: 'not_found', message: 'There is no such judge endpoint.' });
}

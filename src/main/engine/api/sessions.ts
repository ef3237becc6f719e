import { AppFailure } from '#shared/result.ts';
import { getSession, listSessions, listSessionTraces, placeInSession } from '../../store/session-queries.ts';
import type { DomainHandlers } from './types.ts';

const gone = {
  code: 'not_found',
  message: 'This session does not exist, or its traces were deleted.',
  hint: 'Go back to Sessions.',
} as const;

export const sessionHandlers: DomainHandlers<'session'> = {
  'session.list': ({ reader }, args) => listSessions(reader, args),
  'session.get': ({ reader }, { sessionId }) => {
    const row = getSession(reader, sessionId);
    if (!row) throw new AppFailure(gone);
    return row;
  },
  'session.traces': ({ reader }, args) => {
    const page = listSessionTraces(reader, args);
    if (!page) throw new AppFailure(gone);
    return page;
  },
  'session.place': ({ reader }, { traceId }) => placeInSession(reader, traceId),
};

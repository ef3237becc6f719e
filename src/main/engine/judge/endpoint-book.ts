/** The endpoints of a workspace, and whether traces may be sent to them from this computer. */
import { createHash, randomUUID } from 'node:crypto';
import { homedir, hostname, userInfo } from 'node:os';
import type { EndpointDraft, JudgeEndpoint } from '#shared/endpoint.ts';
import { isLoopback } from '#shared/endpoint.ts';
import type { Connection, Reader } from '../../store/database.ts';
import type { StoredEndpoint } from '../../store/judge-store.ts';
import { readEndpoints, removeEndpoint, writeEndpoint } from '../../store/judge-store.ts';
import type { EndpointInUse } from './endpoint-in-use.ts';
import type { KeyRing } from './key-ring.ts';

export type EndpointBook = {
  /** The default one first, then in the order in which they were made. */
  readonly list: () => readonly JudgeEndpoint[];
  readonly inUse: () => readonly EndpointInUse[];
  /** @param confirm the user says that traces may be sent to this host */
  readonly save: (connection: Connection, draft: EndpointDraft, confirm: boolean) => JudgeEndpoint | null;
  /** False where there is none of this id. */
  readonly remove: (connection: Connection, id: string) => boolean;
};

export function createEndpointBook(reader: Reader, keys: KeyRing): EndpointBook {
  function list(): JudgeEndpoint[] {
    const all = readEndpoints(reader).map((stored) => shown(stored, keys));
    return [...all.filter(({ isDefault }) => isDefault), ...all.filter(({ isDefault }) => !isDefault)];
  }

  return {
    list,
    inUse: list,
    save(connection, draft, confirm) {
      const before = readEndpoints(reader).find(({ id }) => id === draft.id);
      if (draft.id !== undefined && !before) return null;
      const id = before?.id ?? randomUUID();
      const confirmedFor = confirm ? fingerprint(draft) : (before?.confirmedFor ?? null);
      // The default stays one until another is made it.
      const isDefault = draft.isDefault || before?.isDefault === true;
      writeEndpoint(connection, { ...draft, id, isDefault, confirmedFor }, Date.now());
      return list().find((endpoint) => endpoint.id === id) ?? null;
    },
    remove: removeEndpoint,
  };
}

function shown({ confirmedFor, ...endpoint }: StoredEndpoint, keys: KeyRing): JudgeEndpoint {
  const loopback = isLoopback(new URL(endpoint.baseUrl));
  const keyPlace = keys.find(endpoint)?.place ?? null;
  const confirmed = loopback || confirmedFor === fingerprint(endpoint);
  return { ...endpoint, hasKey: keyPlace !== null, keyPlace, loopback, confirmed };
}

/** What a person agreed to, and where: another host, another key or a workspace from another computer asks again. */
function fingerprint({ baseUrl, apiKeyEnv }: Pick<EndpointDraft, 'baseUrl' | 'apiKeyEnv'>): string {
  const here = [hostname(), userInfo().username, homedir()];
  return createHash('sha256')
    .update(JSON.stringify([new URL(baseUrl).origin, apiKeyEnv, ...here]))
    .digest('hex');
}

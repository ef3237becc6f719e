/** Lines sorted by session and by who acts in them: the main agent or one of its sub-agents. */
import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { NormalisedRecord } from '#shared/record.ts';
import { issue, textOf, timeOf } from '../fields.ts';
import type { Line } from '../logs/read.ts';

export type Entry = {
  readonly line: JsonObject;
  readonly number: number;
  readonly type: string;
  readonly uuid: string | null;
  readonly parent: string | null;
  readonly time: bigint | null;
  /** Null = the main agent; else what names the sub-agent: its id, or the first line of its chain. */
  readonly actor: string | null;
};

export type Session = { readonly id: string; readonly entries: Entry[] };

/** Null when no line is of a kind that sessions have. */
export function readEntries(
  lines: readonly Line[],
  fileSession: string,
  records: NormalisedRecord[],
): Session[] | null {
  const objects = lines.flatMap(({ number, value }) => {
    if (isJsonObject(value) && typeof value.type === 'string') return [{ number, line: value, type: value.type }];
    records.push(issue('error', 'unknown_item', `Line ${number} is no entry of a session.`, { item: value }));
    return [];
  });
  if (objects.length === 0 || !objects.some(({ line }) => isOurs(line))) return null;
  const first = objects.map(({ line }) => textOf(line.sessionId)).find((id) => id !== null) ?? fileSession;
  const sessions = new Map<string, Session>();
  const seen = new Map<string, JsonObject>();
  const actorOf = sidechains();
  for (const { number, line, type } of objects) {
    const uuid = textOf(line.uuid);
    if (uuid !== null && isRepeated(seen.get(uuid), line)) continue;
    if (uuid !== null) seen.set(uuid, line);
    const id = textOf(line.sessionId) ?? first;
    const session = sessions.get(id) ?? { id, entries: [] };
    sessions.set(id, session);
    const parent = textOf(line.parentUuid) ?? textOf(line.logicalParentUuid);
    const actor = actorOf(line, id, uuid ?? `line-${number}`, parent);
    session.entries.push({ line, number, type, uuid, parent, time: timeOf(line.timestamp), actor });
  }
  return [...sessions.values()];
}

const KINDS = new Set(['user', 'assistant', 'summary', 'file-history-snapshot']);

function isOurs(line: JsonObject): boolean {
  return (
    line.sessionId !== undefined ||
    line.parentUuid !== undefined ||
    (typeof line.type === 'string' && KINDS.has(line.type))
  );
}

/** A resumed session repeats lines of the one before it. */
function isRepeated(known: JsonObject | undefined, line: JsonObject): boolean {
  if (!known || known.type !== line.type || known.sessionId !== line.sessionId) return false;
  return JSON.stringify(known.message ?? null) === JSON.stringify(line.message ?? null);
}

type ActorOf = (line: JsonObject, session: string, uuid: string, parent: string | null) => string | null;

/** Sidechains without an agent's id are told apart by the line that begins each. */
function sidechains(): ActorOf {
  const byUuid = new Map<string, string>();
  const latest = new Map<string, string>();
  return (line, session, uuid, parent) => {
    if (line.isSidechain !== true) return null;
    const agentId = textOf(line.agentId);
    if (agentId !== null) return agentId;
    // Where lines were cut out of the chain, the latest one goes on.
    const actor = parent === null ? uuid : (byUuid.get(parent) ?? latest.get(session) ?? uuid);
    byUuid.set(uuid, actor);
    latest.set(session, actor);
    return actor;
  };
}

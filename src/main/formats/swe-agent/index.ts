/**
 * SWE-agent trajectories (`.traj`): steps of thought, action and observation, with the messages in `history`. A step is
 * a model call and the action that it asked for. Batches of predictions (`all_preds.jsonl`) are not runs.
 */
import type { DecodeContext, Decoded, DecoderFormat } from '#shared/format.ts';
import { isJsonObject, type JsonObject } from '#shared/json.ts';
import type { IssueRecord, NormalisedRecord } from '#shared/record.ts';
import { fail, ok, type AppError, type Result } from '#shared/result.ts';
import { countOf, digestOf, issue, objectOf, remaining, textOf } from '../fields.ts';
import { headOf, readDocument } from '../logs/read.ts';
import { spanRecord } from '../span-record.ts';
import { readHistory } from './history.ts';
import { ORIGIN, ROOT } from './run.ts';
import { readSteps } from './steps.ts';

export const sweAgent: DecoderFormat = {
  type: 'decoder',
  id: 'swe-agent',
  label: 'SWE-agent trajectory',
  routes: [],
  detect: (head) => {
    const text = headOf(head);
    if (text === null || !text.startsWith('{')) return 0;
    const step = /"observation"\s{0,8}:/.test(text) && /"action"\s{0,8}:/.test(text);
    if (/"trajectory"\s{0,8}:\s{0,8}\[/.test(text) && step && /"(?:thought|response)"\s{0,8}:/.test(text)) return 0.95;
    if (!/^\{\s{0,64}"history"\s{0,8}:\s{0,8}\[/.test(text)) return 0;
    return /"message_type"\s{0,8}:/.test(text) && /"agent"\s{0,8}:\s{0,8}"/.test(text) ? 0.9 : 0;
  },
  decode,
};

const TAKEN = new Set(['trajectory', 'history', 'info']);
const INFO_TAKEN = new Set(['model_stats', 'exit_status']);

function decode(bytes: Uint8Array, context: DecodeContext): Result<Decoded, AppError> {
  const issues: IssueRecord[] = [];
  const document = readDocument(bytes, issues);
  const { trajectory, history } = isJsonObject(document) ? document : {};
  if (!isJsonObject(document) || (!Array.isArray(trajectory) && !Array.isArray(history))) return fail(NOT_OURS);
  const traceId = `swe-agent:${digestOf(bytes)}`;
  const records: NormalisedRecord[] = [];
  const messages = readHistory(document.history);
  const instance = instanceOf(context.name, document);
  const info = objectOf(document.info);
  const exit = textOf(info.exit_status);
  const problem = messages.task;
  records.push({
    type: 'trace',
    traceId,
    ...(instance === null ? {} : { name: instance }),
    workflow: 'SWE-agent',
    metadata: {
      ...(instance === null ? {} : { instance_id: instance }),
      ...(problem === null ? {} : { task: problem }),
      ...(exit === null ? {} : { outcome: exit }),
      ...remaining(document, TAKEN),
    },
  });
  records.push(rootSpan(traceId, info, messages.agent));
  const model = textOf(objectOf(objectOf(objectOf(document.replay_config).agent).model).name);
  const steps = readSteps({ traceId, model }, document, messages, records);
  if (steps === 0) records.push(issue('warning', 'invalid_item', 'The trajectory holds no step.', { traceId }));
  return ok({ records: [...records, ...issues.map((each) => ({ ...each, traceId }))] });
}

/** What the run as a whole consumed and left: SWE-agent counts per run alone. */
function rootSpan(traceId: string, info: JsonObject, agent: string | null) {
  const stats = objectOf(info.model_stats);
  const input = countOf(stats.tokens_sent);
  const output = countOf(stats.tokens_received);
  const exit = textOf(info.exit_status);
  const failed = exit !== null && /error|exit_(?:cost|context|format|api|forfeit)|early_exit/i.test(exit);
  const name = agent ?? 'agent';
  return spanRecord({
    traceId,
    spanId: ROOT,
    kind: 'agent',
    name,
    agent: name,
    status: failed ? 'error' : exit?.startsWith('submitted') ? 'ok' : 'unset',
    error: failed ? { type: exit, message: exit } : null,
    reportedUsage:
      input === null && output === null ? null : { input, output, cacheRead: null, cacheWrite: null, reasoning: null },
    cost: countOf(stats.instance_cost),
    output: textOf(info.submission) === null ? [] : [{ kind: 'text', text: textOf(info.submission) ?? '' }],
    attributes: {
      ...(exit === null ? {} : { exit_status: exit }),
      ...remaining(info, new Set([...INFO_TAKEN, 'submission'])),
      ...(Object.keys(stats).length === 0 ? {} : { model_stats: stats }),
    },
    origin: ORIGIN,
  });
}

/** The problem's id is the file's name; newer files say it themselves. */
function instanceOf(name: string | null, document: JsonObject): string | null {
  const said = textOf(document.instance_id) ?? textOf(objectOf(objectOf(document.replay_config).problem_statement).id);
  const file = name === null ? null : /([^/\\]{1,200})\.traj(?:\.json)?(?:\.gz)?$/.exec(name)?.[1];
  return said ?? file ?? null;
}

const NOT_OURS: AppError = {
  code: 'unreadable_file',
  message: 'The file is not a whole SWE-agent trajectory with a "trajectory" or a "history".',
};

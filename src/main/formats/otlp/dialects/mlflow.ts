/** MLflow: every attribute is JSON text, also of plain texts ("\"AGENT\""). From its documentation, not captured. */
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import { readJsonText } from '../../messages/index.ts';
import { mapIn, usageFacts } from './json-map.ts';
import { KIND, readAnyContent, readCount, readName } from './readers.ts';
import type { ContentContext, Dialect, KindFact, FactSource } from './types.ts';

const KINDS: ReadonlyMap<string, KindFact> = new Map<string, KindFact>([
  ['LLM', KIND.generation],
  ['CHAT_MODEL', KIND.generation],
  ['AGENT', KIND.agent],
  ['TOOL', KIND.tool],
  ['CHAIN', KIND.chain],
  ['RETRIEVER', KIND.retrieval],
  ['RERANKER', KIND.rerank],
  ['EMBEDDING', KIND.embedding],
  ['PARSER', { kind: 'chain', subtype: 'parser' }],
  ['MEMORY', { kind: 'custom', subtype: 'memory' }],
  ['WORKFLOW', KIND.workflow],
  ['TASK', KIND.task],
  ['GUARDRAIL', KIND.guardrail],
  ['EVALUATOR', KIND.evaluator],
]);

export const mlflow: Dialect = {
  id: 'mlflow',
  scopes: [/^mlflow(?:\.|$)/],
  tells: ['mlflow.spanType', 'mlflow.traceRequestId', 'mlflow.spanInputs'],
  facts: [
    {
      field: 'kind',
      rank: 120,
      key: 'mlflow.spanType',
      read: (value) => KINDS.get((readQuoted(value) ?? '').toUpperCase()) ?? null,
    },
    quoted('model', 90, 'mlflow.llm.model'),
    quoted('tool', 65, 'mlflow.spanFunctionName', ['tool', 'handoff']),
    ...usageFacts(80, 'mlflow.chat.tokenUsage'),
    {
      field: 'cost',
      rank: 60,
      key: 'mlflow.llm.cost',
      costly: true,
      read: (value) => readCount(mapIn(value)?.total_cost ?? null),
    },
    quoted('session', 110, 'mlflow.trace.session'),
    quoted('user', 50, 'mlflow.trace.user'),
    quoted('traceName', 30, 'mlflow.traceName'),
  ],
  content: [
    { field: 'input', rank: 120, key: 'mlflow.spanInputs', read: readValue },
    { field: 'output', rank: 120, key: 'mlflow.spanOutputs', read: readValue },
  ],
};

type QuotedField = 'model' | 'tool' | 'session' | 'user' | 'traceName';

function quoted(field: QuotedField, rank: number, key: string, when?: FactSource['when']): FactSource {
  return { field, rank, key, read: readQuoted, ...(when ? { when } : {}) };
}

function unquoted(value: Json): Json {
  return typeof value === 'string' && value.startsWith('"') ? (readJsonText(value) ?? value) : value;
}

function readQuoted(value: Json): string | null {
  const name = unquoted(value);
  return name === 'null' ? null : readName(name);
}

function readValue(value: Json, context: ContentContext): ContentItem[] {
  return value === 'null' ? [] : readAnyContent(unquoted(value), context);
}

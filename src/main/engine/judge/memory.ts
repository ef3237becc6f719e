/** What judges remember: answers, embeddings, how endpoints answer, and the ledger of what went out. */
import type { OutboundPage, OutboundRow } from '#shared/endpoint.ts';
import { OUTBOUND_KEPT } from '#shared/endpoint.ts';
import type { Json } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import type { Connection } from '../../store/database.ts';
import {
  addOutbound,
  listOutbound,
  readAnswer,
  readAnswerForm,
  readEmbedding,
  writeAnswer,
  writeAnswerForm,
  writeEmbeddings,
} from '../../store/judge-store.ts';
import { writeFailure } from '../../store/sqlite-error.ts';

export type KnownAnswer = {
  readonly value: Json;
  readonly text: string;
  /** As the endpoint named it. */
  readonly model: string;
};

export type JudgeMemory = {
  readonly answer: (key: Uint8Array) => KnownAnswer | null;
  /** @param traceIds it is forgotten with any of these */
  readonly keepAnswer: (key: Uint8Array, answer: KnownAnswer, traceIds: readonly string[]) => void;
  readonly embedding: (key: Uint8Array) => Float32Array | null;
  readonly keepEmbeddings: (
    rows: readonly { readonly key: Uint8Array; readonly vector: Float32Array }[],
    traceIds: readonly string[],
  ) => void;
  readonly form: (baseUrl: string, model: string) => string | null;
  readonly keepForm: (baseUrl: string, model: string, form: string) => void;
  readonly record: (row: Omit<OutboundRow, 'id'>) => void;
  readonly outbound: (limit: number) => OutboundPage;
};

/** @param recorded is told after each row of the ledger */
export function storedMemory(connection: Connection, recorded: () => void = () => undefined): JudgeMemory {
  return {
    answer(key) {
      const text = readAnswer(connection, key);
      const known = text === null ? null : (JSON.parse(text) as Json);
      if (!isJsonObject(known) || typeof known.text !== 'string' || typeof known.model !== 'string') return null;
      return { value: known.value ?? null, text: known.text, model: known.model };
    },
    keepAnswer(key, answer, traceIds) {
      const row = { key, model: answer.model, answer: JSON.stringify(answer), now: Date.now() };
      economy(() => {
        writeAnswer(connection, row, traceIds);
      });
    },
    embedding: (key) => readEmbedding(connection, key),
    keepEmbeddings(rows, traceIds) {
      economy(() => {
        writeEmbeddings(connection, rows, traceIds, Date.now());
      });
    },
    form: (baseUrl, model) => readAnswerForm(connection, baseUrl, model),
    keepForm(baseUrl, model, form) {
      economy(() => {
        writeAnswerForm(connection, baseUrl, model, form);
      });
    },
    record(row) {
      // A full disk takes no ledger; the request is over by then, and its answer is of use.
      economy(() => {
        addOutbound(connection, row);
      });
      recorded();
    },
    outbound: (limit) => listOutbound(connection, limit),
  };
}

/** For who has no workspace to write to: as long as it lives. */
export function passingMemory(): JudgeMemory {
  const answers = new Map<string, KnownAnswer>();
  const embeddings = new Map<string, Float32Array>();
  const forms = new Map<string, string>();
  const rows: OutboundRow[] = [];
  const name = (key: Uint8Array): string => Buffer.from(key).toString('hex');
  let bytesSent = 0;
  let last = 0;
  return {
    answer: (key) => answers.get(name(key)) ?? null,
    keepAnswer: (key, answer) => void answers.set(name(key), answer),
    embedding: (key) => embeddings.get(name(key)) ?? null,
    keepEmbeddings(added) {
      for (const { key, vector } of added) embeddings.set(name(key), vector);
    },
    form: (baseUrl, model) => forms.get(`${baseUrl} ${model}`) ?? null,
    keepForm: (baseUrl, model, form) => void forms.set(`${baseUrl} ${model}`, form),
    record(row) {
      rows.push({ ...row, id: ++last });
      bytesSent += row.bytesSent;
      if (rows.length > OUTBOUND_KEPT) rows.shift();
    },
    outbound: (limit) => ({
      rows: rows.slice(-limit).reverse(),
      requests: rows.length,
      elsewhere: rows.filter(({ loopback }) => !loopback).length,
      bytesSent,
    }),
  };
}

/** What is only an economy must not cost a verdict. */
function economy(work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (writeFailure(cause) === null) throw cause;
  }
}

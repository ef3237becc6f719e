/** Which rows a JSON document of examples holds: a list, one row, or an object that keeps its rows in a list. */
import type { Json, JsonObject } from '#shared/json.ts';
import { isJsonObject } from '#shared/json.ts';
import { fieldNamed, INPUT_FIELDS } from '#shared/dataset-item.ts';
import { isAdkOldTurn } from './adk.ts';
import { kindOf } from './rows.ts';

/** Where files keep their rows, the first that is there. */
export const ROW_LISTS = [
  'eval_cases',
  'evalCases',
  'examples',
  'items',
  'data',
  'rows',
  'tests',
  'test_cases',
  'testCases',
  'cases',
  'tasks',
  'questions',
  'samples',
  'records',
  'content',
  'dataset',
] as const;

export type DocumentRows = {
  readonly rows: readonly Json[];
  /** Of the list: `eval_cases`; null = the document is the row, or the list. */
  readonly list: string | null;
  /** All rows together are one conversation. */
  readonly conversation: boolean;
};

export function rowsIn(document: Json): DocumentRows {
  if (Array.isArray(document)) {
    const rows = document as readonly Json[];
    return { rows, list: '', conversation: rows.length > 0 && rows.every(isAdkOldTurn) };
  }
  if (!isJsonObject(document) || isAdkOldTurn(document) || kindOf(document) !== null) return single(document);
  const within = listIn(document) ?? nested(document);
  if (!within || fieldNamed(document, INPUT_FIELDS) !== null) return single(document);
  return within;
}

function listIn(document: JsonObject): DocumentRows | null {
  for (const name of ROW_LISTS) {
    const rows = Object.hasOwn(document, name) ? document[name] : null;
    if (Array.isArray(rows) && (rows.length === 0 ? Object.keys(document).length < 12 : rows.some(isJsonObject)))
      return { rows: rows as readonly Json[], list: name, conversation: false };
  }
  return null;
}

/** OpenAI's `{"data_source": {"source": {"content": [{"item": …}]}}}` and the like. */
function nested(document: JsonObject): DocumentRows | null {
  for (const name of ['data_source', 'source', 'dataset', 'config']) {
    const inner = document[name];
    if (isJsonObject(inner)) {
      const found = listIn(inner) ?? nested(inner);
      if (found) return found;
    }
  }
  return null;
}

function single(row: Json): DocumentRows {
  return { rows: [row], list: null, conversation: false };
}

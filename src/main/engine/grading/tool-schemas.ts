/** The JSON schema of each tool's arguments, as a trace records it; read once for all its calls. */
import { canonicalJson } from '#shared/canonical-json.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { SPAN_KINDS } from '#shared/record.ts';
import { toolsIn, toolsOffered } from '../../analysis/tool-definitions.ts';
import type { Reader } from '../../store/database.ts';
import type { DetectorContents } from '../../store/detector-contents.ts';
import { callsOf, ownSchema } from '../api/context-view.ts';
import type { Loaded } from '../api/load-trace.ts';
import { once } from './lazy.ts';

const TOOL = SPAN_KINDS.indexOf('tool');
const MOST_SPANS = 200;

/** By place of the call's span, and name of the tool; null = not recorded. */
export function schemasIn(
  reader: Reader,
  loaded: Loaded,
  { toolDefinitions }: Pick<DetectorContents, 'toolDefinitions'>,
): (index: number, name: string) => Json {
  const known = once(() => {
    const schemas = new Map<string, Json>();
    const differing = new Set<string>();
    for (const list of toolDefinitions) add(schemas, differing, toolsIn(list));
    return { schemas, differing };
  });
  const elsewhere = once(() => {
    const schemas = new Map<string, Json>();
    const differing = new Set<string>();
    for (const [kind, tool, attributes] of rowsWithTools(reader, loaded)) {
      const read = JSON.parse(attributes) as JsonObject;
      add(schemas, differing, kind === TOOL ? ownSchema({ attributes: read }, tool, '').tools : toolsOffered(read));
    }
    return { schemas, differing };
  });
  return (index, name) => {
    for (const { schemas, differing } of [known(), elsewhere()]) {
      // Models of one trace were offered different ones: who asked for this call says which it was.
      if (differing.has(name)) return callsOf(reader, loaded, index)[0]?.schema ?? null;
      const schema = schemas.get(name);
      if (schema !== undefined) return schema;
    }
    return null;
  };
}

function add(
  schemas: Map<string, Json>,
  differing: Set<string>,
  tools: readonly { readonly name: string; readonly schema: Json | null }[],
): void {
  for (const { name, schema } of tools) {
    if (schema === null) continue;
    const before = schemas.get(name);
    if (before === undefined) schemas.set(name, schema);
    else if (before !== schema && canonicalJson(before) !== canonicalJson(schema)) differing.add(name);
  }
}

/** Spans that may tell of tools in one of the ways of `toolsOffered` and `ownSchema`; each distinct text once. */
function rowsWithTools(reader: Reader, { traceKeys }: Loaded): [number, string, string][] {
  return reader.rows<[number, string, string]>(
    `SELECT s.kind, coalesce(s.tool, s.name), b.attributes FROM span s JOIN span_body b USING (span_key)
     WHERE s.trace_key IN (SELECT value FROM json_each(?))
       AND (instr(b.attributes, 'tools') > 0 OR instr(b.attributes, 'tool.') > 0 OR instr(b.attributes, 'invocation_param') > 0
         OR instr(b.attributes, 'model_request_parameters') > 0 OR instr(b.attributes, 'modelParameters') > 0)
     GROUP BY s.kind = ${TOOL}, CASE s.kind WHEN ${TOOL} THEN coalesce(s.tool, s.name) END, b.attributes ORDER BY min(s.start_ns), min(s.span_id) LIMIT ${MOST_SPANS}`,
    [JSON.stringify(traceKeys)],
  );
}

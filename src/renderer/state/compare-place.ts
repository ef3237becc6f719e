/**
 * What stands in `of` of Compare → Traces in the place of trace A when B is put against expected tool calls: an example of a
 * dataset, `example:<dataset>/<key>`, or the calls that another trace made, `calls-of:<trace id>`.
 */
import { go } from './place.ts';

export type ExpectedAddress =
  | { readonly kind: 'example'; readonly datasetId: string; readonly key: string }
  | { readonly kind: 'trace'; readonly traceId: string };

const EXAMPLE = 'example:';
const CALLS = 'calls-of:';

export function exampleAddress(datasetId: string, key: string): string {
  return `${EXAMPLE}${encodeURIComponent(datasetId)}/${encodeURIComponent(key)}`;
}

export function callsAddress(traceId: string): string {
  return `${CALLS}${traceId}`;
}

/** Null for a trace as a whole. */
export function expectedOfAddress(address: string): ExpectedAddress | null {
  if (address.startsWith(CALLS)) return { kind: 'trace', traceId: address.slice(CALLS.length) };
  const slash = address.indexOf('/');
  if (!address.startsWith(EXAMPLE) || slash < 0) return null;
  try {
    return {
      kind: 'example',
      datasetId: decodeURIComponent(address.slice(EXAMPLE.length, slash)),
      key: decodeURIComponent(address.slice(slash + 1)),
    };
  } catch {
    return null;
  }
}

/** Asks which trace is put against an example. */
export function compareWithExample(datasetId: string, key: string): void {
  go({ view: 'compare', tab: 'traces', q: '', span: null, of: [exampleAddress(datasetId, key)] });
}

/** Is this OTLP traces? From the first bytes alone, by structure: a file name proves nothing. */
import { detectSignal, NOT_OURS, type Signal } from './detect-signal.ts';
import { readBytes, readVarint, type Wire } from './wire.ts';

const TRACES: Signal = {
  groups: ['resourceSpans', 'resource_spans'],
  scopes: ['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'],
  wrappers: ['batches', 'trace'],
  item: readSpan,
};

export function detectOtlp(head: Uint8Array): number {
  return detectSignal(head, TRACES);
}

/** A span begins with ids of 16 and 8 bytes. */
function readSpan(wire: Wire): void {
  if (readVarint(wire) !== 0x0a || readBytes(wire).length !== 16) throw NOT_OURS;
  if (readVarint(wire) !== 0x12 || readBytes(wire).length !== 8) throw NOT_OURS;
}

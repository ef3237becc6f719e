/** Is this OTLP metrics? From the first bytes alone. */
import { detectSignal, isPrintable, NOT_OURS, type Signal, skipOrCut } from '../otlp/detect-signal.ts';
import { readBytes, readVarint, type Wire } from '../otlp/wire.ts';

const METRICS: Signal = {
  groups: ['resourceMetrics', 'resource_metrics'],
  scopes: ['scopeMetrics', 'scope_metrics', 'instrumentationLibraryMetrics'],
  item: readMetric,
};

export function detectMetrics(head: Uint8Array): number {
  return detectSignal(head, METRICS);
}

const DATA = new Set([0x2a, 0x3a, 0x4a, 0x52, 0x5a]);
const OTHER = new Set([0x12, 0x1a, 0x62]);

/** A name that can be read and one kind of data; where a span has two ids, of 16 and 8 bytes. */
function readMetric(wire: Wire): void {
  let named = false;
  let data = 0;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (tag === 0x0a) {
      const name = readBytes(wire);
      if (name.length === 0 || !isPrintable(name)) throw NOT_OURS;
      named = true;
      continue;
    }
    if (DATA.has(tag)) data++;
    else if (!OTHER.has(tag)) throw NOT_OURS;
    if (!skipOrCut(wire, tag)) return;
  }
  if (!named || data !== 1) throw NOT_OURS;
}

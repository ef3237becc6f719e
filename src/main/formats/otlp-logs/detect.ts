/** Is this OTLP logs? From the first bytes alone. */
import { detectSignal, NOT_OURS, type Signal, skipOrCut } from '../otlp/detect-signal.ts';
import { readBytes, readVarint, type Wire } from '../otlp/wire.ts';

const LOGS: Signal = {
  groups: ['resourceLogs', 'resource_logs'],
  scopes: ['scopeLogs', 'scope_logs', 'instrumentationLibraryLogs'],
  item: readRecord,
};

export function detectLogs(head: Uint8Array): number {
  return detectSignal(head, LOGS);
}

/** Whole tags of LogRecord: nothing else may stand in one that is this short of the beginning. */
const KNOWN = new Set([0x09, 0x10, 0x1a, 0x2a, 0x32, 0x38, 0x45, 0x4a, 0x52, 0x59, 0x62]);

/** It has a time; ids are of their length. A span begins with two ids instead, a metric with its name. */
function readRecord(wire: Wire): void {
  let times = 0;
  while (wire.pos < wire.limit) {
    const tag = readVarint(wire);
    if (!KNOWN.has(tag)) throw NOT_OURS;
    if (tag === 0x4a || tag === 0x52) {
      const { length } = readBytes(wire);
      if (length !== 0 && length !== (tag === 0x4a ? 16 : 8)) throw NOT_OURS;
      continue;
    }
    if (tag === 0x09 || tag === 0x59) times++;
    if (!skipOrCut(wire, tag)) return;
  }
  if (times === 0) throw NOT_OURS;
}

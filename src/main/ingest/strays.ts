/**
 * Places records that name no span (`SpanRecord.follows`): under the span that led at their time, in whichever trace; where
 * none did, under the ids that they name. Each is placed again when a closer span arrives later, so that the state does not
 * depend on the order, nor on how records were split over requests.
 */
import type { SpanRecord, TraceRecord } from '#shared/record.ts';
import type { Writer } from '../store/database.ts';
import { linkRaw } from '../store/raw-store.ts';
import {
  type Lead,
  leadAt,
  putLead,
  putStray,
  showStray,
  type Stray,
  strayAt,
  straysAfter,
  timeText,
} from '../store/stray-store.ts';
import type { PartJoiner } from './parts.ts';

/** What placing needs of the body that is being written. */
export type Place = {
  readonly joiner: PartJoiner;
  readonly keyOf: (traceId: string) => number;
  /** The trace changes with this body. */
  readonly touch: (traceId: string, traceKey: number) => void;
  readonly facts: (record: TraceRecord, traceKey: number) => void;
  readonly leftOut: (span: SpanRecord) => void;
};

export type Strays = {
  readonly lead: (writer: Writer, span: SpanRecord, traceKey: number) => void;
  readonly add: (writer: Writer, span: SpanRecord, rawKey: number) => void;
  /** Places what has been added, before the parts are merged. Returns the traces that something was taken out of. */
  readonly place: (writer: Writer, place: Place) => readonly Lead[];
  readonly forget: () => void;
};

export function createStrays(): Strays {
  const added = new Map<string, { readonly key: string; readonly at: string; readonly partId: string }>();
  const led = new Map<string, { readonly key: string; readonly at: string }>();

  return {
    lead(writer, { leads, spanId }, traceKey) {
      if (!leads) return;
      const at = timeText(leads.at);
      putLead(writer, leads.key, at, traceKey, spanId);
      led.set(`${at} ${leads.key}`, { key: leads.key, at });
    },
    add(writer, span, rawKey) {
      if (!span.follows) return;
      const { key } = span.follows;
      const at = timeText(span.follows.at);
      const partId = span.part?.id ?? '';
      putStray(writer, key, at, span, rawKey);
      added.set(`${at} ${partId} ${key}`, { key, at, partId });
    },
    place(writer, place) {
      if (added.size === 0 && led.size === 0) return [];
      const left = new Map<number, Lead>();
      const done = new Set<string>();
      function placeOnce(key: string, stray: Stray, lead: Lead | null): void {
        const id = `${stray.at} ${stray.partId} ${key}`;
        if (done.has(id)) return;
        done.add(id);
        const from = placeOne(writer, place, key, stray, lead);
        if (from) left.set(from.traceKey, from);
      }
      for (const { key, at } of led.values()) {
        const lead = leadAt(writer, key, at);
        for (const stray of straysAfter(writer, key, at)) placeOnce(key, stray, lead);
      }
      for (const { key, at, partId } of added.values()) {
        const stray = strayAt(writer, key, at, partId);
        if (stray) placeOnce(key, stray, leadAt(writer, key, at));
      }
      added.clear();
      led.clear();
      return [...left.values()];
    },
    forget() {
      added.clear();
      led.clear();
    },
  };
}

/** Returns where it was shown before, if elsewhere. */
function placeOne(writer: Writer, place: Place, key: string, stray: Stray, lead: Lead | null): Lead | null {
  const { joiner } = place;
  const { span, beside, shown } = stray;
  const home = span.traceId;
  const where = lead ?? { traceKey: place.keyOf(home), traceId: home, spanId: span.spanId };
  const isMoved = shown !== null && (shown.traceKey !== where.traceKey || shown.spanId !== where.spanId);
  if (isMoved) {
    joiner.remove(writer, { ...span, spanId: shown.spanId }, shown);
    if (shown.traceId === home && where.traceId !== home) {
      for (const record of beside) if (record.type === 'span') joiner.remove(writer, record, shown);
    }
  }
  place.touch(where.traceId, where.traceKey);
  // The span that led has a place and a name of its own.
  const told = lead ? { ...span, traceId: lead.traceId, spanId: lead.spanId, parentId: null, name: '' } : span;
  const others = where.traceId === home ? beside : [];
  for (const record of [told, ...others]) {
    if (record.type === 'trace') place.facts(record, where.traceKey);
    else if (joiner.put(writer, record, where.traceKey, stray.rawKey) === 'left_out' && record === told) {
      place.leftOut(told);
    }
  }
  linkRaw(writer, stray.rawKey, [where.traceKey]);
  showStray(writer, key, stray, where);
  return isMoved ? shown : null;
}

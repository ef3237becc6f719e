/** Points of metrics in, sums out. The same point received twice is one; of two values for one point the greater stays. */
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '#shared/json.ts';
import type { MetricListArgs, MetricRow } from '#shared/metric.ts';
import type { Measure, MetricRecord } from '#shared/record.ts';
import type { Reader, SqlValue, Writer } from './database.ts';

export function putMetric(writer: Writer, metric: MetricRecord, rawKey: number): void {
  writer.run(
    `INSERT INTO metric_point (series_key, start_ns, time_ns, value, raw_key) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (series_key, start_ns, time_ns) DO UPDATE SET value = max(value, excluded.value)`,
    [seriesKey(writer, metric), metric.start ?? 0n, metric.time, metric.value, rawKey],
  );
}

const MAX_NAME = 1_024;

function seriesKey(writer: Writer, metric: MetricRecord): number {
  const { name, unit, measure, temporality, attributes, resource } = metric;
  const identity = JSON.stringify([name, unit, temporality, sorted(attributes), sorted(resource)]);
  const hash = createHash('sha256').update(identity).digest();
  const known = writer.get<{ series_key: number }>('SELECT series_key FROM metric_series WHERE hash = ?', [hash]);
  if (known) return known.series_key;
  const { session, model, agent, service } = metric;
  const texts = [session, model, agent, service].map((text) => text?.slice(0, MAX_NAME) ?? null);
  return writer.run(
    `INSERT INTO metric_series (hash, name, measure, unit, temporality, session_id, model, agent, service, attributes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [hash, name.slice(0, MAX_NAME), measure, unit, temporality, ...texts, JSON.stringify(attributes)],
  ).rowid;
}

/** The order in which a sender lists attributes is no part of a series. */
function sorted(attributes: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}

type Point = {
  series_key: number;
  temporality: string;
  start_ns: string;
  time_ns: string;
  value: number;
};
type Series = {
  series_key: number;
  name: string;
  measure: Measure;
  unit: string | null;
  session_id: string | null;
  model: string | null;
  agent: string | null;
  service: string | null;
};

const MAX_SERIES = 10_000;

/** One row per name, measure, session, model, agent and service, by first time; see `MetricRow`. */
export function listMetrics(reader: Reader, args: MetricListArgs): readonly MetricRow[] {
  const wanted: string[] = [];
  const values: SqlValue[] = [];
  for (const [column, value] of [
    ['session_id', args.session],
    ['model', args.model],
    ['measure', args.measure],
  ] as const) {
    if (value === undefined) continue;
    wanted.push(`${column} = ?`);
    values.push(value);
  }
  const where = wanted.length === 0 ? '' : `WHERE ${wanted.join(' AND ')}`;
  const series = reader.all<Series>(
    `SELECT series_key, name, measure, unit, session_id, model, agent, service FROM metric_series ${where}
     ORDER BY series_key LIMIT ${MAX_SERIES}`,
    values,
  );
  const rows = new Map<string, MetricRow>();
  const range = { from: bound(args.fromNs), to: bound(args.toNs) };
  for (const each of series) {
    const counted = countSeries(reader, each.series_key, range);
    if (counted.points === 0) continue;
    const { name, measure, unit, session_id: session, model, agent, service } = each;
    const key = JSON.stringify([name, measure, unit, session, model, agent, service]);
    const known = rows.get(key);
    rows.set(key, {
      name,
      measure,
      unit,
      session,
      model,
      agent,
      service,
      value: (known?.value ?? 0) + counted.value,
      points: (known?.points ?? 0) + counted.points,
      firstNs: known && BigInt(known.firstNs) < counted.first ? known.firstNs : counted.first.toString(),
      lastNs: known && BigInt(known.lastNs) > counted.last ? known.lastNs : counted.last.toString(),
    });
  }
  return [...rows]
    .sort(([a, { firstNs: x }], [b, { firstNs: y }]) => compareTimes(x, y) || (a < b ? -1 : 1))
    .map(([, row]) => row);
}

function bound(time: string | undefined): bigint | null {
  return time !== undefined && /^\d{1,19}$/.test(time) ? BigInt(time) : null;
}

function compareTimes(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

type Counted = { value: number; points: number; first: bigint; last: bigint };
type Range = { readonly from: bigint | null; readonly to: bigint | null };

/**
 * What was counted at the times of the range. A delta counts for itself. A cumulative point counts what it adds to the one
 * before it since the same start; a new start, or a value that fell, is a counter that began again at zero.
 */
function countSeries(reader: Reader, key: number, { from, to }: Range): Counted {
  const counted: Counted = { value: 0, points: 0, first: 0n, last: 0n };
  const points = reader.all<Point>(
    `SELECT series_key, temporality, CAST(start_ns AS TEXT) AS start_ns, CAST(time_ns AS TEXT) AS time_ns, value
     FROM metric_point JOIN metric_series USING (series_key) WHERE series_key = ? ORDER BY start_ns, time_ns`,
    [key],
  );
  let before: Point | null = null;
  for (const point of points) {
    const continues = before !== null && before.start_ns === point.start_ns && point.value >= before.value;
    const value = point.temporality === 'delta' || !continues ? point.value : point.value - (before?.value ?? 0);
    before = point;
    const time = BigInt(point.time_ns);
    if ((from !== null && time < from) || (to !== null && time > to)) continue;
    if (counted.points === 0 || time < counted.first) counted.first = time;
    if (time > counted.last) counted.last = time;
    counted.value += value;
    counted.points++;
  }
  return counted;
}

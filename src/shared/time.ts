/**
 * Times are nanoseconds since the Unix epoch as bigint inside the engine and as decimal text across borders.
 * JavaScript doubles step by 256 ns at this magnitude, so no absolute time is ever a number.
 */

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9})\d*)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Reads ISO 8601 with up to nine fraction digits; a time without a zone is UTC. Null when it is not a time. */
export function isoToNs(text: string): bigint | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [, date, clock, fraction = '', zone = 'Z'] = match;
  const ms = Date.parse(
    `${date}T${clock}${zone === 'Z' ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`}`,
  );
  if (Number.isNaN(ms)) return null;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0') || '0');
}

/** Writes ISO 8601 UTC with 3, 6 or 9 fraction digits: as many as the value needs. */
export function nsToIso(ns: bigint): string {
  let ms = ns / 1_000_000n;
  let rest = ns % 1_000_000n;
  if (rest < 0n) {
    ms -= 1n;
    rest += 1_000_000n;
  }
  const milliseconds = Number(ms);
  // Dates beyond the range of Date exist in hostile input; show the number instead of throwing.
  if (Math.abs(milliseconds) > 8.64e15) return `${ns} ns`;
  const iso = new Date(milliseconds).toISOString().slice(0, -1);
  if (rest === 0n) return `${iso}Z`;
  const digits = rest.toString().padStart(6, '0');
  return digits.endsWith('000') ? `${iso}${digits.slice(0, 3)}Z` : `${iso}${digits}Z`;
}

/** "412 µs", "3.2 ms", "42 s", "3 min 20 s": a duration for people, from nanoseconds. */
export function formatDuration(ns: number | null): string {
  if (ns === null || Number.isNaN(ns)) return '–';
  const abs = Math.abs(ns);
  if (abs < 1e3) return `${Math.round(ns)} ns`;
  if (abs < 1e6) return `${trim(ns / 1e3)} µs`;
  if (abs < 1e9) return `${trim(ns / 1e6)} ms`;
  if (abs < 60e9) return `${trim(ns / 1e9)} s`;
  const seconds = Math.round(ns / 1e9);
  if (abs < 3600e9) return `${Math.trunc(seconds / 60)} min ${Math.abs(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.trunc(minutes / 60)} h ${Math.abs(minutes % 60)} min`;
}

function trim(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/\.?0+$/, '');
}

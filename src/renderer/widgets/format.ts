/** Numbers for people; durations are in src/shared/time.ts. */

const integer = new Intl.NumberFormat('en-US');

/** "1,204" */
export function formatCount(value: number): string {
  return integer.format(value);
}

/** "88k", "12.4k", "1.2M": at most four characters and a unit. */
export function formatCompact(value: number): string {
  const abs = Math.abs(value);
  if (abs < 1_000) return integer.format(value);
  const [scaled, unit] =
    abs < 999_500 ? [value / 1e3, 'k'] : abs < 999_500_000 ? [value / 1e6, 'M'] : [value / 1e9, 'G'];
  return `${Math.abs(scaled) >= 100 ? scaled.toFixed(0) : scaled.toFixed(1).replace(/\.0$/, '')}${unit}`;
}

/** "512 B", "212 MB": decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1_000;
    unit = next;
  }
  return `${value >= 99.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '')} ${unit}`;
}

/** "$0.08", "$0.0012", "$12.40", "<$0.0001"; null = the source does not say. */
export function formatCost(usd: number | null): string {
  if (usd === null) return '–';
  if (usd === 0) return '$0';
  if (Math.abs(usd) >= 0.995) return `$${usd.toFixed(2)}`;
  const digits = Math.abs(usd) >= 0.0995 ? 2 : Math.abs(usd) >= 0.00995 ? 3 : 4;
  const text = usd.toFixed(digits);
  return Number(text) === 0 ? '<$0.0001' : `$${text}`;
}

/** "just now", "4 min ago", "yesterday 14:02", "12 Mar 14:02", "12 Mar 2024": the date once it says more than the distance. */
export function formatRelative(epochMs: number, now: number): string {
  const seconds = Math.round((now - epochMs) / 1_000);
  if (seconds < -60) return formatDay(epochMs, now);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  const then = new Date(epochMs);
  const today = new Date(now);
  const clock = `${pad(then.getHours())}:${pad(then.getMinutes())}`;
  if (then.toDateString() === today.toDateString())
    return seconds < 6 * 3_600 ? `${Math.floor(seconds / 3_600)} h ago` : `today ${clock}`;
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (then.toDateString() === yesterday.toDateString()) return `yesterday ${clock}`;
  return formatDay(epochMs, now);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function formatDay(epochMs: number, now: number): string {
  const then = new Date(epochMs);
  if (Number.isNaN(then.getTime())) return '–';
  const day = `${then.getDate()} ${MONTHS[then.getMonth()] ?? ''}`;
  if (then.getFullYear() !== new Date(now).getFullYear()) return `${day} ${then.getFullYear()}`;
  return `${day} ${pad(then.getHours())}:${pad(then.getMinutes())}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** Milliseconds since the epoch of a time as it crosses the border; null when unknown or beyond all dates. */
export function nsTextToMs(ns: string | null): number | null {
  if (ns === null) return null;
  try {
    const ms = Number(BigInt(ns) / 1_000_000n);
    return Math.abs(ms) <= 8.64e15 ? ms : null;
  } catch {
    return null;
  }
}

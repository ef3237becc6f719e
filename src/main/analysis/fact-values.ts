/** The values behind what texts write: the same number, date or name has one key, however it is written. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;

export const MONTH =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';

/** Unit words and signs by what they mean. Currencies that share a sign (kr, $) are not told apart. */
const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '%': '%',
    percent: '%',
    'per cent': '%',
    $: 'usd',
    usd: 'usd',
    dollar: 'usd',
    dollars: 'usd',
    us$: 'usd',
    '€': 'eur',
    eur: 'eur',
    euro: 'eur',
    euros: 'eur',
    '£': 'gbp',
    gbp: 'gbp',
    pounds: 'gbp',
    '¥': 'jpy',
    円: 'jpy',
    jpy: 'jpy',
    yen: 'jpy',
    元: 'cny',
    cny: 'cny',
    chf: 'chf',
    inr: 'inr',
    '₹': 'inr',
    km: 'km',
    m: 'm',
    cm: 'cm',
    mm: 'mm',
    mi: 'mi',
    miles: 'mi',
    mile: 'mi',
    kg: 'kg',
    g: 'g',
    mg: 'mg',
    lb: 'lb',
    lbs: 'lb',
    ms: 'ms',
    s: 's',
    sec: 's',
    second: 's',
    seconds: 's',
    min: 'min',
    minute: 'min',
    minutes: 'min',
    h: 'h',
    hr: 'h',
    hour: 'h',
    hours: 'h',
    day: 'd',
    days: 'd',
    week: 'week',
    weeks: 'week',
    month: 'month',
    months: 'month',
    year: 'year',
    years: 'year',
    kb: 'kb',
    mb: 'mb',
    gb: 'gb',
    tb: 'tb',
    '°c': '°c',
    '°f': '°f',
    '°': '°',
  }),
);

const SCALES: ReadonlyMap<string, number> = new Map([
  ['k', 1e3],
  ['thousand', 1e3],
  ['m', 1e6],
  ['million', 1e6],
  ['bn', 1e9],
  ['billion', 1e9],
]);

/** Longest first, so that "minutes" is not read as "min". */
export const UNIT = [...UNITS.keys()]
  .filter((unit) => /^[a-z]/.test(unit))
  .sort((a, b) => b.length - a.length)
  .join('|');

/** `value` in plain decimals, `unit` '' when none is written. */
export type Quantity = { readonly value: string; readonly unit: string };

export function quantity(sign: string, digits: string, scale: string, unit: string): Quantity {
  const plain = plainNumber(digits);
  // "$5m" is money; "5 m" is a length.
  const isMoney = sign !== '' && unit.toLowerCase() === 'm';
  const factor = SCALES.get(isMoney ? 'm' : scale.toLowerCase()) ?? 1;
  const value = factor === 1 || !Number.isFinite(Number(plain)) ? plain : String(Number(plain) * factor);
  return { value, unit: (isMoney ? undefined : UNITS.get(unit.toLowerCase())) ?? UNITS.get(sign.toLowerCase()) ?? '' };
}

/** 1,200 = 1 200 = 1’200 = 1200 = 1200.00; 1.234.567,50 = 1234567.5. One dot or comma alone before three digits: a comma groups. */
export function plainNumber(digits: string): string {
  let text = digits.replace(/[\s'’_\u00a0\u202f]/g, '');
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(text) || /^\d{1,3}(?:\.\d{3}){2,}$/.test(text))
    text = text.replaceAll('.', '').replace(',', '.');
  else if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) || /^\d{1,3}(?:,\d{2}){1,8},\d{3}(?:\.\d+)?$/.test(text))
    text = text.replaceAll(',', '');
  else if (/^\d+,\d+$/.test(text)) text = text.replace(',', '.');
  if (text.includes('.')) text = text.replace(/0+$/, '').replace(/\.$/, '');
  return text.replace(/^0+(?=\d)/, '') || '0';
}

/** `2024-03-12`, `--03-12` without a year; null when it is no date. */
export function dateKey(year: string, month: string, day: string): string | null {
  const m = /^\d/.test(month) ? Number(month) : MONTHS.findIndex((name) => month.toLowerCase().startsWith(name)) + 1;
  const d = Number(day);
  if (m < 1 || m > 12 || d < 1 || d > 31) return null;
  return `${year === '' ? '-' : year}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
}

/** 12/3/2024 is one day in London and another in Boston: told apart only where one of the two cannot be a month. */
export function slashDate(a: string, b: string, year: string): string | null {
  if (Number(a) > 12) return dateKey(year, b, a);
  if (Number(b) > 12) return dateKey(year, a, b);
  if (Number(a) === Number(b)) return dateKey(year, a, b);
  return Number(a) >= 1 && Number(b) >= 1 ? `${Number(a)}/${Number(b)}/${year}` : null;
}

/** `T14:30`, with seconds only where they are not 0. */
export function timeKey(hours: string, minutes: string, seconds: string, half: string): string | null {
  let h = Number(hours);
  const isLate = /^p/i.test(half);
  if (half !== '' && (h < 1 || h > 12)) return null;
  if (half !== '') h = (h % 12) + (isLate ? 12 : 0);
  if (h > 24 || Number(minutes || 0) > 59) return null;
  const rest = Number(seconds || 0) > 0 ? `:${seconds.padStart(2, '0')}` : '';
  return `T${String(h).padStart(2, '0')}:${(minutes || '00').padStart(2, '0')}${rest}`;
}

/** Trace and span ids: lower-case hex is the only form that leaves this folder. */

const ZEROS = /^0+$/;
const HEX = /^[0-9a-f]+$/i;
const BASE64 = /^([A-Za-z0-9+/_-]+)={0,2}$/;

export function isZeroId(hex: string): boolean {
  return hex.charCodeAt(0) === 0x30 && ZEROS.test(hex);
}

/**
 * Reads an id of the JSON encoding: hex as the specification says (any case, UUID hyphens tolerated), or the base64
 * that generic protobuf-to-JSON encoders write.
 * @param bytes 16 for a trace id, 8 for a span id
 * @returns lower-case hex, '' for an absent or all-zero id, null for anything else
 */
export function readJsonId(value: unknown, bytes: 8 | 16): string | null {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value !== 'string' || value.length > 64) return null;
  const digits = bytes * 2;
  let hex = value;
  if (hex.length !== digits && hex.includes('-') && hex.length === digits + 4) hex = hex.replaceAll('-', '');
  if (hex.length !== digits || !HEX.test(hex)) {
    const symbols = BASE64.exec(value)?.[1]?.length;
    if (symbols !== Math.ceil((bytes * 4) / 3)) return null;
    hex = Buffer.from(value, 'base64').toString('hex');
  }
  return isZeroId(hex) ? '' : hex.toLowerCase();
}

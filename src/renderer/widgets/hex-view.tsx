/** Bytes that are not text: offset, hexadecimal, and the printable characters; more when asked for. */
import { useMemo, useState } from 'react';
import { Button } from './button.tsx';
import { formatBytes } from './format.ts';
import styles from './received-bytes.module.css';

const STEP = 4_096;
const WIDTH = 8;

export function HexView({ base64 }: { base64: string }) {
  const [shown, setShown] = useState(STEP);
  const text = useMemo(() => hexDump(base64, shown), [base64, shown]);
  const total = Math.floor((base64.length * 3) / 4);
  if (text === null) return <p className={styles.explain}>The bytes could not be decoded.</p>;
  return (
    <>
      <pre className={`${styles.hex} selectable`}>{text}</pre>
      {shown < total && <Button onClick={() => setShown(shown * 4)}>Show more of {formatBytes(total)}</Button>}
    </>
  );
}

/** The first `limit` bytes; null when the text is not base64. */
export function hexDump(base64: string, limit: number): string | null {
  let bytes: string;
  try {
    bytes = atob(base64.slice(0, Math.ceil(limit / 3) * 4));
  } catch {
    return null;
  }
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, limit); at += WIDTH) {
    const part = [...bytes.slice(at, Math.min(at + WIDTH, limit))].map((byte) => byte.charCodeAt(0));
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const printable = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(WIDTH * 3 - 1)}  ${printable}`);
  }
  return lines.join('\n');
}

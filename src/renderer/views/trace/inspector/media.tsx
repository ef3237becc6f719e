/** Inline media of a trace. Only raster images that were in the trace itself are drawn; nothing is ever fetched. */
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { FileQuestion, ImageIcon } from 'lucide-react';
import { Button } from '../../../widgets/button.tsx';
import { formatBytes, formatCount } from '../../../widgets/format.ts';
import { imageHead, MOST_PIXELS, type ImageHead } from './image-size.ts';
import styles from './content.module.css';

/** Images up to this many bytes are drawn at once, bigger ones when asked for. */
const AT_ONCE = 2_000_000;
const MOST_BYTES = 24_000_000;

type Prepared = { readonly blob: Blob; readonly head: ImageHead } | { readonly problem: string };

export function Media({ base64, mimeType, modality }: { base64: string; mimeType: string | null; modality: string }) {
  const bytes = Math.floor((base64.length * 3) / 4);
  const what = mimeType ?? modality;
  const raster = modality === 'image' || (mimeType?.startsWith('image/') ?? false);
  const [wanted, setWanted] = useState(bytes <= AT_ONCE);
  if (!raster) return <Box what={what} bytes={bytes} note="not shown here" />;
  if (bytes > MOST_BYTES) return <Box what={what} bytes={bytes} note="too large to draw" />;
  if (!wanted) {
    return (
      <Box what={what} bytes={bytes}>
        <Button onClick={() => setWanted(true)}>Show {formatBytes(bytes)} image</Button>
      </Box>
    );
  }
  return <Picture base64={base64} what={what} bytes={bytes} />;
}

function Picture({ base64, what, bytes }: { base64: string; what: string; bytes: number }) {
  const image = useRef<HTMLImageElement>(null);
  const [damaged, setDamaged] = useState(false);
  const prepared = useMemo(() => prepare(base64), [base64]);
  useEffect(() => {
    const element = image.current;
    if (!element || !('blob' in prepared)) return undefined;
    const url = URL.createObjectURL(prepared.blob);
    element.src = url;
    return () => URL.revokeObjectURL(url);
  }, [prepared]);
  if ('problem' in prepared) return <Box what={what} bytes={bytes} note={prepared.problem} />;
  if (damaged) return <Box what={what} bytes={bytes} note="the image is damaged" />;
  const { type, width, height } = prepared.head;
  return (
    <figure className={styles.figure}>
      <img
        ref={image}
        className={styles.image}
        // An icon of a few pixels is looked at as such.
        style={width <= 32 && height <= 32 ? { width: width * 4, imageRendering: 'pixelated' } : undefined}
        alt={`Image from the trace, ${width} by ${height} pixels`}
        draggable={false}
        onError={() => setDamaged(true)}
      />
      <figcaption className={styles.caption}>
        {type} · {formatCount(width)} × {formatCount(height)} · {formatBytes(bytes)}
      </figcaption>
    </figure>
  );
}

function prepare(base64: string): Prepared {
  let data: Uint8Array<ArrayBuffer>;
  try {
    // Some sources give a whole data URL as content.
    const text = atob(base64.slice(base64.startsWith('data:') ? base64.indexOf(',') + 1 : 0));
    data = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) data[at] = text.charCodeAt(at);
  } catch {
    return { problem: 'the content is not valid base64' };
  }
  const head = imageHead(data);
  if (!head) return { problem: 'not a PNG, JPEG, GIF or WebP image' };
  if (head.width * head.height > MOST_PIXELS)
    return { problem: `${formatCount(head.width)} × ${formatCount(head.height)} pixels are too many to draw` };
  return { blob: new Blob([data], { type: head.type }), head };
}

function Box({ what, bytes, note, children }: { what: string; bytes: number; note?: string; children?: ReactNode }) {
  const Icon = what.startsWith('image') ? ImageIcon : FileQuestion;
  return (
    <div className={styles.media}>
      <Icon size={16} aria-hidden />
      <span>
        {what.slice(0, 100)} · {formatBytes(bytes)}
        {note !== undefined && ` · ${note}`}
      </span>
      {children}
    </div>
  );
}

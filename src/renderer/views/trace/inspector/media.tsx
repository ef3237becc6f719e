/** Inline media of a trace. Only what was in the trace itself is drawn or played; nothing is ever fetched. */
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { AudioLines, FileQuestion, FileText, ImageIcon } from 'lucide-react';
import { Button } from '../../../widgets/button.tsx';
import { CopyButton } from '../../../widgets/copy-button.tsx';
import { formatBytes, formatCount } from '../../../widgets/format.ts';
import { TextView } from '../../../widgets/text-view.tsx';
import { visibleString } from '../../../widgets/visible-text.ts';
import { imageHead, MOST_PIXELS, type ImageHead } from './image-size.ts';
import { isPcm, isTextual, soundType, wavOf, type Inline } from './media-kind.ts';
import styles from './content.module.css';

/** Up to this many bytes are drawn at once, more when asked for. */
const AT_ONCE = 2_000_000;
const MOST_BYTES = 24_000_000;

export function Media({ base64, mimeType, modality }: Inline) {
  const bytes = Math.floor((base64.length * 3) / 4);
  const what = visibleString((mimeType ?? modality).slice(0, 100));
  const kind = kindOf(mimeType, modality);
  const [wanted, setWanted] = useState(bytes <= AT_ONCE);
  if (kind === 'other') return <Box what={what} bytes={bytes} note="not shown here" base64={base64} />;
  if (bytes > MOST_BYTES) return <Box what={what} bytes={bytes} note={`too large to ${VERBS[kind]}`} base64={base64} />;
  if (!wanted) {
    return (
      <Box what={what} bytes={bytes} base64={base64}>
        <Button onClick={() => setWanted(true)}>
          Show {formatBytes(bytes)} {NOUNS[kind]}
        </Button>
      </Box>
    );
  }
  switch (kind) {
    case 'image':
      return <Picture base64={base64} what={what} bytes={bytes} />;
    case 'audio':
      return <Sound base64={base64} what={what} bytes={bytes} pcm={isPcm(mimeType)} />;
    case 'text':
      return <Text base64={base64} what={what} bytes={bytes} />;
  }
}

const VERBS = { image: 'draw', audio: 'play', text: 'show' } as const;
const NOUNS = { image: 'image', audio: 'sound', text: 'file' } as const;

function kindOf(mimeType: string | null, modality: string): 'image' | 'audio' | 'text' | 'other' {
  if (modality === 'image' || mimeType?.startsWith('image/') === true) return 'image';
  if (modality === 'audio' || mimeType?.startsWith('audio/') === true) return 'audio';
  return isTextual(mimeType) ? 'text' : 'other';
}

type Shown = { readonly base64: string; readonly what: string; readonly bytes: number };
type Prepared = { readonly blob: Blob; readonly head: ImageHead } | { readonly problem: string };

function Picture({ base64, what, bytes }: Shown) {
  const image = useRef<HTMLImageElement>(null);
  const [damaged, setDamaged] = useState(false);
  const prepared = useMemo(() => prepareImage(base64), [base64]);
  useBlobUrl(image, 'blob' in prepared ? prepared.blob : null);
  if ('problem' in prepared) return <Box what={what} bytes={bytes} note={prepared.problem} base64={base64} />;
  if (damaged) return <Box what={what} bytes={bytes} note="the image is damaged" base64={base64} />;
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
        <CopyButton label="Copy as base64" text={base64} />
      </figcaption>
    </figure>
  );
}

function Sound({ base64, what, bytes, pcm }: Shown & { readonly pcm: boolean }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [damaged, setDamaged] = useState(false);
  const blob = useMemo(() => prepareSound(base64, pcm), [base64, pcm]);
  useBlobUrl(audio, blob);
  if (blob === null || damaged)
    return <Box what={what} bytes={bytes} note="not a sound that can be played" base64={base64} />;
  return (
    <figure className={styles.figure}>
      {/* Nobody has written captions for a sound inside a trace; transcripts stand in the messages. */}
      <audio
        ref={audio}
        className={styles.audio}
        controls
        preload="metadata"
        aria-label={`Sound from the trace, ${what}`}
        onError={() => setDamaged(true)}
      />
      <figcaption className={styles.caption}>
        {what} · {formatBytes(bytes)}
        {pcm && ' · played as 16 bits, 24 kHz, one channel'}
        <CopyButton label="Copy as base64" text={base64} />
      </figcaption>
    </figure>
  );
}

function Text({ base64, what, bytes }: Shown) {
  const text = useMemo(() => {
    const data = decode(base64);
    return data === null ? null : new TextDecoder().decode(data);
  }, [base64]);
  if (text === null) return <Box what={what} bytes={bytes} note="the content is not valid base64" base64={base64} />;
  return (
    <div>
      <Box what={what} bytes={bytes} base64={base64} />
      <TextView text={text} />
    </div>
  );
}

function useBlobUrl(target: { readonly current: HTMLMediaElement | HTMLImageElement | null }, blob: Blob | null): void {
  useEffect(() => {
    const element = target.current;
    if (!element || !blob) return undefined;
    const url = URL.createObjectURL(blob);
    element.src = url;
    return () => URL.revokeObjectURL(url);
  }, [target, blob]);
}

/** Null when it is no base64. */
function decode(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    // Some sources give a whole data URL as content, some the alphabet of URLs.
    const content = base64.slice(base64.startsWith('data:') ? base64.indexOf(',') + 1 : 0);
    const text = atob(content.replaceAll('-', '+').replaceAll('_', '/'));
    const data = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) data[at] = text.charCodeAt(at);
    return data;
  } catch {
    return null;
  }
}

function prepareImage(base64: string): Prepared {
  const data = decode(base64);
  if (data === null) return { problem: 'the content is not valid base64' };
  const head = imageHead(data);
  if (!head) return { problem: 'not a PNG, JPEG, GIF or WebP image' };
  if (head.width * head.height > MOST_PIXELS)
    return { problem: `${formatCount(head.width)} × ${formatCount(head.height)} pixels are too many to draw` };
  return { blob: new Blob([data], { type: head.type }), head };
}

function prepareSound(base64: string, pcm: boolean): Blob | null {
  const data = decode(base64);
  if (data === null || data.length === 0) return null;
  const type = soundType(data);
  // Samples may begin with anything.
  if (type !== null && !(pcm && type === 'audio/mpeg')) return new Blob([data], { type });
  return pcm ? new Blob([wavOf(data)], { type: 'audio/wav' }) : null;
}

type BoxProps = Shown & { readonly note?: string; readonly children?: ReactNode };

function Box({ what, bytes, note, base64, children }: BoxProps) {
  const Icon = what.startsWith('image')
    ? ImageIcon
    : what.startsWith('audio')
      ? AudioLines
      : what.startsWith('text')
        ? FileText
        : FileQuestion;
  return (
    <div className={styles.media}>
      <Icon size={16} aria-hidden />
      <span>
        {what} · {formatBytes(bytes)}
        {note !== undefined && ` · ${note}`}
      </span>
      {children}
      <CopyButton label="Copy as base64" text={base64} />
    </div>
  );
}

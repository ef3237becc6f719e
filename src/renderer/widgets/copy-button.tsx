import { useEffect, useState } from 'react';
import { Check, Copy } from 'lucide-react';
import { bridge } from '../data/bridge.ts';
import { Button, IconButton } from './button.tsx';

type Props = {
  /** A function when the text is costly to make. */
  readonly text: string | (() => string | Promise<string>);
  /** Says what is copied: "Copy span id". */
  readonly label?: string;
  readonly variant?: 'icon' | 'button';
};

export function CopyButton({ text, label = 'Copy', variant = 'icon' }: Props) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');

  useEffect(() => {
    if (copied === 'no') return;
    const timer = setTimeout(() => setCopied('no'), 1500);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    try {
      await bridge.copyText(typeof text === 'string' ? text : await text());
      setCopied('yes');
    } catch {
      setCopied('failed');
    }
  }

  const said = copied === 'yes' ? 'Copied' : copied === 'failed' ? 'Could not copy' : label;
  const icon = copied === 'yes' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />;
  return variant === 'icon' ? (
    <IconButton label={said} icon={icon} onClick={() => void copy()} />
  ) : (
    <Button icon={icon} onClick={() => void copy()} aria-live="polite">
      {said}
    </Button>
  );
}

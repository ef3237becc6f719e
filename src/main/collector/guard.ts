/**
 * Who may talk to the collector. It listens on loopback only; the Host check stops DNS rebinding (a web page that makes
 * its own name resolve to 127.0.0.1), the Origin check stops pages of other sites from posting.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { AppError } from '#shared/result.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopbackHost(host: string): boolean {
  const match = /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host.toLowerCase());
  return match?.[1] !== undefined && (LOOPBACK_NAMES.has(match[1]) || match[1].endsWith('.localhost'));
}

export function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/(.+)$/.exec(origin.toLowerCase());
  return match?.[1] !== undefined && isLoopbackHost(match[1]);
}

/** Null when the request may proceed. */
export function refuse(headers: IncomingHttpHeaders): AppError | null {
  if (headers.host !== undefined && !isLoopbackHost(headers.host)) {
    return {
      code: 'bad_request',
      message: `The collector answers only on this computer; the Host header says ${headers.host.slice(0, 200)}.`,
      hint: 'Send to http://127.0.0.1 or http://localhost.',
    };
  }
  if (headers.origin !== undefined && !isLoopbackOrigin(headers.origin)) {
    return {
      code: 'bad_request',
      message: `Pages of ${headers.origin.slice(0, 200)} may not send traces.`,
      hint: 'Only pages served from this computer may.',
    };
  }
  return null;
}

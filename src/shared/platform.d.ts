/** What pages and Node both have and shared code may name. Seen only by shared's own type check: each side has its real types. */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface URL {
  readonly host: string;
  readonly hostname: string;
  readonly href: string;
  readonly origin: string;
  pathname: string;
  readonly port: string;
  readonly protocol: string;
  readonly search: string;
  readonly hash: string;
  readonly username: string;
  readonly password: string;
}
declare const URL: { new (text: string, base?: string): URL };

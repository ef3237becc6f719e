/** The contract of `src/main/formats/<id>/`: one wire or file shape each. */
import type { NormalisedRecord } from './record.ts';
import type { AppError, Result } from './result.ts';

export type DecodeContext = {
  /** File name with its folder (`Hand-Crafted/7.json`), or null when it did not come from a file. */
  readonly name: string | null;
  /** Lower-case media type without parameters, or null when unknown (a file). */
  readonly contentType: string | null;
  readonly userAgent: string | null;
};

export type Decoded = { readonly records: readonly NormalisedRecord[] };

export type Route = {
  readonly method: 'POST';
  /** A request path that ends with this is ours, whatever stands before it. */
  readonly suffix: string;
};

type FormatBase = {
  readonly id: string;
  readonly label: string;
  /**
   * How sure we are that these bytes are ours, 0..1, from the first bytes alone (at most 64 KiB; may cut a character).
   * `name` is the file name or null; content must be enough.
   */
  readonly detect: (head: Uint8Array, name: string | null) => number;
};

/** Decodes one body. A Result error means that nothing could be read (HTTP 400); a bad item is an issue record. */
export type DecoderFormat = FormatBase & {
  readonly type: 'decoder';
  readonly routes: readonly Route[];
  readonly decode: (bytes: Uint8Array, context: DecodeContext) => Result<Decoded, AppError>;
};

/** A file that holds several bodies, each of which some decoder takes (recorded requests). */
export type ContainerFormat = FormatBase & {
  readonly type: 'container';
  readonly unpack: (bytes: Uint8Array) => Iterable<Result<Unpacked, AppError>>;
};

export type Unpacked = {
  /** Request path, or null to detect by content. */
  readonly path: string | null;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly bytes: Uint8Array;
};

export type Format = DecoderFormat | ContainerFormat;

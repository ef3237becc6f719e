/** The contract of `src/main/formats/<id>/`: one wire or file shape each. */
import type { AnnotationRow } from './annotation.ts';
import type { Json } from './json.ts';
import type {
  AnnotationRecord,
  DefinitionRecord,
  IssueRecord,
  NormalisedRecord,
  RevisionRecord,
  ScoreRecord,
  SpanRecord,
  TraceRecord,
} from './record.ts';
import type { AppError, Result } from './result.ts';
import type { TraceRow } from './trace.ts';

export type DecodeContext = {
  /** File name with its folder (`Hand-Crafted/7.json`), or null when it did not come from a file. */
  readonly name: string | null;
  /** Lower-case media type without parameters, or null when unknown (a file). */
  readonly contentType: string | null;
  readonly userAgent: string | null;
  /** Path of the request, where it came over the network; absent when that is not known. */
  readonly path?: string | null;
};

export type Decoded = {
  readonly records: readonly NormalisedRecord[];
  /** What the sender is answered when the records are stored, where its protocol wants more than "taken". */
  readonly reply?: Reply;
};

export type Reply = {
  /** HTTP status; 2xx. */
  readonly status: number;
  readonly body: Json;
};

export type Route = {
  readonly method: 'POST' | 'PATCH';
  /**
   * A request path that ends with this is ours, whatever stands before it. The segment `*` at its end stands for an id,
   * which is then a part of what was sent: bodies of such a route are told apart, and kept, with their path.
   */
  readonly suffix: string;
};

/** What clients ask for before they send; the answer never depends on what is stored. */
export type Answer = {
  /** A request path that ends with this gets the answer. */
  readonly suffix: string;
  readonly body: Json;
};

type FormatBase = {
  readonly id: string;
  readonly label: string;
  /**
   * How sure we are that these bytes are ours, 0..1, from the first bytes alone (at most 64 KiB; may cut a character).
   * `name` is the file name or null; content must be enough.
   */
  readonly detect: (head: Uint8Array, name: string | null) => number;
  /** How a file that begins like this may be read in pieces; null or absent = only as a whole. */
  readonly split?: (head: Uint8Array) => Split | null;
};

/**
 * Where a file that is too large to be held at once may be cut. Each piece is decoded like a body of its own, so a format
 * says this only where that gives the same records. The pieces of one document repeat what stands before their items.
 */
export type Split = {
  /** Lines stand alone. */
  readonly lines?: boolean;
  /** The list that is the whole document may be cut between its items. */
  readonly list?: boolean;
  /** Members whose lists may be cut between their items, from the outside in; levels may be left out. */
  readonly keys?: readonly (readonly string[])[];
  /** A protobuf message may be cut between its fields. */
  readonly protobuf?: boolean;
  /** A ZIP archive may be cut into archives of one item each, which all hold the shared entries. */
  readonly archive?: { readonly shared: RegExp; readonly item: RegExp };
};

/** Decodes one body. A Result error means that nothing could be read (HTTP 400); a bad item is an issue record. */
export type DecoderFormat = FormatBase & {
  readonly type: 'decoder';
  readonly routes: readonly Route[];
  /** Answers to GET requests. */
  readonly answers?: readonly Answer[];
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

/** Where spans stand in their trace, in order of time from 0, and who acts in them: spans that the trace has not are missing. */
export type SpanPlaces = ReadonlyMap<string, { readonly step: number; readonly actor: string | null }>;

/** What an export of everything tells beside the traces. */
export type ExportRest = {
  /** What was said of annotations of traces that are not here. */
  readonly revisions: () => Iterable<RevisionRecord>;
  /** Taxonomies and score schemas of these names that do not come with the app. */
  readonly definitions: (names: ReadonlySet<string>) => Iterable<DefinitionRecord>;
};

/** One stored trace on its way out. Lists that grow with the trace are read anew by each call, a piece at a time. */
export type ExportTrace = {
  readonly record: TraceRecord & { readonly source: string };
  /** The derived row, as lists show it. */
  readonly row: TraceRow;
  /** In the order in which they were stored. */
  readonly spans: () => Iterable<SpanRecord>;
  readonly spanPlaces: (spanIds: readonly string[]) => SpanPlaces;
  /** As they stand now, in the order in which they were first read. One about a part of a span is about that span here. */
  readonly annotations: readonly AnnotationRecord[];
  /** The same in full, in the same order. */
  readonly annotationRows: readonly AnnotationRow[];
  /** Everything that was said of those that were made or edited here. */
  readonly revisions: () => Iterable<RevisionRecord>;
  /** The same for those that came with the data and of which nobody said anything, and for scores that came with it. */
  readonly imported: () => Iterable<RevisionRecord>;
  readonly scores: readonly ScoreRecord[];
  readonly issues: () => Iterable<IssueRecord>;
  /** The bodies that it came in, oldest first; those that were deleted with another trace are missing. */
  readonly received: () => Iterable<ReceivedBody>;
};

/** One received body, verbatim. */
export type ReceivedBody = {
  /** Id of the format that decoded it. */
  readonly format: string;
  readonly name: string | null;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Hex digest of format, name and bytes: equal for equal bodies. */
  readonly hash: string;
  /** The exported traces that it holds something of. */
  readonly traceIds: readonly string[];
  readonly bytes: () => Uint8Array;
};

export type ExportPiece =
  /** Appends to the file at this path below the folder that the user gave; '' = the file that the user gave. */
  | { readonly type: 'text'; readonly path: string; readonly text: string }
  /** What was written of annotations, by formats that are for them. */
  | { readonly type: 'labels'; readonly annotations: number; readonly scores: number }
  /** A trace that cannot be told in this format. */
  | { readonly type: 'skipped'; readonly traceId: string; readonly reason: string };

/** A way to write traces, beside the decoder that reads the same shape back: `src/main/formats/<id>/export.ts`. */
export type ExportFormat = {
  readonly id: string;
  readonly label: string;
  /** What it keeps and what it is for, in one sentence. */
  readonly about: string;
  /** It holds annotations and nothing else: how many there were is worth telling. */
  readonly labels?: true;
  /** Of a proposed file name, without the dot; '' for a folder. */
  readonly extension: string;
  readonly layout: 'file' | 'folder';
  /** Media type of the file, or of the files in the folder. */
  readonly media: string;
  /** Pulls one trace after the other and tells what to write, in order, in small pieces. */
  readonly write: (traces: Iterable<ExportTrace>, rest: ExportRest) => Iterable<ExportPiece>;
};

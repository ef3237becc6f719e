/** What a detector is, and what it is given. */
import type { Severity } from '#shared/detect.ts';
import type { Json } from '#shared/json.ts';
import type { ContentItem } from '#shared/message.ts';
import type { Handoff } from '../graph-handoffs.ts';
import type { Chain, Reach } from '../graph-reach.ts';
import type { Scene } from '../graph-stays.ts';
import type { Parameter } from './parameters.ts';

/** Keys of the contents of one span: equal content has equal keys. The keys themselves say nothing of order. */
export type SpanContents = {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly error: number | null;
  readonly callId: string | null;
};

export type Contents = {
  readonly of: (span: number) => SpanContents;
  /** Null when it is too large to be read, or gone. */
  readonly item: (key: number) => ContentItem | null;
  /** Each distinct list of tools that was offered to a model, as the source wrote it. */
  readonly toolDefinitions: readonly Json[];
};

/** One model call. */
export type Turn = {
  readonly span: number;
  /** Who speaks: the stay where an agent span holds it, else whoever has that name. */
  readonly actor: string;
  readonly agent: string | null;
  /** Place in the order of time. */
  readonly place: number;
};

/** One tool call; echoes and calls of other agents are none. */
export type Call = Turn & {
  readonly tool: string;
  readonly failed: boolean;
  /** The model call that asked for it, as far as is known; -1 = none. */
  readonly asker: number;
  /** The tool stands among the speakers of a log, like a terminal: whoever speaks next has read it. */
  readonly speaks: boolean;
};

/** A trace as detectors see it. Texts are read when asked for, and cut to `TEXT_LENGTH`. */
export type Inquiry = {
  readonly scene: Scene;
  readonly handoffs: readonly Handoff[];
  readonly reach: readonly Reach[];
  readonly chains: readonly Chain[];
  readonly contents: Contents;
  /** Something is still going on: what has not happened yet is no fault. */
  readonly running: boolean;
  /** All three in order of time. */
  readonly turns: readonly Turn[];
  readonly calls: readonly Call[];
  readonly callsOf: ReadonlyMap<string, readonly Call[]>;
  readonly turnsOf: ReadonlyMap<string, readonly Turn[]>;
  /** The model call in which the agent could have reacted to a tool call. */
  readonly turnAfter: (call: Call) => Turn | null;
  readonly text: (span: number, side: 'input' | 'output') => string;
  readonly errorText: (span: number) => string;
  /** Arguments of a tool call; null when none are recorded, text where they are no JSON. */
  readonly args: (call: Call) => Json;
};

export type Found = {
  readonly severity: Severity;
  /** Span indices, the one at fault first. */
  readonly spans: readonly number[];
  readonly agent: string | null;
  readonly reason: string;
  readonly evidence?: readonly string[];
};

export type Detector = {
  readonly id: string;
  readonly title: string;
  readonly definition: string;
  readonly parameters: { readonly [name: string]: Parameter };
  /** How much a finding of medium severity makes its agent suspect. */
  readonly weight: number;
  readonly detect: (inquiry: Inquiry, parameter: (name: string) => number) => readonly Found[];
};

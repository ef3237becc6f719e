/**
 * Every call that the GUI, the CLI and tests can make of the engine, with argument and result types.
 * `kind` decides whether the handler gets a reading or a writing handle of the store.
 */
import type { Agreement, AgreementArgs } from '../agreement.ts';
import type { AlignedRow, AlignedTraces, MergedGraph } from '../alignment.ts';
import type { AnnotationRevision, AnnotationRow, AnnotationState } from '../annotation.ts';
import type { HandoffFacts, Origin } from '../answers.ts';
import type { BehaviourGroup, BehaviourMap } from '../behaviour.ts';
import type { NoteCounts, NoteFilter, NotePage, NoteRef } from '../coding.ts';
import type { AgentGraph, ConversationPage, EdgeCrossing, GraphEdgeKind } from '../graph.ts';
import type { ComparedItems, RunComparison } from '../comparison.ts';
import type { CallCheck, SpanContext } from '../context.ts';
import type {
  DatasetEdit,
  DatasetExample,
  DatasetImport,
  DatasetRow,
  DatasetVersion,
  ExamplePage,
  ExpectedCall,
} from '../dataset.ts';
import type { Detection, DetectorEdits, DetectorSheet, FindingSummary } from '../detect.ts';
import type { EndpointDraft, EndpointTest, JudgeEndpoint, OutboundPage } from '../endpoint.ts';
import type {
  EvalDefinition,
  EvalImport,
  EvalRow,
  CriterionFigures,
  EvalRunRow,
  EvalSource,
  GateVerdict,
  RunExport,
  RunItem,
  RunItemFilter,
  RunItemPage,
} from '../eval.ts';
import type { EventPage, SpanPreview } from '../event-log.ts';
import type {
  GradeRow,
  GraderDefinition,
  GraderKindInfo,
  GraderProblem,
  GraderRow,
  GraderVersion,
  GradingRow,
  Grade,
  Subject,
} from '../grader.ts';
import type { GradePage, GradeTrial, GradingCost } from '../grading.ts';
import type { FlipPreview } from '../flips.ts';
import type { DraftSource } from '../grader-drafts.ts';
import type { ExchangeProblem, GraderExport, GraderExportReport, GraderImport } from '../grader-exchange.ts';
import type { Json } from '../json.ts';
import type { AgentTable, TraceLanes, TraceWaste } from '../lanes.ts';
import type { LedgerCounts, LedgerKind, LedgerPage } from '../ledger.ts';
import type { ContentItem } from '../message.ts';
import type { MetricListArgs, MetricRow } from '../metric.ts';
import type { Overview, OverviewArgs, OverviewPick, OverviewTraces } from '../overview.ts';
import type { PatternPage } from '../pattern.ts';
import type { ParsedPattern } from '../pattern-parse.ts';
import type { Rule } from '../rules.ts';
import type { PriceOverrides, PriceSheet } from '../prices.ts';
import type {
  ItemPage,
  ItemPlace,
  ItemState,
  QueueDraft,
  QueueSource,
  QueueState,
  ReviewItem,
  ReviewQueue,
} from '../review.ts';
import type { Sequence } from '../sequence.ts';
import type { ScoreSchema, Taxonomy, TaxonomyUsage, TaxonomyVersion } from '../taxonomy.ts';
import type { SessionListArgs, SessionPage, SessionPlace, SessionRow, SessionTracePage } from '../session.ts';
import type {
  FacetCounts,
  IssueRow,
  RawBody,
  ScoreRow,
  SpanDetail,
  SqlRows,
  TraceDetail,
  TraceListArgs,
  TracePage,
  TraceRow,
} from '../trace.ts';

type Read<A, R> = { kind: 'read'; args: A; result: R };
type Write<A, R> = { kind: 'write'; args: A; result: R };

export type Contract = {
  'engine.info': Read<void, EngineInfo>;
  'engine.doctor': Read<void, { readonly checks: readonly DoctorCheck[] }>;
  'engine.formats': Read<void, readonly FormatInfo[]>;
  'trace.list': Read<TraceListArgs, TracePage>;
  'trace.facets': Read<{ readonly query?: string }, FacetCounts>;
  /** Wherever one trace is read, `sessionAddress(id)` for its id reads a whole session as one; see src/shared/session.ts. */
  'trace.get': Read<{ readonly traceId: string }, TraceRow>;
  'trace.open': Read<{ readonly traceId: string }, TraceDetail>;
  'trace.graph': Read<{ readonly traceId: string; readonly expanded?: boolean }, AgentGraph>;
  /** Ids of nodes; of several, all that crossed from one of `from` to one of `to`, as where the graph draws them as one. */
  'trace.edge': Read<
    {
      readonly traceId: string;
      readonly from: string | readonly string[];
      readonly to: string | readonly string[];
      readonly kind: GraphEdgeKind;
      readonly expanded?: boolean;
      readonly limit?: number;
      readonly offset?: number;
    },
    { readonly crossings: readonly EdgeCrossing[]; readonly total: number }
  >;
  /** At most SEQUENCE_PAGE messages. */
  'trace.sequence': Read<{ readonly traceId: string; readonly cursor?: number; readonly limit?: number }, Sequence>;
  /** What each agent did when, who waited for whom, and the critical path. */
  'trace.lanes': Read<{ readonly traceId: string }, TraceLanes>;
  'trace.agents': Read<{ readonly traceId: string }, AgentTable>;
  /** Work whose result nobody used later, as far as the trace tells. */
  'trace.waste': Read<{ readonly traceId: string }, TraceWaste>;
  /** Faults that deterministic rules find, and who may be to blame. With `edits`, for this time over the settings. */
  'trace.detect': Read<{ readonly traceId: string; readonly edits?: DetectorEdits }, Detection>;
  /** How many findings of each detector one trace has: what the engine keeps for lists. No session. */
  'trace.findings': Read<{ readonly traceId: string }, FindingSummary>;
  'trace.conversation': Read<
    { readonly traceId: string; readonly cursor?: number; readonly limit?: number },
    ConversationPage
  >;
  /** What the user asked first, and what they were answered last, in full; '' = nothing. Also of a `session:` address. */
  'trace.answer': Read<{ readonly traceId: string }, { readonly question: string; readonly answer: string }>;
  /** Span events and errors of all spans; at most EVENT_PAGE entries. */
  'trace.events': Read<{ readonly traceId: string; readonly cursor?: number; readonly limit?: number }, EventPage>;
  /** Beginnings of what spans were given and gave; at most PREVIEW_SPANS are answered. */
  'trace.previews': Read<{ readonly traceId: string; readonly spanIds: readonly string[] }, readonly SpanPreview[]>;
  /** Span ids of one trace whose name, agent, tool or content contains the text, in tree order. */
  'trace.find': Read<{ readonly traceId: string; readonly text: string }, { readonly spanIds: readonly string[] }>;
  /** What a handoff, or a call of an agent as a tool, passed on of what its sender knew; the span is the one that proves it. */
  'trace.handoff': Read<{ readonly traceId: string; readonly spanId: string }, HandoffFacts>;
  /** Where a text that stands in a span came from. Without `contentKey`, whichever content of the span holds it is meant. */
  'trace.provenance': Read<
    { readonly traceId: string; readonly spanId: string; readonly contentKey?: number; readonly text: string },
    Origin
  >;
  'trace.delete': Write<{ readonly traceIds: readonly string[] }, { readonly deleted: number }>;
  /** Of one trace or session, in the order in which they were made, at most 10,000. */
  'annotation.list': Read<{ readonly traceId: string }, readonly AnnotationRow[]>;
  /** Everything that was said of one that was made or edited here, oldest first. */
  'annotation.history': Read<{ readonly traceId: string; readonly id: string }, readonly AnnotationRevision[]>;
  /** Who reviews here: the name in Settings (`reviewer`), else the operating system's user (`chosen` is false). */
  'annotation.reviewer': Read<void, { readonly name: string; readonly chosen: boolean }>;
  /** Of spans of one trace: which they are in order of time, from 0, and who acts in them. Unknown ones are left out. */
  'annotation.places': Read<
    { readonly traceId: string; readonly spanIds: readonly string[] },
    readonly { readonly spanId: string; readonly step: number; readonly actor: string | null }[]
  >;
  /** What goes with these traces: `scores` came with the data. */
  'annotation.count': Read<
    { readonly traceIds: readonly string[] },
    { readonly count: number; readonly scores: number }
  >;
  /** Without an id it is a new one. `replaces`: hashes of the revisions that the author saw; without it, all there are. */
  'annotation.save': Write<
    {
      readonly traceId: string;
      readonly id?: string;
      readonly state: AnnotationState;
      readonly replaces?: readonly string[];
    },
    AnnotationRow
  >;
  'annotation.remove': Write<{ readonly traceId: string; readonly id: string }, null>;
  /** Queues of what is to be reviewed, the newest first. */
  'queue.list': Read<void, readonly ReviewQueue[]>;
  'queue.get': Read<{ readonly queueId: string }, QueueState>;
  /** In order of position; without `states` all; at most 1,000 at a time, from `cursor` on. */
  'queue.items': Read<
    {
      readonly queueId: string;
      readonly states?: readonly ItemState[];
      readonly cursor?: number;
      readonly limit?: number;
    },
    ItemPage
  >;
  /** One item and its neighbours; without an id the first that waits, else the first of all. */
  'queue.at': Read<{ readonly queueId: string; readonly itemId?: number }, ItemPlace>;
  /** Progress comes as `job` events. Fails with `not_found` when there is nothing to review. */
  'queue.create': Write<{ readonly jobId: string; readonly queue: QueueDraft }, ReviewQueue>;
  /** Puts more at the end, by the queue's own task and order; what it has already is left out. */
  'queue.addItems': Write<
    { readonly jobId: string; readonly queueId: string; readonly source: QueueSource },
    { readonly added: number }
  >;
  'queue.mark': Write<{ readonly itemId: number; readonly state: ItemState }, ReviewItem>;
  /** Keeps what is being typed, key by key. */
  'queue.draft': Write<{ readonly itemId: number; readonly draft: string }, null>;
  /** What was annotated in it stays. */
  'queue.delete': Write<{ readonly queueId: string }, null>;
  /** As they stand, those that ship with the app first. */
  'taxonomy.list': Read<void, readonly Taxonomy[]>;
  /** Oldest first; what ships with the app comes before what people made of it. */
  'taxonomy.history': Read<{ readonly id: string }, readonly TaxonomyVersion[]>;
  /** Also of label sets that are no taxonomy here: then all spellings are unknown. */
  'taxonomy.usage': Read<{ readonly id: string }, TaxonomyUsage>;
  /** Label sets that annotations name and no taxonomy describes, the most frequent first. */
  'taxonomy.unknown': Read<void, readonly { readonly id: string; readonly annotations: number }[]>;
  /** Makes a new version of it, or a new one. */
  'taxonomy.save': Write<{ readonly taxonomy: Taxonomy }, Taxonomy>;
  /** As it ships with the app again, or gone when it does not ship; versions stay. Answers what stands now. */
  'taxonomy.reset': Write<{ readonly id: string }, Taxonomy | null>;
  /** Writes it as a JSON file, which a person may import again. */
  'taxonomy.export': Read<{ readonly id: string; readonly path: string }, null>;
  'schema.list': Read<void, readonly ScoreSchema[]>;
  'schema.save': Write<{ readonly schema: ScoreSchema }, ScoreSchema>;
  /** One that ships with the app is as it ships again. */
  'schema.remove': Write<{ readonly id: string }, null>;
  /** Free notes of all traces, at most 500; `group` null = those under no working title. The cursor is that of the page before. */
  'coding.notes': Read<
    NoteFilter & { readonly group?: string | null; readonly cursor?: number; readonly limit?: number },
    NotePage
  >;
  'coding.counts': Read<NoteFilter, NoteCounts>;
  /** Makes a category of each note, at the note's place; those made are answered. */
  'coding.promote': Write<
    { readonly notes: readonly NoteRef[]; readonly taxonomy: string; readonly category: string },
    { readonly made: readonly NoteRef[] }
  >;
  /** Puts notes under a working title (null: under none) and answers where those that changed were before. */
  'coding.group': Write<
    { readonly notes: readonly NoteRef[]; readonly group: string | null },
    { readonly changed: readonly (NoteRef & { readonly before: string | null })[] }
  >;
  /** Takes annotations back, such as those that a promotion made. */
  'coding.withdraw': Write<{ readonly annotations: readonly NoteRef[] }, { readonly removed: number }>;
  /** How far those who judged the same things agree. */
  'agreement.get': Read<AgreementArgs, Agreement>;
  /** Which failures, in which agents, at which step, how often, when and in which workflow. */
  'overview.get': Read<OverviewArgs, Overview>;
  /** The traces behind one bar or cell of it. */
  /** Writes the overview to `path` (absolute): its picture, or its counts as a table. */
  'overview.export': Read<OverviewArgs & { readonly path: string; readonly format: 'svg' | 'csv' }, null>;
  /** Writes a picture or table that the page drew. The desktop's dialog has asked before a file is replaced. */
  'picture.export': Read<{ readonly path: string; readonly text: string; readonly format: 'svg' | 'csv' }, null>;
  'overview.traces': Read<OverviewArgs & { readonly pick: OverviewPick }, OverviewTraces>;
  /** Verdicts that came with the data, of one trace or session. */
  'score.list': Read<{ readonly traceId: string }, readonly ScoreRow[]>;
  /** A pattern of what agents and tools do: see src/shared/pattern.ts. */
  'pattern.parse': Read<{ readonly text: string }, ParsedPattern>;
  /** Looks for it in traces, the newest first, for a moment or until `limit` are found; `nextCursor` goes on from there. */
  'pattern.search': Read<
    { readonly pattern: string; readonly query?: string; readonly cursor?: string; readonly limit?: number },
    PatternPage
  >;
  /** What kinds of graders there are, in the order in which they are offered. */
  'grader.kinds': Read<void, readonly GraderKindInfo[]>;
  /** Without `archived`, only those in use. */
  'grader.list': Read<{ readonly archived?: boolean }, readonly GraderRow[]>;
  /** Versions with the newest first. */
  'grader.get': Read<{ readonly id: string }, { readonly row: GraderRow; readonly versions: readonly GraderVersion[] }>;
  'grader.check': Read<
    { readonly definition: Json },
    { readonly definition: GraderDefinition | null; readonly problems: readonly GraderProblem[] }
  >;
  /** Without an id it is a new one. A definition that is equal to the newest makes no new version. */
  'grader.save': Write<{ readonly id?: string; readonly definition: Json; readonly note?: string | null }, GraderRow>;
  'grader.archive': Write<{ readonly id: string; readonly archived: boolean }, GraderRow>;
  /** Ready definitions, the best first, that what was chosen suggests: to begin with in the editor. */
  'grader.drafts': Read<{ readonly from: DraftSource }, readonly GraderDefinition[]>;
  /** From a text, or from the file at `path`; its format is known by its content. What is here already is not made again. */
  'grader.import': Write<{ readonly text?: string; readonly path?: string }, GraderImport>;
  /** Writes current versions to `path` (absolute), over what is there. */
  'grader.export': Read<
    { readonly graderIds: readonly string[]; readonly path: string; readonly format: GraderExport },
    GraderExportReport
  >;
  /** Grades at most TRIAL_TRACES traces and stores nothing. With `spanId`, that span alone. Progress as `job` events with a jobId. */
  'grade.try': Read<
    {
      readonly definition: Json;
      readonly traceIds: readonly string[];
      readonly spanId?: string;
      readonly jobId?: string;
    },
    readonly GradeTrial[]
  >;
  /** What a grader would be given: for the completion of template paths. */
  'grade.subject': Read<{ readonly traceId: string; readonly spanId?: string }, Subject>;
  /** Stored verdicts of one trace or session, the newest version of each grader first. */
  'grade.list': Read<{ readonly traceId: string }, readonly GradeRow[]>;
  /** Verdicts on traces (not on their parts), the newest first; of one version, or of all. */
  'grade.page': Read<
    {
      readonly graderId: string;
      readonly versionHash?: string;
      readonly passed?: boolean | null;
      readonly status?: Grade['status'];
      readonly cursor?: string;
      readonly limit?: number;
    },
    GradePage
  >;
  /** Queues work that goes on by itself, also after a restart; those of `traceIds`, else those that match `query`, else all. */
  'grading.start': Write<
    {
      readonly graderIds: readonly string[];
      readonly query?: string;
      readonly traceIds?: readonly string[];
      readonly label?: string;
    },
    GradingRow
  >;
  /** The newest first. */
  'grading.list': Read<void, readonly GradingRow[]>;
  /** What was graded before stays. */
  'grading.cancel': Write<{ readonly id: string }, GradingRow>;
  /** What models would be asked, before they are. */
  'grading.cost': Read<
    {
      readonly graderIds?: readonly string[];
      readonly definition?: Json;
      readonly query?: string;
      readonly traceIds?: readonly string[];
    },
    GradingCost
  >;
  /**
   * What saving this definition would change: on the traces that the grader's current version has spoken of, among those
   * given; where it has not, both versions grade. A grader that asks models does so only with `ask`. People's verdicts on
   * traces are the truth, or with a category its presence (= fail). Progress as `job` events with a jobId.
   */
  'flip.preview': Read<
    {
      readonly graderId: string | null;
      readonly definition: Json;
      readonly query?: string;
      readonly traceIds?: readonly string[];
      readonly limit?: number;
      readonly seed?: number;
      readonly ask?: boolean;
      readonly taxonomy?: string;
      readonly category?: string;
      readonly jobId?: string;
    },
    FlipPreview
  >;
  /** Datasets in use, or with `archived` also the others, by name. */
  'dataset.list': Read<{ readonly archived?: boolean }, readonly DatasetRow[]>;
  'dataset.get': Read<
    { readonly id: string },
    { readonly row: DatasetRow; readonly versions: readonly DatasetVersion[] }
  >;
  /** Examples of one version (the newest unless given) in their order; at most 1,000 at a time. `text` = a part of one. */
  'dataset.examples': Read<
    {
      readonly id: string;
      readonly version?: number;
      readonly text?: string;
      readonly cursor?: number;
      readonly limit?: number;
    },
    ExamplePage
  >;
  'dataset.example': Read<{ readonly id: string; readonly version?: number; readonly key: string }, DatasetExample>;
  'dataset.create': Write<{ readonly name: string }, DatasetRow>;
  'dataset.rename': Write<{ readonly id: string; readonly name: string }, DatasetRow>;
  'dataset.archive': Write<{ readonly id: string; readonly archived: boolean }, DatasetRow>;
  /** The edits make one new version; none when nothing changes. `base`: the version that was edited, refused when it is not the newest. */
  'dataset.edit': Write<
    {
      readonly id: string;
      readonly base: number;
      readonly edits: readonly DatasetEdit[];
      readonly note?: string | null;
    },
    DatasetRow
  >;
  /** As that version was, as a new one. */
  'dataset.revert': Write<{ readonly id: string; readonly version: number }, DatasetRow>;
  /** Examples as they are made of traces, in the order given; nothing is written. */
  'dataset.ofTraces': Read<{ readonly traceIds: readonly string[] }, readonly DatasetExample[]>;
  /**
   * Adds examples made of traces; a trace that is in it already is made again. `left`: traces of tasks that have an example
   * from elsewhere (the first trial in time, a file, a hand), which stays.
   */
  'dataset.addTraces': Write<
    { readonly id: string; readonly traceIds?: readonly string[]; readonly query?: string; readonly jobId?: string },
    { readonly dataset: DatasetRow; readonly added: number; readonly changed: number; readonly left: number }
  >;
  /** JSONL, JSON, CSV, ADK evalsets, tau tasks: known by content. Without an id a new one is made. */
  'dataset.import': Write<
    { readonly id?: string; readonly path: string; readonly name?: string; readonly jobId?: string },
    DatasetImport
  >;
  'dataset.export': Read<
    { readonly id: string; readonly version?: number; readonly path: string; readonly format: 'jsonl' | 'csv' },
    { readonly written: number }
  >;
  'eval.list': Read<{ readonly archived?: boolean }, readonly EvalRow[]>;
  'eval.get': Read<{ readonly id: string }, EvalRow>;
  /** Without an id it is a new one. */
  'eval.save': Write<{ readonly id?: string; readonly definition: EvalDefinition }, EvalRow>;
  'eval.archive': Write<{ readonly id: string; readonly archived: boolean }, EvalRow>;
  /** How many traces the source has now (at most `limit`), and what models would be asked. */
  'eval.estimate': Read<
    {
      readonly source: EvalSource;
      readonly criteria: EvalDefinition['criteria'];
      readonly limit?: number | null;
      readonly seed?: number;
    },
    { readonly traces: number; readonly tasks: number; readonly missing: number; readonly cost: GradingCost }
  >;
  /** Freezes what is measured and of which traces, and queues it; goes on by itself, also after a restart. */
  'run.start': Write<
    {
      readonly evalId: string;
      readonly name?: string;
      /** Instead of the eval's own. */
      readonly source?: EvalSource;
      /** A sample of so many, drawn with the seed; null = all. */
      readonly limit?: number | null;
      readonly seed?: number;
      /** Instead of traces: answers to grade, each with the row that it answers (OpenAI's `item` and `sample`). */
      readonly items?: readonly { readonly item: Json; readonly sample: Json }[];
    },
    EvalRunRow
  >;
  /** The same traces and versions once more, as a new run. */
  'run.repeat': Write<{ readonly id: string; readonly name?: string }, EvalRunRow>;
  'run.cancel': Write<{ readonly id: string }, EvalRunRow>;
  /** A cancelled or failed one goes on; items that errored are graded again. */
  'run.resume': Write<{ readonly id: string }, EvalRunRow>;
  'run.rename': Write<{ readonly id: string; readonly name: string }, EvalRunRow>;
  'run.delete': Write<{ readonly id: string }, null>;
  /** The newest first; of one eval, or of all. */
  'run.list': Read<{ readonly evalId?: string }, readonly EvalRunRow[]>;
  'run.get': Read<{ readonly id: string }, EvalRunRow>;
  /** One for each criterion of the run, in its order. */
  'run.figures': Read<{ readonly id: string }, readonly CriterionFigures[]>;
  /** In order of position, at most ITEM_PAGE at a time. */
  'run.items': Read<
    { readonly id: string; readonly filter?: RunItemFilter; readonly cursor?: number; readonly limit?: number },
    RunItemPage
  >;
  'run.item': Read<{ readonly id: number }, RunItem>;
  /** What runs said of one trace, the newest first. */
  'run.ofTrace': Read<{ readonly traceId: string }, readonly RunItem[]>;
  /**
   * Does it hold its thresholds, and against a baseline: is no criterion significantly worse?
   * `threshold` (0…1) is for criteria that have none.
   */
  'run.gate': Read<{ readonly id: string; readonly baselineId?: string; readonly threshold?: number }, GateVerdict>;
  'run.import': Write<{ readonly path: string }, EvalImport>;
  'run.export': Read<
    {
      readonly id: string;
      readonly path: string;
      readonly format: RunExport;
      readonly baselineId?: string;
      readonly threshold?: number;
    },
    { readonly bytes: number; readonly problems: readonly ExchangeProblem[] }
  >;
  'compare.runs': Read<
    {
      readonly baselineId: string;
      readonly otherIds: readonly string[];
      readonly resamples?: number;
      readonly seed?: number;
    },
    RunComparison
  >;
  'compare.items': Read<{ readonly baselineId: string; readonly otherId: string }, ComparedItems>;
  'compare.export': Read<
    {
      readonly baselineId: string;
      readonly otherIds: readonly string[];
      readonly path: string;
      readonly format: 'markdown' | 'json' | 'csv';
    },
    null
  >;
  /** `session:` addresses work here too. */
  'align.traces': Read<{ readonly a: string; readonly b: string }, AlignedTraces>;
  /** Tool calls that were expected, against what the trace did: rows of A are places in `expected`. */
  'align.expected': Read<{ readonly expected: readonly ExpectedCall[]; readonly b: string }, AlignedTraces>;
  'align.graph': Read<{ readonly a: string; readonly b: string }, MergedGraph>;
  /** Each against the baseline, at most MOST_ALIGNED. */
  'align.many': Read<{ readonly baseline: string; readonly traceIds: readonly string[] }, readonly AlignedRow[]>;
  /**
   * One group, or two over each other; at most MOST_MAPPED traces. Verdicts: those of the group's eval run or of `runId`, else
   * people's, else the data's. `split`: one group becomes two, what passed and what failed.
   */
  'behaviour.map': Read<
    { readonly groups: readonly BehaviourGroup[]; readonly runId?: string; readonly split?: boolean },
    BehaviourMap
  >;
  /** Model servers for judges and embeddings, the default one first. */
  'endpoint.list': Read<void, readonly JudgeEndpoint[]>;
  /** `confirm`: the user says that traces may be sent to this host, which is not on this computer. */
  'endpoint.save': Write<{ readonly endpoint: EndpointDraft; readonly confirm?: boolean }, JudgeEndpoint>;
  'endpoint.remove': Write<{ readonly id: string }, null>;
  /** Asks it which models it has. */
  'endpoint.test': Write<{ readonly id: string }, EndpointTest>;
  /** Every request that was sent to another program, the newest first; at most 1,000. */
  'outbound.list': Read<{ readonly limit?: number }, OutboundPage>;
  'session.list': Read<SessionListArgs, SessionPage>;
  'session.get': Read<{ readonly sessionId: string }, SessionRow>;
  /** The traces of one session, in order of time, for its time line. */
  'session.traces': Read<
    { readonly sessionId: string; readonly cursor?: string; readonly limit?: number },
    SessionTracePage
  >;
  /** Where a trace stands in its session; null when it has none. */
  'session.place': Read<{ readonly traceId: string }, SessionPlace | null>;
  'span.get': Read<{ readonly traceId: string; readonly spanId: string }, SpanDetail>;
  'span.raw': Read<{ readonly traceId: string; readonly spanId: string }, RawBody>;
  /** What a generation was given, and how that differs from its agent's one before; null for another kind of span. */
  'span.context': Read<{ readonly traceId: string; readonly spanId: string }, SpanContext | null>;
  /** The tool calls that a span makes, or is, held against the schemas recorded for their tools. */
  'span.calls': Read<{ readonly traceId: string; readonly spanId: string }, readonly CallCheck[]>;
  'content.get': Read<{ readonly key: number }, ContentItem>;
  'issue.list': Read<{ readonly traceId?: string; readonly limit?: number }, readonly IssueRow[]>;
  /** What became of everything that was received, of one trace or of the whole workspace. */
  'ledger.get': Read<{ readonly traceId?: string }, LedgerCounts>;
  /** What is behind one count, at most 500 at a time. */
  'ledger.items': Read<
    { readonly kind: LedgerKind; readonly traceId?: string; readonly limit?: number; readonly offset?: number },
    LedgerPage
  >;
  /** A received body as it came. */
  'raw.get': Read<{ readonly rawKey: number }, RawBody>;
  /** Reads files or folders; progress comes as `job` events with this id. Resolves when done or cancelled. */
  'import.run': Write<
    { readonly jobId: string; readonly paths: readonly string[]; readonly format?: string },
    ImportReport
  >;
  'sample.load': Write<void, ImportReport>;
  /** Where the files lie that other programs load to report here; null = not beside this app. */
  'connect.helpers': Read<void, { readonly folder: string | null }>;
  'export.formats': Read<void, readonly ExportFormatInfo[]>;
  /**
   * Writes traces to `path` (absolute): those of `traceIds`, else those that match `query`, else all. Progress comes as `job`
   * events with this id. Without `overwrite`, a file that is there already is an error of `file_exists`.
   */
  'export.run': Read<
    {
      readonly jobId: string;
      readonly format: string;
      readonly path: string;
      readonly traceIds?: readonly string[];
      readonly query?: string;
      readonly overwrite?: boolean;
    },
    ExportReport
  >;
  'rules.get': Read<void, RulesState>;
  /** Takes effect for what arrives from now on. Refused while a rebuild runs. */
  'rules.set': Write<{ readonly rules: readonly Rule[] }, RulesState>;
  /** What would change if these were the rules: nothing is written. Work is bounded; see `complete`. */
  'rules.preview': Read<{ readonly rules: readonly Rule[] }, RulesPreview>;
  /**
   * Derives traces again from the received bytes: those given, those that match, or all. Progress comes as `job` events.
   * When the call is cancelled, traces that were begun are finished.
   */
  'rebuild.run': Write<
    { readonly jobId: string; readonly traceIds?: readonly string[]; readonly query?: string },
    RebuildReport
  >;
  /** Also one that another window began, or that goes on after a restart. */
  'rebuild.cancel': Write<void, null>;
  /** Counters of tokens and money that clients keep themselves. */
  'metrics.list': Read<MetricListArgs, readonly MetricRow[]>;
  'settings.get': Read<{ readonly key: string }, string | null>;
  'settings.set': Write<{ readonly key: string; readonly value: string | null }, null>;
  'prices.get': Read<void, PriceSheet>;
  /** Models of the workspace that the table has no row for, the most frequent first. */
  'prices.unpriced': Read<{ readonly limit?: number }, readonly { readonly model: string; readonly traces: number }[]>;
  /** Writes the table that is in use as a JSON file, which a person may import again. */
  'prices.export': Read<{ readonly path: string }, null>;
  /** Null goes back to the table that ships with the app. Estimates of the traces that this touches follow by themselves. */
  'prices.set': Write<{ readonly overrides: PriceOverrides | null }, PriceSheet>;
  'detectors.get': Read<void, DetectorSheet>;
  /** Replaces all edits; null = as the program comes. What was found in traces is looked for again, in the background. */
  'detectors.set': Write<{ readonly edits: DetectorEdits | null }, DetectorSheet>;
  'sql.query': Read<{ readonly sql: string; readonly limit?: number }, SqlRows>;
};

export type Method = keyof Contract;
export type Args<M extends Method> = Contract[M]['args'];
export type Answer<M extends Method> = Contract[M]['result'];

export type EngineInfo = {
  readonly version: string;
  readonly workspace: string;
  readonly httpUrl: string | null;
  /** host:port where gRPC clients may send; null without a collector. */
  readonly grpcAddress: string | null;
  /** Something about the start that the user should know: another port was taken, opened read-only. */
  readonly notice: string | null;
  readonly readOnly: boolean;
  readonly traces: number;
  readonly spans: number;
  readonly fileBytes: number;
  readonly revision: number;
};

export type DoctorCheck = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint: string | null;
};

export type FormatInfo = {
  readonly id: string;
  readonly label: string;
  readonly import: boolean;
  readonly export: boolean;
  readonly routes: readonly string[];
};

export type ImportReport = {
  readonly files: number;
  readonly traces: number;
  readonly spans: number;
  readonly annotations: number;
  readonly scores: number;
  /** What came of annotations that other people made; null = the files hold none. */
  readonly merged: MergeReport | null;
  /** Ids of the traces touched, newest first, at most 100. */
  readonly traceIds: readonly string[];
  /** At most 1,000; `count` where one file says the same several times. */
  readonly issues: readonly {
    readonly file: string;
    readonly code: string;
    readonly message: string;
    readonly count?: number;
  }[];
  /** One for each file, at most 1,000: those that were not understood or have issues before the others. */
  readonly reports: readonly FileReport[];
  /** Labels of the formats that can be read; empty when each file was understood. */
  readonly supported: readonly string[];
};

export type MergeReport = {
  /** Said of annotations, and not known here before. */
  readonly revisions: number;
  /** Annotations of which something new was said. */
  readonly annotations: number;
  /** Of those that the files speak of, the ones on which people disagree now. */
  readonly conflicts: number;
  /** Revisions of traces that are not here: they are kept, and shown when those come. */
  readonly waiting: number;
  readonly waitingTraces: number;
};

/** What became of one file of an import, or of one inside an archive (`runs.zip/7.json`). */
export type FileReport = {
  readonly file: string;
  readonly bytes: number;
  /** Label of the format that it was read as; null when no format takes it. */
  readonly format: string | null;
  /** In a few words, where no format takes it: "SQLite database", "CSV with the columns a, b". */
  readonly looksLike: string | null;
  readonly traces: number;
  readonly spans: number;
  readonly annotations: number;
  readonly scores: number;
  readonly issues: number;
};

export type ExportFormatInfo = {
  readonly id: string;
  readonly label: string;
  /** What it keeps and what it is for, in one sentence. */
  readonly about: string;
  /** Of a proposed file name, without the dot; '' for a folder. */
  readonly extension: string;
  readonly layout: 'file' | 'folder';
};

export type ExportReport = {
  readonly files: number;
  readonly traces: number;
  readonly bytes: number;
  readonly path: string;
  /** What was written, where the format is for annotations alone; else null. */
  readonly labels: { readonly annotations: number; readonly scores: number } | null;
  /** Traces that the format cannot tell, at most 100 of them, and how many there are in all. */
  readonly skipped: readonly { readonly traceId: string; readonly reason: string }[];
  readonly skippedCount: number;
};

export type RulesState = {
  /** The first that matches and sets a field wins. */
  readonly rules: readonly Rule[];
  /** False when the rules were changed since all traces were rebuilt with them. */
  readonly applied: boolean;
  /** Received bodies that an older version of this program decoded; a rebuild decodes them as this one does. */
  readonly olderBodies: number;
  /** The rebuild under way. */
  readonly jobId: string | null;
};

/** Null = nothing, or what the source says where a rule no longer sets it. */
export type RuleChange = {
  readonly field: 'kind' | 'agent' | 'tool' | 'edge' | 'session';
  readonly before: string | null;
  readonly after: string | null;
};

export type RulesPreview = {
  /** Spans, and traces put into another session, that would change. */
  readonly spans: number;
  readonly sessions: number;
  readonly traces: number;
  /** Spans that each enabled rule matches, by its id. */
  readonly matched: { readonly [ruleId: string]: number };
  /** The first ones. `spanId` is null for the session of a trace. */
  readonly changes: readonly {
    readonly traceId: string;
    readonly traceName: string;
    readonly spanId: string | null;
    readonly spanName: string;
    readonly fields: readonly RuleChange[];
  }[];
  readonly scanned: number;
  /** False when only the first spans were looked at. */
  readonly complete: boolean;
};

export type RebuildReport = {
  readonly traces: number;
  /** Traces whose derived state is not what it was. */
  readonly changed: number;
  /** Decoded again. */
  readonly spans: number;
  /** Spans whose bytes are gone or cannot be decoded any more: they are as they were. */
  readonly staying: number;
  readonly cancelled: boolean;
};

/** What the engine tells without being asked. */
export type EngineEvents = {
  /** After commits, coalesced to at most ten a second. `traceIds` is null when more than 200 traces were touched. */
  changed: {
    readonly revision: number;
    readonly tables: readonly string[];
    readonly traceIds: readonly string[] | null;
  };
  job: {
    readonly jobId: string;
    readonly label: string;
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly finished: boolean;
  };
  /** At most once a second, and only when something changed. */
  collector: {
    readonly spansPerSecond: number;
    readonly spans: number;
    readonly traces: number;
    readonly fileBytes: number;
  };
  /** Whether graders wait for an interpreter of Python that is being started, which takes seconds. */
  sandbox: { readonly startsPython: boolean };
};
export type EventName = keyof EngineEvents;

/** The parts of a span that the inspector shows one at a time. */
export type SpanTab = 'summary' | 'input' | 'output' | 'attributes' | 'events' | 'raw';

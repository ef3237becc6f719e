/**
 * Version 4: `session`, kept by triggers on `trace`, so that listing sessions costs what is shown and not what is stored.
 * Sums of what senders state are REAL, and costs bounded: nothing that is sent can make a sum fail.
 */
const COUNTED = 'sort_ns, start_ns, end_ns, status, spans, errors, input_tokens, output_tokens, cost, cost_basis';

type Row = 'old' | 'new';

/** What one trace adds to each column. */
const PARTS: readonly (readonly [column: string, part: (row: Row) => string])[] = [
  ['running', (row) => `(${row}.status = 'running')`],
  ['failed', (row) => `(${row}.status = 'error')`],
  ['tool_errors', (row) => `(${row}.status = 'tool_errors')`],
  ['spans', (row) => `${row}.spans`],
  ['errors', (row) => `${row}.errors`],
  ['inputs', (row) => `(${row}.input_tokens IS NOT NULL)`],
  ['input_tokens', (row) => `coalesce(${row}.input_tokens, 0)`],
  ['outputs', (row) => `(${row}.output_tokens IS NOT NULL)`],
  ['output_tokens', (row) => `coalesce(${row}.output_tokens, 0)`],
  ['costs', (row) => `(${row}.cost IS NOT NULL)`],
  ['stated_costs', (row) => `(${row}.cost_basis IS 'stated')`],
  ['estimated_costs', (row) => `(${row}.cost_basis IS 'estimated')`],
  ['cost', (row) => boundedCost(`${row}.cost`)],
];

function boundedCost(column: string): string {
  return `min(max(coalesce(${column}, 0), -1e12), 1e12)`;
}

/** One statement: a trace is derived often, and each statement in a trigger costs. */
function update(row: Row, traces: string, sums: (column: string, part: (row: Row) => string) => string): string {
  const columns = PARTS.map(([column, part]) => `    ${column} = ${sums(column, part)},`).join('\n');
  return `UPDATE session SET${traces}
${columns}
    -- each of the three is one step in an index
    sort_ns = coalesce((SELECT max(sort_ns) FROM trace WHERE session_id = ${row}.session_id), sort_ns),
    start_ns = (SELECT min(start_ns) FROM trace WHERE session_id = ${row}.session_id AND start_ns IS NOT NULL),
    end_ns = (SELECT max(end_ns) FROM trace WHERE session_id = ${row}.session_id)
  WHERE session_id = ${row}.session_id;`;
}

const JOIN = `INSERT INTO session (session_id, sort_ns) SELECT new.session_id, new.sort_ns
    WHERE new.session_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session WHERE session_id = new.session_id);
  ${update('new', ' traces = traces + 1,', (column, part) => `${column} + ${part('new')}`)}`;

const CHANGE = update('new', '', (column, part) => `${column} + ${part('new')} - ${part('old')}`);

const LEAVE = `${update('old', ' traces = traces - 1,', (column, part) => `${column} - ${part('old')}`)}
  DELETE FROM session WHERE session_id = old.session_id AND traces <= 0;`;

export const sql = `
DROP INDEX trace_by_session;
CREATE INDEX trace_by_session ON trace (session_id, sort_ns, trace_id) WHERE session_id IS NOT NULL;
CREATE INDEX trace_session_start ON trace (session_id, start_ns) WHERE session_id IS NOT NULL AND start_ns IS NOT NULL;
CREATE INDEX trace_session_end ON trace (session_id, end_ns) WHERE session_id IS NOT NULL;

CREATE TABLE session (
  session_key INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE,
  -- of its newest trace
  sort_ns INTEGER NOT NULL,
  start_ns INTEGER,
  end_ns INTEGER,
  traces INTEGER NOT NULL DEFAULT 0,
  -- traces with this status
  running INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  tool_errors INTEGER NOT NULL DEFAULT 0,
  spans INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  -- traces that state what is summed in the column after
  inputs INTEGER NOT NULL DEFAULT 0,
  input_tokens REAL NOT NULL DEFAULT 0,
  outputs INTEGER NOT NULL DEFAULT 0,
  output_tokens REAL NOT NULL DEFAULT 0,
  costs INTEGER NOT NULL DEFAULT 0,
  -- of these, all of it stated by the source, or all of it estimated
  stated_costs INTEGER NOT NULL DEFAULT 0,
  estimated_costs INTEGER NOT NULL DEFAULT 0,
  cost REAL NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_by_time ON session (sort_ns DESC, session_id DESC);

INSERT INTO session (session_id, sort_ns, start_ns, end_ns, traces, running, failed, tool_errors, spans, errors, inputs, input_tokens,
  outputs, output_tokens, costs, stated_costs, estimated_costs, cost)
SELECT session_id, max(sort_ns), min(start_ns), max(end_ns), count(*), sum(status = 'running'), sum(status = 'error'),
  sum(status = 'tool_errors'), sum(spans), sum(errors), count(input_tokens), total(input_tokens), count(output_tokens),
  total(output_tokens), count(cost), total(cost_basis = 'stated'), total(cost_basis = 'estimated'), total(${boundedCost('cost')})
FROM trace WHERE session_id IS NOT NULL GROUP BY session_id;

CREATE TRIGGER trace_session_added AFTER INSERT ON trace WHEN new.session_id IS NOT NULL BEGIN
  ${JOIN}
END;
CREATE TRIGGER trace_session_changed AFTER UPDATE OF ${COUNTED} ON trace WHEN new.session_id = old.session_id BEGIN
  ${CHANGE}
END;
CREATE TRIGGER trace_session_moved AFTER UPDATE OF session_id ON trace WHEN new.session_id IS NOT old.session_id BEGIN
  ${LEAVE}
  ${JOIN}
END;
CREATE TRIGGER trace_session_removed AFTER DELETE ON trace WHEN old.session_id IS NOT NULL BEGIN
  ${LEAVE}
END;
`;

/**
 * Version 4: `session`, kept by triggers on `trace`, so that listing sessions costs what is shown and not what is stored.
 * Sums of what senders state are REAL, and costs bounded: nothing that is sent can make a sum fail.
 */
const COUNTED = 'session_id, sort_ns, start_ns, end_ns, status, spans, errors, input_tokens, output_tokens, cost, cost_basis';

type Row = 'old' | 'new';

const BOUNDED_COST = (row: string): string => `min(max(coalesce(${row}cost, 0), -1e12), 1e12)`;

function count(row: Row, sign: '+' | '-'): string {
  return `UPDATE session SET
    traces = traces ${sign} 1,
    running = running ${sign} (${row}.status = 'running'),
    failed = failed ${sign} (${row}.status = 'error'),
    tool_errors = tool_errors ${sign} (${row}.status = 'tool_errors'),
    spans = spans ${sign} ${row}.spans,
    errors = errors ${sign} ${row}.errors,
    inputs = inputs ${sign} (${row}.input_tokens IS NOT NULL),
    input_tokens = input_tokens ${sign} coalesce(${row}.input_tokens, 0),
    outputs = outputs ${sign} (${row}.output_tokens IS NOT NULL),
    output_tokens = output_tokens ${sign} coalesce(${row}.output_tokens, 0),
    costs = costs ${sign} (${row}.cost IS NOT NULL),
    stated_costs = stated_costs ${sign} (${row}.cost_basis IS 'stated'),
    estimated_costs = estimated_costs ${sign} (${row}.cost_basis IS 'estimated'),
    cost = cost ${sign} ${BOUNDED_COST(`${row}.`)}
  WHERE session_id = ${row}.session_id;`;
}

function join(): string {
  return `INSERT INTO session (session_id, sort_ns) SELECT new.session_id, new.sort_ns
    WHERE new.session_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM session WHERE session_id = new.session_id);
  ${count('new', '+')}`;
}

/** Each of the three is one step in an index; `sort_ns` of a trace is its start where it has one. */
function bound(row: Row): string {
  return `UPDATE session SET
    sort_ns = coalesce((SELECT max(sort_ns) FROM trace WHERE session_id = ${row}.session_id), sort_ns),
    start_ns = (SELECT start_ns FROM trace WHERE session_id = ${row}.session_id AND start_ns IS NOT NULL ORDER BY sort_ns LIMIT 1),
    end_ns = (SELECT max(end_ns) FROM trace WHERE session_id = ${row}.session_id)
  WHERE session_id = ${row}.session_id;`;
}

const LEAVE = `DELETE FROM session WHERE session_id = old.session_id AND traces <= 0;`;

export const sql = `
DROP INDEX trace_by_session;
CREATE INDEX trace_by_session ON trace (session_id, sort_ns, trace_id) WHERE session_id IS NOT NULL;
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
  total(output_tokens), count(cost), total(cost_basis = 'stated'), total(cost_basis = 'estimated'), total(${BOUNDED_COST('')})
FROM trace WHERE session_id IS NOT NULL GROUP BY session_id;

CREATE TRIGGER trace_session_added AFTER INSERT ON trace WHEN new.session_id IS NOT NULL BEGIN
  ${join()}
  ${bound('new')}
END;
CREATE TRIGGER trace_session_changed AFTER UPDATE OF ${COUNTED} ON trace
WHEN old.session_id IS NOT NULL OR new.session_id IS NOT NULL BEGIN
  ${count('old', '-')}
  ${join()}
  ${bound('new')}
  ${bound('old')}
  ${LEAVE}
END;
CREATE TRIGGER trace_session_removed AFTER DELETE ON trace WHEN old.session_id IS NOT NULL BEGIN
  ${count('old', '-')}
  ${bound('old')}
  ${LEAVE}
END;
`;

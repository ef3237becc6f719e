/**
 * Version 3: where a trace's cost comes from. Nothing is filled in here: the engine derives all traces with models again
 * when it meets a workspace whose figures were not made with its price table.
 */
export const sql = `
-- stated, partly, estimated; NULL where there is no cost
ALTER TABLE trace ADD COLUMN cost_basis TEXT;
UPDATE trace SET cost_basis = 'stated' WHERE cost IS NOT NULL;
`;

/** A support desk that is stopped: the refund agent keeps asking a ledger that is down until it runs out of turns. */
import { Agent, tool } from '@openai/agents';
import { z } from 'zod';
import { ScriptedModel } from '../scripted-model.mjs';

const title = 'Three agents on a refund that cannot be booked';
const seconds = 8;
const trace = {
  name: 'Refund request',
  groupId: 'customer-88123',
  metadata: { channel: 'email', environment: 'demo' },
};
const maxTurns = 6;
const request =
  'Order 50-11873 arrived with a cracked lid. I would like my money back, please. The photos are attached to my last e-mail. – J. Haddad';

/** @param {import('../scripted-model.mjs').Pace} pace */
function firstAgent(pace) {
  const lookUp = tool({
    name: 'look_up_order',
    description: 'An order by its number.',
    parameters: z.object({ order: z.string() }),
    execute: async ({ order }) => {
      await pace.wait(400);
      return { order, paid: '€ 64.90', item: 'Cast-iron pot, 24 cm', delivered: '2026-11-18', refundable: true };
    },
  });
  const book = tool({
    name: 'book_refund',
    description: 'Books a refund in the ledger.',
    parameters: z.object({ order: z.string(), amount: z.string() }),
    execute: async () => {
      await pace.wait(500);
      throw new Error('503 Service Unavailable: ledger-primary is read-only during failover');
    },
    errorFunction: (_context, error) =>
      `Not booked. ${error instanceof Error ? error.message : String(error)}. Try again later.`,
  });
  const policy = tool({
    name: 'check_policy',
    description: 'What the refund policy says of a case.',
    parameters: z.object({ reason: z.string() }),
    execute: async () => {
      await pace.wait(300);
      return 'Damaged on arrival: full refund within 30 days, photo required, no return needed under € 80.';
    },
  });
  const call = /** @type {const} */ (['book_refund', { order: '50-11873', amount: '€ 64.90' }]);
  const refundClerk = new Agent({
    name: 'Refund clerk',
    instructions: 'You book refunds that the policy allows. Book exactly once.',
    model: new ScriptedModel(
      'scripted-small',
      [
        { ms: 600, says: 'The policy allows a full refund. Booking € 64.90.', calls: [call] },
        { ms: 500, says: 'The ledger is read-only. Trying again.', calls: [call] },
        { ms: 500, says: 'Still read-only. Trying again.', calls: [call] },
        { ms: 500, says: 'Still read-only. Trying again.', calls: [call] },
        { ms: 500, says: 'Still read-only. Trying again.', calls: [call] },
      ],
      pace,
    ),
    tools: [book],
  });
  const policyChecker = new Agent({
    name: 'Policy checker',
    instructions: 'You say what the policy allows, in one sentence, with the clause.',
    model: new ScriptedModel(
      'scripted-small',
      [
        { ms: 500, calls: [['check_policy', { reason: 'damaged on arrival' }]] },
        { ms: 500, says: 'Full refund: damaged on arrival, within 30 days, photos are there (clause 4.2).' },
      ],
      pace,
    ),
    tools: [policy],
  });
  return new Agent({
    name: 'Support desk',
    instructions:
      'You answer customers. Look the order up, have the policy checked, and hand refunds to the Refund clerk.',
    model: new ScriptedModel(
      'scripted-small',
      [
        {
          ms: 700,
          calls: [
            ['look_up_order', { order: '50-11873' }],
            ['ask_policy', { input: 'Pot delivered three days ago with a cracked lid, € 64.90, photos sent. Refund?' }],
          ],
        },
        { ms: 500, says: 'Refundable in full. Handing over.', handsTo: 'Refund clerk' },
      ],
      pace,
    ),
    tools: [
      lookUp,
      policyChecker.asTool({ toolName: 'ask_policy', toolDescription: 'Asks what the refund policy allows.' }),
    ],
    handoffs: [refundClerk],
  });
}

/** @type {import('../scripted-model.mjs').Story} */
export const refund = { title, seconds, trace, maxTurns, request, firstAgent };

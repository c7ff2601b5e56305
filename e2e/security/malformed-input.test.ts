/**
 * Malformed input on every procedure of the contract, over the WebSocket, to the real application:
 * it is refused with a named code, and the application goes on.
 */

import { ORPCError } from '@orpc/client';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { appContract } from '../../src-main/contract/app-contract.ts';
import { fromTransportError, isTransportError } from '../../src-main/contract/error-transport.ts';
import { type AppClient, clientOf, type Served, served } from './test-served.ts';

interface Procedure {
  readonly path: readonly [string, string];
  readonly input: z.ZodType | undefined;
}

const PROCEDURES: readonly Procedure[] = Object.entries(appContract).flatMap(([room, procedures]) =>
  Object.entries(procedures).map(([name, procedure]): Procedure => {
    const { inputSchema } = procedure['~orpc'];
    return { path: [room, name], input: inputSchema };
  }),
);

/**
 * Values that are wrong almost anywhere, and some that are right somewhere. Infinity is not among
 * them: it arrives as null, which some fields take.
 */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, '', '__proto__', '../../etc/passwd', '\0', "'; DROP TABLE items; --", '<b>'],
    ...[-1, 0, 1.5, 2 ** 53, 1e308, Number.NaN, 10n, new Date(0)],
    ...['a3f7d6c4-35f0-4f0e-9a55-3c1c46a7b6a1', 'transcribe', 'text', 'whole', [], {}, undefined],
  ),
  fc.string({ maxLength: 50 }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
);

/** The fields of an input, through the branches of unions. */
function fieldsOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => fieldsOf(option as z.ZodType));
  }
  return [];
}

/** Anything at all, or an object with the right fields and wrong values. */
function inputs({ input }: Procedure): fc.Arbitrary<unknown> {
  const fields = fieldsOf(input);
  if (fields.length === 0) return value;
  const object = fc.record(Object.fromEntries(fields.map((field) => [field, value])), {
    requiredKeys: [],
  });
  return fc.oneof(value, object);
}

let world: Served;
let socket: WebSocket;
let client: AppClient;
beforeAll(async () => {
  // Without a model nothing is run; what is asked here is whether it is refused.
  world = await served([]);
  await connect();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  // A connection that was closed for one message does not decide over the next test.
  if (socket.readyState !== socket.OPEN) await connect();
});

async function connect(): Promise<void> {
  socket = await world.connect();
  client = clientOf(socket);
}

type Untyped = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** Calls a procedure past the types. @returns the code of the refusal, or null for an answer */
async function call({ path: [room, name] }: Procedure, input: unknown): Promise<string | null> {
  const rooms = client as unknown as Untyped;
  try {
    const answer = await rooms[room]?.[name]?.(input);
    if (isStream(answer)) await answer.return();
    return null;
  } catch (error) {
    if (!isTransportError(error)) throw error;
    return fromTransportError(error).code;
  }
}

function isStream(answer: unknown): answer is { return(): Promise<unknown> } {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

describe.each(PROCEDURES.map((one) => [one.path.join('.'), one] as const))('%s', (_, procedure) => {
  const withInput = procedure.input !== undefined;

  it('refuses what is not its input with a named code', async () => {
    await fc.assert(
      fc.asyncProperty(inputs(procedure), async (input) => {
        const code = await call(procedure, input);
        expect(code).not.toBe('INTERNAL');
        const fits = !withInput || procedure.input?.safeParse(input).success === true;
        if (!fits) expect(code).toBe('OPTION_INVALID');
      }),
      // Without an input every run is the same.
      { numRuns: withInput ? 60 : 3 },
    );
  });

  it('refuses a body that the transport cannot read', async () => {
    const address = `/${procedure.path.join('/')}`;
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status, code } = await sendRaw(address, body);
        if (status !== 200) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
        expect(code).not.toMatch(/^INTERNAL/);
      }),
      { numRuns: withInput ? 40 : 3 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

/** Of oRPC's own serialisation: a value, and notes on where in it special values stand. */
const bodies = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  fc.record(
    {
      json: fc.oneof(
        fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
        fc.constant(JSON.parse('{"__proto__": {"polluted": 1}, "itemId": "x"}')),
      ),
      meta: fc.oneof(
        fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
        fc.array(
          fc.tuple(
            fc.integer({ min: -1, max: 12 }),
            fc.constantFrom('__proto__', 'constructor', 0),
          ),
        ),
        fc.constant([[0, '__proto__', 'polluted']]),
        fc.constant([[1, 'constructor', 'prototype', 'polluted']]),
      ),
      maps: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
    },
    { requiredKeys: [] },
  ),
);

let sent = 0;

/** A request as bytes on the wire. */
function sendRaw(u: string, b: unknown): Promise<{ status: number; code: string }> {
  const i = `raw${sent++}`;
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error('the connection was closed'));
    const listen = (data: unknown) => {
      const { i: id, p } = JSON.parse(String(data));
      if (id !== i) return;
      socket.off('message', listen);
      socket.off('close', closed);
      socket.send(JSON.stringify({ i, t: 4 }));
      resolve({ status: p.s ?? 200, code: p.b?.json?.code ?? '' });
    };
    socket.on('message', listen);
    socket.on('close', closed);
    socket.send(JSON.stringify({ i, p: { u, b } }));
  });
}

it('what the contract does not offer is not there', async () => {
  for (const address of [
    '/app',
    '/app/constructor',
    '/hasOwnProperty',
    '/app/info/x',
    '/jobs/toString',
    '/nothing',
  ]) {
    expect((await sendRaw(address, {})).status).toBe(404);
  }
});

it('the application is as it was', async () => {
  expect((await client.app.info()).database).toEqual({ state: 'ready' });
  expect(await client.jobs.list()).toEqual([]);
  expect((await client.history.list({})).total).toBe(0);
});

it('a refusal says nothing of the machine', async () => {
  const error = await client.media
    .playback({ itemId: 'a3f7d6c4-35f0-4f0e-9a55-3c1c46a7b6a1' })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ORPCError);
  expect(JSON.stringify(error)).not.toMatch(/stack|\.ts|node_modules/);
});

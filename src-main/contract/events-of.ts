/**
 * Turns a run that reports through a callback into a stream of its events. Events are small and
 * come a few times a second, so they are queued without bound when the reader is slow.
 */
export async function* eventsOf<Event>(
  run: (emit: (event: Event) => void) => Promise<void>,
): AsyncGenerator<Event> {
  const queue: Event[] = [];
  let wake = Promise.withResolvers<void>();
  let ended = false;
  const finished = run((event) => {
    queue.push(event);
    wake.resolve();
  }).finally(() => {
    ended = true;
    wake.resolve();
  });
  // The error reaches the reader below, after the events before it.
  finished.catch(() => undefined);
  while (true) {
    yield* queue.splice(0);
    if (queue.length > 0) continue;
    if (ended) break;
    await wake.promise;
    wake = Promise.withResolvers<void>();
  }
  await finished;
}

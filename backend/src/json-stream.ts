import { Readable } from "node:stream";

/** Text that waits for the client at most, before no further batch is asked for. */
const HIGH_WATER_BYTES = 64 * 1024;

/**
 * A JSON array, written while its rows are still being read. The next batch is asked for only when the client has taken the
 * one before; a client that goes away ends the reading by the iterator's `return`.
 *
 * @param batches rows in the order they are to be written; empty batches are allowed
 * @param answer  what is written for a row
 */
export function jsonArrayStream<Row>(
  batches: AsyncIterator<readonly Row[]>,
  answer: (row: Row) => object,
): Readable {
  let separator = "[";

  const nextText = async (): Promise<string | null> => {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) return null;
      if (step.value.length === 0) continue;
      let text = "";
      for (const row of step.value) {
        text += separator + JSON.stringify(answer(row));
        separator = ",";
      }
      return text;
    }
  };

  return new Readable({
    highWaterMark: HIGH_WATER_BYTES,
    read() {
      nextText().then(
        (text) => {
          if (text !== null) return void this.push(text);
          this.push(separator === "[" ? "[]" : "]");
          this.push(null);
        },
        (error: Error) => this.destroy(error),
      );
    },
    // Not left to a generator's `finally`: that one never runs when the client leaves before the first read.
    destroy(error, done) {
      Promise.resolve(batches.return?.()).then(
        () => done(error),
        (fault: Error) => done(error ?? fault),
      );
    },
  });
}

/**
 * The same sequence with its first element read already: what fails at once fails before the first byte is sent, while there
 * is still time to say so with a status.
 */
export async function startReading<Batch>(batches: AsyncIterable<Batch>): Promise<AsyncIterator<Batch>> {
  const iterator = batches[Symbol.asyncIterator]();
  let first: IteratorResult<Batch> | null = await iterator.next();
  return {
    async next() {
      const step = first ?? (await iterator.next());
      first = null;
      return step;
    },
    async return() {
      return (await iterator.return?.()) ?? { done: true, value: undefined };
    },
  };
}

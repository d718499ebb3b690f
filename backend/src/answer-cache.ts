/**
 * Answers that cost much to compute, kept for as long as nothing they depend on has changed; equal questions that come
 * together are computed once.
 *
 * @param size how many are kept; the one not asked for the longest goes first
 */
export function createAnswerCache<Answer>(size: number): {
  /** @param key everything the answer depends on */
  get(key: string, compute: () => Promise<Answer>): Promise<Answer>;
} {
  const kept = new Map<string, Promise<Answer>>();
  return {
    get(key, compute) {
      const answer = kept.get(key) ?? compute();
      // Put in again at the end: a Map keeps the order of insertion.
      kept.delete(key);
      kept.set(key, answer);
      for (const oldest of kept.keys()) {
        if (kept.size <= size) break;
        kept.delete(oldest);
      }
      answer.catch(() => kept.get(key) === answer && kept.delete(key));
      return answer;
    },
  };
}

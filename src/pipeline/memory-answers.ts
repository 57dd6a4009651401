import type { Answers, Shared } from './watcher';

/** Answers that nobody else sees. */
export function memoryAnswers(): Answers {
  const known = new Map<string, Shared>();
  const leased = new Set<string>();
  return {
    read: async (key) => known.get(key),
    write: async (key, answer) => void known.set(key, answer),
    lease: async (key) => {
      if (leased.has(key)) return undefined;
      leased.add(key);
      return async () => void leased.delete(key);
    },
  };
}

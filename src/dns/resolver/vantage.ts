import type { SeenAt } from '../records/record';
import type { QueryType, Vantage } from './answer';
import { describeFailure } from './answer';

/** What each of several servers answers to one question. All are asked at once. */
export function seeFrom(
  vantages: readonly Vantage[],
  name: string,
  type: QueryType,
  signal?: AbortSignal,
): Promise<SeenAt[]> {
  return Promise.all(
    vantages.map(async ({ resolver, from }) => {
      const answer = await resolver.query(name, type, signal);
      const seen: SeenAt = { server: answer.server, from, values: answer.values };
      if (answer.ttl !== undefined) seen.ttl = answer.ttl;
      if (answer.state === 'failed') seen.failure = describeFailure(answer);
      return seen;
    }),
  );
}

import type { Answer, Resolver } from './answer';
import { bare } from '../name';

/**
 * Asks each question once, however many ask for it and whether they ask together or later. Made for one check and thrown away with
 * it: nothing expires. What fails is not asked again within the check either.
 */
export function cachedResolver(inner: Resolver): Resolver & { readonly questions: number } {
  const answers = new Map<string, Promise<Answer>>();
  const { unchecked } = inner;
  return {
    ...(unchecked && { unchecked: (name, type, signal) => unchecked.call(inner, name, type, signal) }),
    query(name, type, signal) {
      const key = `${type} ${bare(name)}`;
      let answer = answers.get(key);
      if (!answer) {
        answer = inner.query(bare(name), type, signal);
        answers.set(key, answer);
      }
      return answer;
    },
    get questions() {
      return answers.size;
    },
  };
}

import type { RootShell } from '../host/protocol/privilege';
import { problemText } from '../text/problem';
import { checkStep } from './check';
import { completeInputs } from './inputs';
import type { Steps } from './step';

/**
 * Why mail of a domain is not signed with its keys as they are on the server now, in sentences; undefined when it is. Asks the
 * check of the step DKIM key, which has a message signed and verifies the signature.
 * @param domain the name of its folder
 */
export async function unsignedReason(shell: RootShell, steps: Steps, domain: string): Promise<string | undefined> {
  const step = steps.list.find(({ id }) => id === 'dkim')!;
  const { state, detail, problems } = await checkStep(shell, steps, step, {
    ...completeInputs(steps, [], { domain }),
    domain,
  });
  if (state === 'done') return undefined;
  const [problem] = problems;
  return problem ? problemText(problem) : `${detail}. Run the step DKIM key of Set Up Server.`;
}

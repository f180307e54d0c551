import { honestPolicies, policyTrials } from './dns/policies';
import { dnsTrials, honestDns } from './dns/trials';
import { fileTrials, honestFiles } from './files/files';
import { honestMessage, messageTrials } from './mail/messages';
import { honestReceiver, receiverTrials } from './mail/receivers';
import type { Trial } from './run';
import { honestSsh, sshFamilies } from './ssh/trials';

/** Lies of one kind. */
export interface Family {
  trials: readonly Trial[];
  /** The same things asked of somebody who does not lie. */
  honest: readonly Trial[];
}

/** Lies of SSH servers, by what they are about. */
export const ofSsh: Record<string, Family> = Object.fromEntries(
  Object.entries(sshFamilies).map(([name, trials]) => [name, { trials, honest: honestSsh }]),
);

/** All other lies, by who tells them. */
export const ofOthers: Record<string, Family> = {
  'name servers': { trials: dnsTrials, honest: honestDns },
  'servers of policies': { trials: policyTrials, honest: honestPolicies },
  receivers: { trials: receiverTrials, honest: [honestReceiver] },
  messages: { trials: messageTrials, honest: [honestMessage] },
  files: { trials: fileTrials, honest: honestFiles },
};

/** Every honest one of these families, once. */
export function honestOf(families: Record<string, Family>): Trial[] {
  return [...new Set(Object.values(families).flatMap(({ honest }) => honest))];
}

import { quotable } from '../text/visible';
import type { Stage } from './smtpSession';

interface Subject {
  address: string;
  to: string;
}

/** What to do about a refusal, by what chasquid and other servers answer. Three sentences: what, why, what next. */
export function smtpRefusal(stage: Stage, response: string, { address, to }: Subject): string {
  const said = `The server answered: “${quotable(response)}”.`;
  switch (stage) {
    case 'login':
      return /^535|^5\.7\.8/.test(response)
        ? `${address} could not log in. ${said} The password is wrong, or chasquid has not read it yet (30 seconds), or cannot read the users file: use Check Sender Password.`
        : `${address} could not log in. ${said} Check the server's log, then try again.`;
    case 'sender':
      return `The server refused ${address} as sender. ${said} Its domain must be one of the server's domains.`;
    case 'recipient':
      if (/5\.1\.1|unknown/i.test(response)) {
        return `The server does not know ${to}. ${said} That domain is the server's own, so the address must be a sender or an alias there.`;
      }
      return `The server refused ${to}. ${said} Check the address, then try again.`;
    case 'message':
      if (/queue size too big/i.test(response)) {
        return `The server's queue is full. ${said} Use Show Queue to see what it cannot deliver.`;
      }
      if (/^451/.test(response)) {
        return `The server could not accept the message now. ${said} A hook or an alias loop is the usual cause: check its log.`;
      }
      return `The server refused the message. ${said} Check its log, then try again.`;
    default:
      return `The server refused the connection. ${said} Check its log, then try again.`;
  }
}

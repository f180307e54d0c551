import { connect } from 'node:net';
import type { Answer, QueryType } from '../../../../src/dns/resolver/answer';
import { analyzeMessage } from '../../../../src/mail/analyze';
import { looksLikeOriginal } from '../../../../src/mail/original';
import { submitTestMail } from '../../../../src/mail/submit';
import type { Ask } from './index';

export type MailAct = 'submit' | 'analyze';

/** Of nodemailer's waits, which no fast clock changes. Milliseconds. */
const timeoutMs = 1500;

export const mailActs: Record<MailAct, Ask> = {
  submit: async ({ port }, show) => {
    const { accepted, reason, trace } = await submitTestMail({
      address: 'i@example.com',
      password: 'secret of mine',
      to: 'you@example.net',
      via: { openSocket: () => Promise.resolve(connect(port, '127.0.0.1')) },
      servername: 'mail.example.com',
      timeoutMs,
    });
    if (reason) show(reason);
    for (const { text } of trace) show(`${text}.`);
    return accepted ? 'accepted' : 'not accepted';
  },
  analyze: async ({ text }, show) => {
    const raw = Buffer.from(text!, 'base64');
    const original = looksLikeOriginal(raw.toString('utf8'));
    const { tls, spf, dkim, dmarc, findings } = await analyzeMessage(raw, { query: noDns });
    for (const { reason } of [tls, spf, ...dkim, dmarc]) show(reason);
    for (const { message, why, fix } of findings) for (const part of [message, why, fix]) if (part) show(part);
    return `${original}, ${findings.length} findings`;
  },
};

function noDns(name: string, type: QueryType): Promise<Answer> {
  return Promise.resolve({
    name,
    type,
    state: 'no-name',
    values: [],
    aliases: [],
    authenticated: false,
    server: 'nobody',
  });
}

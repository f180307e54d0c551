import { randomUUID } from 'node:crypto';

export interface TestMessage {
  raw: Buffer;
  messageId: string;
}

/**
 * A small message with everything a receiver looks for: Date, Message-ID in the sender's domain (RFC 5322 §3.6), plain
 * text in UTF-8, automatic-submission mark (RFC 3834), so that nobody answers it.
 */
export async function testMessage(mail: {
  from: string;
  to: string;
  subject?: string;
  text?: string;
}): Promise<TestMessage> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const messageId = `<${randomUUID()}@${mail.from.slice(mail.from.lastIndexOf('@') + 1)}>`;
  const message = new MailComposer({
    from: mail.from,
    to: mail.to,
    subject: mail.subject ?? `Test mail from ${mail.from}`,
    text: mail.text ?? defaultText(mail.from),
    messageId,
    date: new Date(),
    headers: { 'Auto-Submitted': 'auto-generated' },
    // Files and addresses on the net are nothing that a test mail may fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { raw: await message.compile().build(), messageId };
}

const defaultText = (from: string): string =>
  `This is a test mail from ${from}.\n\n` +
  'To see whether receivers trust your server, open the original of this message (in Gmail: Show original) ' +
  'and look for “pass” beside SPF, DKIM and DMARC.\n';

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SubmitError } from '../../../src/mail/submit';
import { submitTestMail, type TestMail } from '../../../src/mail/submit';

const password = 'sécret "word" 9';
const open: { close(done?: () => void): void }[] = [];
after(() => open.forEach(server => server.close()));

/** A real SMTP server with implicit TLS and a self-signed certificate. */
async function smtpServer(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({ secure: true, authMethods: ['PLAIN'], hideSTARTTLS: true, ...options });
  server.on('error', () => undefined);
  open.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as AddressInfo).port;
}

async function tcpServer(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const server: Server = createServer(onConnection);
  open.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Something that speaks TLS, and then whatever it likes. */
async function tlsServer(onConnection: (socket: TLSSocket) => void): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'submit-'));
  const [keyFile, certFile] = [join(dir, 'key'), join(dir, 'cert')];
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=mail',
  ];
  execFileSync('openssl', [...request, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  const server = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, socket => {
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  rmSync(dir, { recursive: true });
  open.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const mail = (port: number, more: Partial<TestMail> = {}): TestMail => ({
  address: 'i@example.com',
  password,
  to: 'you@example.net',
  via: { openSocket: () => Promise.resolve(connect(port, '127.0.0.1')) },
  servername: 'mail.example.com',
  ...more,
});

test('the message has what receivers look for, and comes from and to whom it should', async () => {
  let received = '';
  let envelope: unknown;
  const port = await smtpServer({
    onAuth: (auth, _session, done) => done(null, auth.password === password ? { user: auth.username } : undefined),
    onData: (stream, session, done) => {
      envelope = [
        session.envelope.mailFrom && session.envelope.mailFrom.address,
        session.envelope.rcptTo.map(to => to.address),
      ];
      stream.on('data', (chunk: Buffer) => (received += chunk.toString()));
      stream.on('end', () => done(null));
    },
  });
  const told: string[] = [];
  const result = await submitTestMail(mail(port, { subject: 'Grüße', onTrace: line => told.push(line.text) }));
  assert.equal(result.accepted, true);
  assert.deepEqual(envelope, ['i@example.com', ['you@example.net']]);
  assert.match(received, /^Date: \w{3}, \d+ \w{3} \d{4} /m);
  assert.match(received, new RegExp(`^Message-ID: ${result.messageId}`, 'm'));
  assert.match(result.messageId, /^<[\w-]{36}@example\.com>$/);
  assert.match(received, /^Subject: =\?UTF-8\?/m);
  assert.match(received, /^Auto-Submitted: auto-generated/m);
  assert.deepEqual(
    told,
    result.trace.map(line => line.text),
  );
  assert.ok(told.includes('→ AUTH PLAIN •••'), told.join('\n'));
});

test('a server that echoes the password does not get it into results or traces', async () => {
  const plain = Buffer.from(`\0i@example.com\0${password}`).toString('base64');
  const port = await smtpServer({
    onAuth: (auth, _session, done) => done(new Error(`no such login: ${auth.password} ${plain}`)),
  });
  const result = await submitTestMail(mail(port));
  assert.equal(result.accepted, false);
  const all = JSON.stringify(result);
  assert.ok(!all.includes(JSON.stringify(password).slice(1, -1)) && !all.includes(plain), all);
  assert.match(result.reason!, /i@example\.com could not log in\. The server answered: “535 /);
});

test('refusals of sender, recipient and message are told apart', async () => {
  const login: SMTPServerOptions = { onAuth: (auth, _session, done) => done(null, { user: auth.username }) };
  const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
  const cases: [SMTPServerOptions, RegExp][] = [
    [{ onMailFrom: (_address, _session, done) => done(refusal(550, 'not here')) }, /refused i@example\.com as sender/],
    [{ onRcptTo: (_address, _session, done) => done(refusal(550, '5.1.1 unknown')) }, /does not know you@example\.net/],
    [
      {
        onData: (stream, _session, done) => {
          stream.resume();
          stream.on('end', () => done(refusal(451, '4.3.0 Queue size too big, try again later')));
        },
      },
      /queue is full/,
    ],
  ];
  for (const [options, reason] of cases) {
    const result = await submitTestMail(mail(await smtpServer({ ...login, ...options })));
    assert.equal(result.accepted, false);
    assert.match(result.reason!, reason);
  }
});

const fails = (code: SubmitError['code'], message: RegExp) => (error: SubmitError) => {
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  assert.ok(error.trace.length > 0);
  return true;
};

test('silence, a cut and what does not speak TLS each have their error', async () => {
  const silent = await tcpServer(() => undefined);
  await assert.rejects(submitTestMail(mail(silent, { timeoutMs: 300 })), fails('timeout', /sent nothing/));
  const plain = await tcpServer(socket => void socket.end('220 hello\r\n'));
  await assert.rejects(submitTestMail(mail(plain)), fails('tls', /TLS could not be established/));
  const cutting = await smtpServer({
    onAuth: (_auth, session) => {
      for (const server of open)
        if (server instanceof SMTPServer)
          server.connections.forEach(one => one.id === session.id && one._socket.destroy());
    },
  });
  await assert.rejects(submitTestMail(mail(cutting)), fails('broken', /broke while the mail was being submitted/));
  const gone = mail(1, { via: { host: '127.0.0.1', port: 1 } });
  await assert.rejects(submitTestMail(gone), fails('unreachable', /nothing listens on that port/));
});

test('an abort ends it at any point', async () => {
  const waiting = await smtpServer({ onAuth: () => undefined });
  const abort = new AbortController();
  const sending = submitTestMail(
    mail(waiting, {
      signal: abort.signal,
      onTrace: line => line.text.startsWith('→ AUTH') && abort.abort(new Error('enough')),
    }),
  );
  await assert.rejects(sending, /^Error: enough$/);
});

for (const [what, reply] of Object.entries({
  'a line that never ends': '2'.repeat(10_000),
  'a reply of endless lines': '220-hello\r\n'.repeat(1000),
})) {
  test(`a server that answers with ${what} is left, with a reason`, async () => {
    const port = await tlsServer(socket => {
      const send = (): void => {
        while (socket.writable && socket.write(reply));
      };
      socket.on('drain', send);
      send();
    });
    await assert.rejects(submitTestMail(mail(port)), (error: SubmitError) => {
      assert.equal(error.code, 'broken');
      assert.match(error.message, / broke while .+ Reason: Server response exceeds maximum allowed size.* Check /);
      return true;
    });
  });
}

test('marks in what a server says stand in the trace as it said them', async () => {
  const port = await tlsServer(socket => {
    socket.write('220 %s %d %n ready\r\n');
    socket.on('data', () => socket.end('550 %s %s %d no\r\n'));
  });
  const trace: string[] = [];
  await submitTestMail(mail(port, { onTrace: ({ text }) => trace.push(text) })).catch(() => undefined);
  assert.ok(trace.includes('← 220 %s %d %n ready'), trace.join('\n'));
  assert.ok(trace.includes('← 550 %s %s %d no'), trace.join('\n'));
  assert.doesNotMatch(trace.join('\n'), /undefined|NaN/);
});

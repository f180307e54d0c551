import type { Host } from '../sandbox/host';

/**
 * Logs in to a host's submission port with Python's smtplib, on the host: what the daemon itself says of a password.
 * @returns `ok`, or the server's code and text.
 */
export async function login(host: Host, address: string, password: string): Promise<string> {
  const program = `
import smtplib, ssl, sys, json, base64
address, password = json.load(sys.stdin)
context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
with smtplib.SMTP_SSL('127.0.0.1', 465, context=context) as server:
    server.ehlo()
    code, text = server.docmd('AUTH', 'PLAIN ' + base64.b64encode(('\\0' + address + '\\0' + password).encode()).decode())
    print('ok' if code == 235 else '%d %s' % (code, text.decode()))
`;
  await host.sh('cat > /root/login.py', { stdin: program });
  return (await host.sh('python3 /root/login.py', { stdin: JSON.stringify([address, password]) })).trim();
}

/** Asks port 25 for recipients that do not exist, one after another: each leaves lines with its number in the log. */
export async function knock(host: Host, from: number, to: number, pauseMs = 30): Promise<void> {
  const program = `
import smtplib, time
server = smtplib.SMTP('127.0.0.1', 25)
for n in range(${from}, ${to}):
    if n % 2 == 0:
        server.close(); server = smtplib.SMTP('127.0.0.1', 25); server.ehlo('knock.test')
    server.mail('someone@elsewhere.test'); server.rcpt('nobody%d@example.test' % n); server.rset()
    time.sleep(${pauseMs / 1000})
`;
  await host.sh('cat > /root/knock.py; python3 /root/knock.py', { stdin: program });
}

/** Hands a small message to port 25 of the host, as another mail service does. */
export async function deliver(host: Host, from: string, to: string): Promise<void> {
  const program = `
import smtplib, sys, json
sender, recipient = json.load(sys.stdin)
with smtplib.SMTP('127.0.0.1', 25) as server:
    server.ehlo('elsewhere.test')
    server.sendmail(sender, [recipient], 'From: %s\\r\\nTo: %s\\r\\nSubject: Confirm\\r\\n\\r\\nFollow the link.\\r\\n' % (sender, recipient))
`;
  await host.sh('cat > /root/deliver.py', { stdin: program });
  await host.sh('python3 /root/deliver.py', { stdin: JSON.stringify([from, to]) });
}

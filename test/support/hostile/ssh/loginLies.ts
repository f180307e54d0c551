import type { AuthContext, Connection } from 'ssh2';
import type { Generator } from '../../generate';
import { hostileOctets, hostileText, noise } from '../texts';
import { kind, message, sendPacket } from './raw';
import type { SshLie } from './server';

/** Lies between the key exchange and the end of the login. */
export const loginLies: SshLie[] = [
  {
    name: 'a greeting and a banner of any text',
    config: make => ({ greeting: hostileText(make, 4000), banner: hostileText(make) }),
  },
  {
    name: 'a banner of 10 MB',
    login: (context, make, connection) => {
      const banner = message(kind.banner, Buffer.concat([hostileOctets(make, 3000), Buffer.alloc(20_000, 'b')]), 'en');
      for (let sent = 0; sent < 10_000_000; sent += banner.length) sendPacket(connection, banner);
      context.accept();
    },
  },
  {
    name: 'banners without end',
    quiet: true,
    login: (_context, make, connection) =>
      again(connection, 1, () => sendPacket(connection, message(kind.banner, hostileText(make, 8000), ''))),
  },
  { name: 'methods of any text', login: (context, make) => context.reject(methods(make) as never) },
  {
    name: 'the same methods for ever',
    login: context => context.reject(['publickey', 'keyboard-interactive', 'password']),
  },
  {
    name: 'more is asked for, for ever',
    login: (context, make) =>
      context.reject([make.pick(['publickey', 'keyboard-interactive', 'password'])] as never, true),
  },
  { name: 'silence after a login', quiet: true, login: () => undefined },
  {
    name: 'silence after a key',
    quiet: true,
    login: context => {
      if (context.method !== 'publickey') context.reject(['publickey']);
      else if (!context.signature) context.accept();
    },
  },
  {
    name: 'a key that was not offered',
    login: (context, make, connection) => {
      if (context.method !== 'publickey') context.reject(['publickey']);
      else sendPacket(connection, message(kind.publicKeyOk, 'ssh-ed25519', noise(make, 51)));
    },
    quiet: true,
  },
  asking('1000 questions', make =>
    Array.from({ length: 1000 }, (_, index) => ({ prompt: index ? `${index}?` : hostileText(make, 100), echo: true })),
  ),
  asking('long questions', make => [
    { prompt: 'Password: '.repeat(1000), echo: false },
    { prompt: hostileText(make, 5000), echo: true },
  ]),
  asking('questions that look like others', make => [
    {
      prompt: make.pick([
        'root@127.0.0.1’s password:',
        'Passphrase for key id_ed25519:',
        '[sudo] password for root:',
        hostileText(make, 40),
      ]),
      echo: false,
    },
  ]),
  asking('no questions', () => []),
  {
    name: 'questions without end',
    login: (context, make) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      const none = make.number(2) === 0;
      const ask = (): void => context.prompt(none ? [] : [{ prompt: 'Code: ', echo: true }], ask);
      ask();
    },
  },
  {
    name: 'a new password is wanted',
    login: (context, make, connection) => {
      if (context.method !== 'password') return context.reject(['password']);
      sendPacket(connection, message(kind.passwordChange, hostileOctets(make), ''));
    },
  },
  { name: 'an end in the middle of the login', login: (_context, _make, connection) => connection.end() },
  {
    name: 'DISCONNECT in the middle of the login',
    login: (context, make, connection) => {
      if (make.number(2) && context.method === 'none') return context.reject(['publickey']);
      sendPacket(connection, message(kind.disconnect, make.number(20), hostileOctets(make), 'en'));
      connection.end();
    },
  },
  {
    name: 'DISCONNECT after the login',
    ready: (connection, make) => {
      sendPacket(connection, message(kind.disconnect, 11, hostileOctets(make), ''));
      connection.end();
    },
  },
  {
    name: 'noise in the middle of the login',
    login: (_context, make, connection) => {
      for (let count = 0; count < 200; count++)
        sendPacket(connection, Buffer.concat([Buffer.from([50 + make.number(50)]), noise(make, make.number(60))]));
    },
    quiet: true,
  },
];

function methods(make: Generator): string[] {
  const real = ['password', 'publickey', 'keyboard-interactive', 'hostbased'];
  const count = make.pick([1, 3, 1000]);
  const names = Array.from({ length: count }, () => hostileText(make, 50));
  return make.number(2) ? names : [...names, make.pick(real)];
}

/** Asks such questions, and refuses whatever is answered. */
function asking(name: string, questions: (make: Generator) => { prompt: string; echo: boolean }[]): SshLie {
  return {
    name,
    login: (context: AuthContext, make) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt(questions(make), hostileText(make, 2000), hostileText(make, 2000), () =>
        context.reject(['keyboard-interactive']),
      );
    },
  };
}

export function again(connection: Connection, everyMs: number, say: () => void): void {
  const timer = setInterval(say, everyMs);
  connection.on('close', () => clearInterval(timer));
}

import { connect, type Socket } from 'node:net';
import { ConnectError } from '../errors';

/**
 * Opens a TCP connection without Nagle's delay (small questions would wait 100 ms for it). Names with several addresses
 * are tried on both families (RFC 8305, by Node).
 * @throws ConnectError `dns`, `refused`, `timeout`, `unreachable` or `network`; the signal's reason when aborted
 */
export function dial(host: string, port: number, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = connect({ host, port, noDelay: true });
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      settle();
    };
    const fail = (error: unknown) =>
      finish(() => {
        // A late error of the abandoned socket concerns nobody.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      });
    const onAbort = () => fail(signal!.reason);
    const timer = setTimeout(() => fail(timedOut(host, port, timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', onAbort);
    socket.once('error', (error: NodeJS.ErrnoException) => fail(explain(error, host, port, timeoutMs)));
    socket.once('connect', () => finish(() => resolve(socket)));
  });
}

function timedOut(host: string, port: number, timeoutMs: number, cause?: unknown): ConnectError {
  return new ConnectError(
    'timeout',
    {
      what: `${host} did not answer on port ${port}.`,
      why: `Nothing came back within ${timeoutMs / 1000} s: the machine is off, the address is wrong, or a firewall drops the packets.`,
      fix: 'Check that the server is running and that its firewall lets your address in.',
    },
    { cause },
  );
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number, timeoutMs: number): ConnectError {
  switch (cause.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return new ConnectError(
        'dns',
        {
          what: `The name ${host} was not found.`,
          why:
            cause.code === 'EAI_AGAIN'
              ? 'The name server of this machine does not answer.'
              : 'There is no address for it in the DNS.',
          fix: 'Check the spelling and your network, or use the IP address of the server.',
        },
        { cause },
      );
    case 'ECONNREFUSED':
      return new ConnectError(
        'refused',
        {
          what: `${host} refused the connection on port ${port}.`,
          why: 'The machine answers, but no SSH server listens there.',
          fix: 'Check the port, and that the SSH server has started.',
        },
        { cause },
      );
    case 'ETIMEDOUT':
      return timedOut(host, port, timeoutMs, cause);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return new ConnectError(
        'unreachable',
        {
          what: `There is no way to ${host}.`,
          why: `Your network has no route to its address (${cause.code}).`,
          fix: 'Check your own connection (VPN, IPv6), and the address.',
        },
        { cause },
      );
    default:
      return new ConnectError(
        'network',
        {
          what: `The connection to ${host} on port ${port} failed.`,
          why: `The system reports ${cause.code ?? cause.message}.`,
          fix: 'Check your own connection, then try again.',
        },
        { cause },
      );
  }
}

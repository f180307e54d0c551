import type { Duplex } from 'node:stream';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { messageOf } from '../text/problem';

export interface TlsReport {
  /** `TLSv1.3` */
  protocol: string;
  cipher: string;
  /** Whether this computer trusts the certificate for that name. */
  authorized: boolean;
  /** Why not, in words for people. */
  reason?: string;
}

/**
 * Begins TLS on an open channel. An untrusted certificate is reported, not refused: that is the caller's decision, before
 * anything is sent.
 * @param name what the certificate must be for; also sent as server name unless it is an address.
 * @param ca further certificates to trust, PEM.
 */
export function startTls(
  channel: Duplex,
  name: string,
  options: { ca?: string; signal?: AbortSignal } = {},
): Promise<{ socket: TLSSocket; report: TlsReport }> {
  return new Promise((resolve, reject) => {
    const address = /^[\d.]+$|:/.test(name);
    const socket = connect({
      socket: channel,
      rejectUnauthorized: false,
      // The name is checked below, also where it is an address that cannot be sent.
      host: name,
      ...(!address && { servername: name }),
      ...(options.ca && { ca: options.ca }),
    });
    const finish = (settle: () => void): void => {
      options.signal?.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
      settle();
    };
    const onError = (error: Error): void => finish(() => reject(error));
    const onClose = (): void =>
      finish(() => reject(new Error('The server closed the connection before TLS was established.')));
    const onAbort = (): void => {
      socket.destroy();
      finish(() => reject(options.signal!.reason as Error));
    };
    socket.once('error', onError);
    socket.once('close', onClose);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('secureConnect', () => finish(() => resolve({ socket, report: report(socket, name) })));
  });
}

function report(socket: TLSSocket, name: string): TlsReport {
  const error = socket.authorizationError as unknown;
  const code = messageOf(error ?? '');
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    cipher: socket.getCipher().standardName || socket.getCipher().name,
    authorized: socket.authorized,
    ...(!socket.authorized && { reason: untrusted(code, socket.getPeerCertificate(), name) }),
  };
}

function untrusted(code: string, certificate: PeerCertificate, name: string): string {
  const issuer =
    [certificate.issuer?.O, certificate.issuer?.CN].flat().filter(Boolean).join(' ') || 'an unnamed issuer';
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'The certificate is self-signed: nobody vouches for it.';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `The certificate is from ${issuer}, which this computer does not know, or the server does not send its full chain.`;
    case 'CERT_HAS_EXPIRED':
      return `The certificate expired on ${certificate.valid_to}.`;
    case 'CERT_NOT_YET_VALID':
      return `The certificate is valid only from ${certificate.valid_from}.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate is for ${names(certificate)}, not for ${name}.`;
    default:
      return `The certificate was not accepted: ${code}.`;
  }
}

const names = (certificate: PeerCertificate): string =>
  [...(certificate.subjectaltname ?? '').matchAll(/DNS:([^,\s"]+)/g)].map(match => match[1]).join(', ') || 'no name';

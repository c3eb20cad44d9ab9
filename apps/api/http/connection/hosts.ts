import { isLoopback } from '../../../../libs/platform/configuration.js';

/** A value that can be a host and a port, without other parts of a URL (RFC 9110, 7.2). */
const HOST = /^[^\s/?#@\\]{1,255}$/;

/**
 * The host name of a Host header or a URL's authority, in lower case and without its port;
 * undefined if it has none.
 */
export function hostNameOf(authority: string): string | undefined {
  if (!HOST.test(authority)) return undefined;
  const hostname = URL.parse(`http://${authority}/`)?.hostname.replace(/\.$/, '');
  return hostname === '' ? undefined : hostname;
}

/**
 * The hosts that a request may name. Only programs on this machine can reach a service on a
 * loopback address, but one of them may be a browser with a foreign web page, whose host name
 * points to 127.0.0.1 (DNS rebinding). Such requests have the page's host name and are refused. On
 * any other address the service requires credentials, which such a page does not have, and it
 * cannot know its own names.
 */
export class KnownHosts {
  private readonly publicHost: string | undefined;
  private isBoundToLoopback = false;

  constructor(publicUrl: string | undefined) {
    this.publicHost = publicUrl === undefined ? undefined : hostNameOf(new URL(publicUrl).host);
  }

  /** The address that the server listens on. */
  listeningOn(host: string): void {
    this.isBoundToLoopback = isLoopback(host);
  }

  include(hostName: string): boolean {
    return !this.isBoundToLoopback || isLoopback(hostName) || hostName === this.publicHost;
  }
}

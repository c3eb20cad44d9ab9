import { isLoopback } from '../../../../libs/platform/configuration.js';

/**
 * A field value that can be a host and a port, and nothing that a URL would read as more (RFC 9110,
 * 7.2).
 */
const HOST = /^[^\s/?#@\\]{1,255}$/;

/**
 * The host name of a Host header or of a URL's authority, in lower case and without its port;
 * undefined where it is none.
 */
export function hostNameOf(authority: string): string | undefined {
  if (!HOST.test(authority)) return undefined;
  const hostname = URL.parse(`http://${authority}/`)?.hostname.replace(/\.$/, '');
  return hostname === '' ? undefined : hostname;
}

/**
 * The hosts that a request may name. A service on a loopback address is reached only by programs on
 * this machine, but a web page can be one of them: its host name can point to 127.0.0.1 (DNS
 * rebinding). Such requests carry the page's host name and are refused. On any other address the
 * service requires credentials that no page has, and cannot know its own names.
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

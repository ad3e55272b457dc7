/** Whether what listens there can be reached from this machine alone; a folder is a Unix socket's. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?|\/.*)$/.test(host);
}

/** Where a name is reached: all below `localhost` are this machine's own (RFC 6761), which not every resolver knows. */
export function addressOf(hostname: string): string {
  return hostname.endsWith('.localhost') ? '127.0.0.1' : hostname;
}

export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

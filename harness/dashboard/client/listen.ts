/** What to do with each kind of event; the data is what the server made of it. */
export type Handlers = Record<string, (data: never) => void>;

/**
 * Listens to the server until the page is left. It connects again when the connection broke. When the server is another
 * one now, it refuses the old token: then the page is loaded anew. A server that has many pages to serve sends a page to
 * rest; that one listens again as soon as somebody looks at it.
 */
export function listen(address: string, handlers: Handlers): void {
  let source: EventSource | null = null;
  const connect = (): void => {
    if (source !== null) return;
    const opened = new EventSource(address);
    source = opened;
    for (const [name, handle] of Object.entries(handlers)) {
      opened.addEventListener(name, (event: MessageEvent<string>) => handle(JSON.parse(event.data) as never));
    }
    opened.addEventListener('rest', () => {
      opened.close();
      source = null;
    });
    opened.addEventListener('error', () => {
      // While it is connecting, the browser tries again by itself.
      if (opened.readyState === EventSource.CLOSED) location.reload();
    });
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connect();
  });
  addEventListener('pagehide', () => {
    source?.close();
    source = null;
  });
  addEventListener('pageshow', connect);
  connect();
}

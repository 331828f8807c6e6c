/** Listens whether something has changed: one open connection while a live layer is on and the page is seen. */

/** The part of EventSource that is used; a test gives its own. */
export interface Source {
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  addEventListener(type: "changed", listener: (event: { readonly data: string }) => void): void;
  close(): void;
}

export interface StreamEvents {
  /** These layers have changed. */
  changed(layers: readonly string[]): void;
  /** The connection stands; `again` when it had been lost, and changes may have been missed. */
  opened(again: boolean): void;
  /** There is no connection, since this moment in milliseconds. */
  lost(since: number): void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export class LiveStream {
  private source: Source | null = null;
  private address: string | null = null;
  private timer = 0;
  private failures = 0;
  private since: number | null = null;

  constructor(
    private readonly open: (address: string) => Source,
    private readonly events: StreamEvents,
    private readonly now: () => number = Date.now,
    /** Not all at once, when a server comes back. */
    private readonly jitter: () => number = () => 0.75 + Math.random() / 2,
  ) {}

  /** Since when the connection is lost; null while it stands, or none is wanted. */
  get lostSince(): number | null {
    return this.since;
  }

  get listening(): boolean {
    return this.source !== null;
  }

  /** Listen at this address; null to stop. */
  follow(address: string | null): void {
    if (address === this.address) return;
    this.address = address;
    this.drop();
    if (address === null) {
      this.failures = 0;
      this.since = null;
    } else this.connect(address);
  }

  /** Do not wait any longer: the network is back. */
  hurry(): void {
    if (this.address === null || this.source !== null) return;
    this.drop();
    this.connect(this.address);
  }

  /** The network itself is gone: a connection that says nothing would not tell. */
  cut(): void {
    if (this.address === null || this.source === null) return;
    this.drop();
    this.failed();
  }

  private connect(address: string): void {
    const source = this.open(address);
    this.source = source;
    source.onopen = () => {
      const again = this.since !== null;
      this.failures = 0;
      this.since = null;
      this.events.opened(again);
    };
    source.onerror = () => {
      if (this.source !== source) return;
      this.drop();
      this.failed();
    };
    source.addEventListener("changed", ({ data }) => {
      const layers = layersIn(data);
      if (layers.length > 0) this.events.changed(layers);
    });
  }

  private failed(): void {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures) * this.jitter();
    this.failures += 1;
    this.since ??= this.now();
    this.events.lost(this.since);
    this.timer = globalThis.setTimeout(() => {
      if (this.address !== null) this.connect(this.address);
    }, wait) as unknown as number;
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}

function layersIn(data: string): readonly string[] {
  try {
    const told = JSON.parse(data) as { readonly layers?: unknown };
    return Array.isArray(told.layers) ? told.layers.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

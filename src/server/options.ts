/** What a request and the store may take; beyond it comes an answer in words, not a slow or dead server. */
export interface ServerLimits {
  /** Bytes of one uploaded file. */
  readonly fileBytes: number;
  /** Pixels of one image: width times height. */
  readonly pixels: number;
  /** Fields of view up to so many pixels are answered at once, larger ones by a job. */
  readonly syncPixels: number;
  /** Longest wait for an answer at once; then the job's address is given. */
  readonly waitSeconds: number;
  /** Jobs that wait for a worker, uploads under way included. */
  readonly queue: number;
  /** Longest time for sending an upload. */
  readonly uploadSeconds: number;
  /** Longest time for working out one field. */
  readonly jobSeconds: number;
  /** Requests a minute of one client (API key, else address). */
  readonly requestsPerMinute: number;
  /** How long a result is kept. */
  readonly keepSeconds: number;
  /** Results beyond so many bytes go, the oldest first. */
  readonly storeBytes: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  fileBytes: 256 * 2 ** 20,
  pixels: 8192 ** 2,
  syncPixels: 1024 ** 2,
  waitSeconds: 20,
  queue: 32,
  uploadSeconds: 120,
  jobSeconds: 600,
  requestsPerMinute: 1200,
  keepSeconds: 24 * 3600,
  storeBytes: 10 * 2 ** 30,
};

export interface ServerOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Folder of jobs and results; one server a folder. */
  readonly store: string;
  /** Classifier's `.onnx` file. */
  readonly model: string;
  /** Worker threads. */
  readonly workers: number;
  /** File of API keys (see `addApiKey`); null: everyone who reaches the server may use it. */
  readonly keys: string | null;
  /** Listen beyond this machine without API keys. */
  readonly open: boolean;
  readonly limits: ServerLimits;
  /** Where log lines go (JSON, one a line); null: nowhere. */
  readonly log: NodeJS.WritableStream | null;
}

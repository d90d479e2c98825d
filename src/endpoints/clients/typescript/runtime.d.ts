/** One reason of an error. */
export interface ErrorEntry {
  /** Where the reason comes from. */
  domain: string;
  /** What is wrong, in one word for programs. */
  reason: string;
  /** The same, for people. */
  message: string;
  /** The parameter at fault. */
  location?: string;
  /** What kind of place `location` is. */
  locationType?: string;
}

/** An error that the server has answered, or an answer that is no JSON; its `message` is the server's. */
export class ApiError extends Error {
  constructor(status: number, headers: Headers, body: unknown);
  readonly name: "ApiError";
  /** HTTP status. */
  readonly status: number;
  /** What is wrong, in one word for programs: that of the first entry of `errors`. */
  readonly reason: string | undefined;
  /** All reasons. */
  readonly errors: readonly ErrorEntry[];
  /** What the method has added to its error. */
  readonly details: readonly unknown[];
  /** The headers of the answer, such as `Retry-After`. */
  readonly headers: Headers;
  /** The body of the answer: parsed, or as text if it is no JSON. */
  readonly body: unknown;
}

/** How a client calls its server; each may be left out. */
export interface ClientOptions {
  /** The address that paths are appended to. */
  baseUrl?: string | undefined;
  /** Sent as a bearer token; a function is asked before every call. */
  token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** API key. */
  key?: string | undefined;
  /** Further headers of every request. */
  headers?: { [name: string]: string } | undefined;
  /** What makes requests in place of the global `fetch`. */
  fetch?: typeof fetch | undefined;
}

/** Settings of one call. */
export interface CallOptions {
  /** Ends the call. */
  signal?: AbortSignal | undefined;
  /** Further headers of the request. */
  headers?: { [name: string]: string } | undefined;
}

/** Write bytes as the base64 in which they travel; url-safe, so that they may stand in a path. */
export function encodeBytes(bytes: Uint8Array): string;

/** Read the bytes in a text in base64, url-safe or not. */
export function decodeBytes(text: string): Uint8Array;

// How calls are made: the same in every package.

/** An error that the server has answered. */
export class ApiError extends Error {
  constructor(status, headers, body) {
    const found = body && typeof body === "object" && body.error && typeof body.error === "object" ? body.error : {};
    const message = typeof found.message === "string" && found.message ? found.message : `HTTP status ${status}`;
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.errors = Array.isArray(found.errors) ? found.errors : [];
    this.reason = this.errors.length ? this.errors[0].reason : undefined;
    this.details = Array.isArray(found.details) ? found.details : [];
  }
}

/** Write bytes as the base64 in which they travel; url-safe, so that they may stand in a path. */
export function encodeBytes(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_");
}

/** Read the bytes in a text in base64, url-safe or not. */
export function decodeBytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
}

/**
 * Make what makes methods.
 *
 * @param options what the client was constructed with
 * @param defaults `baseUrl`, and where an API `key` goes: its `name`, and `in` which part of a request
 */
export function caller(options, defaults) {
  const settings = options || {};
  const baseUrl = settings.baseUrl === undefined ? defaults.baseUrl : settings.baseUrl;
  if (typeof baseUrl !== "string") throw new TypeError("baseUrl is missing: the address of the server");
  const base = baseUrl.replace(/\/+$/, "");

  return (verb, path, names, bodyKey, streams) =>
    async (parameters = {}, callOptions = {}) => {
      const query = new URLSearchParams();
      const headers = { Accept: streams ? "application/x-ndjson" : "application/json", ...settings.headers, ...callOptions.headers };
      let target = path;
      for (const [key, place, name] of names) {
        const given = parameters[key];
        if (place === "path") target = target.replace(`{${name}}`, () => segment(key, given));
        else if (given === undefined || given === null) continue;
        else if (place === "header") headers[name] = String(given);
        else for (const value of Array.isArray(given) ? given : [given]) query.append(name, String(value));
      }
      const body = bodyKey === undefined ? undefined : parameters[bodyKey];
      if (body !== undefined) headers["Content-Type"] = "application/json";
      await authorise(settings, defaults.key, headers, query);
      const send = settings.fetch || globalThis.fetch;
      const text = query.toString();
      const response = await send(base + checked(target) + (text && `?${text}`), {
        method: verb,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: callOptions.signal,
      });
      return streams && response.ok ? messages(response) : answer(response);
    };
}

function segment(key, value) {
  const text = value === undefined || value === null ? "" : String(value);
  if (!text) throw new TypeError(`${key} is missing: it is a part of the path`);
  return encodeURIComponent(text);
}

// An address with such a segment would be that of another method, however it is written.
function checked(path) {
  if (/(^|\/)\.\.?(\/|$)/.test(path)) throw new TypeError(`"." and ".." cannot be sent as a part of the path ${path}`);
  return path;
}

async function authorise(settings, place, headers, query) {
  const token = typeof settings.token === "function" ? await settings.token() : settings.token;
  if (token) headers.Authorization = `Bearer ${token}`;
  if (!settings.key) return;
  if (place.in === "query") query.set(place.name, settings.key);
  else headers[place.name] = settings.key;
}

// A stream that fails ends with an error object: its status was sent long before.
async function* messages(response) {
  for await (const line of lines(response.body)) {
    const message = JSON.parse(line);
    const { error, ...others } = message;
    if (error && Array.isArray(error.errors) && error.code >= 400 && !Object.keys(others).length) {
      throw new ApiError(error.code, response.headers, message);
    }
    yield message;
  }
}

async function* lines(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      text += decoder.decode(piece.value, { stream: true });
      const found = text.split("\n");
      text = found.pop();
      yield* found.filter((line) => line);
    }
    if (text) yield text;
  } finally {
    await reader.cancel();
  }
}

async function answer(response) {
  const text = await response.text();
  let body;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    throw new ApiError(response.status, response.headers, text);
  }
  if (!response.ok) throw new ApiError(response.status, response.headers, body);
  return body;
}

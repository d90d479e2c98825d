/** Addresses within the explorer: `#/guestbook/v0.2/greetings.multiply?times=3`. Credentials are never part of one. */

const BODY = "$body";
const SECRET = new Set(["key", "api_key", "access_token", "oauth_token", "bearer_token"]);
const LONGEST = 8000;

/** The address of a method; `values` is a list of [name, text], `body` a text. */
export function link(method, values = [], body = "") {
  const path = [method.api.name, method.api.version, method.name].map(encodeURIComponent).join("/");
  const query = new URLSearchParams(values.filter(([name]) => !SECRET.has(name)));
  if (body && body !== "{}" && body.length < LONGEST) query.append(BODY, body);
  return `#/${path}${query.size ? `?${query}` : ""}`;
}

/** What an address asks for: {api, version, name, values, body}; null for the list of APIs. */
export function parse(hash) {
  const [path, ...rest] = hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map(decoded);
  if (parts.length !== 3 || parts.includes(null)) return null;
  const query = new URLSearchParams(rest.join("?"));
  const body = query.get(BODY);
  query.delete(BODY);
  return {
    api: parts[0],
    version: parts[1],
    name: parts[2],
    values: [...query].filter(([name]) => !SECRET.has(name)),
    body,
  };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

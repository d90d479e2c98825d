/**
 * What the person at the page shows to the APIs: an API key, and a token. Kept in this module's memory and nowhere
 * else: not in the storage of the browser, not in an address. Closing or reloading the page forgets all of it.
 */

const listeners = new Set();
let key = "";
let session = null;

/** Call a function whenever something here has changed. */
export function onChange(listener) {
  listeners.add(listener);
}

export function apiKey() {
  return key;
}

export function setApiKey(value) {
  key = value.trim();
  tell();
}

/**
 * Who is signed in, or null: {by, tokens, chosen, name, expires}.
 * `by` is the name of an issuer or null for a pasted token; `tokens` holds them by kind; `expires` is in ms since 1970.
 */
export function current() {
  return session;
}

/** The token to send, or an empty text. */
export function token() {
  return session ? session.tokens[session.chosen] : "";
}

export function hasExpired() {
  return session !== null && session.expires !== null && session.expires <= Date.now();
}

/** Sign in with tokens that an issuer has handed out: {access_token, id_token, expires_in}. */
export function signIn(by, answer, preferred) {
  const kinds = ["access_token", "id_token"].filter((each) => typeof answer[each] === "string" && answer[each]);
  if (!kinds.length) throw new Error("The issuer has sent no token.");
  const tokens = Object.fromEntries(kinds.map((each) => [each, answer[each]]));
  const claims = { ...claimsOf(tokens.access_token), ...claimsOf(tokens.id_token) };
  const seconds = Number(answer.expires_in);
  session = {
    by,
    tokens,
    chosen: kinds.includes(preferred) ? preferred : kinds[0],
    name: nameIn(claims) ?? "somebody",
    expires: seconds > 0 ? Date.now() + seconds * 1000 : typeof claims.exp === "number" ? claims.exp * 1000 : null,
  };
  tell();
}

/** Take a token as it is. */
export function paste(text) {
  const plain = text.trim().replace(/^bearer\s+/i, "");
  if (!plain || /[^\x21-\x7e]/.test(plain)) throw new Error("This is no token: it must be one word.");
  const claims = claimsOf(plain);
  session = {
    by: null,
    tokens: { pasted: plain },
    chosen: "pasted",
    name: nameIn(claims) ?? "a pasted token",
    expires: typeof claims.exp === "number" ? claims.exp * 1000 : null,
  };
  tell();
}

export function choose(kind) {
  session.chosen = kind;
  tell();
}

export function signOut() {
  session = null;
  tell();
}

/** What a token says about itself, as far as it can be read; nobody vouches for it here, the server will look. */
export function claimsOf(text) {
  const part = (text ?? "").split(".")[1];
  if (!part) return {};
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return claims !== null && typeof claims === "object" ? claims : {};
  } catch {
    return {};
  }
}

function nameIn(claims) {
  const found = [claims.email, claims.preferred_username, claims.name, claims.sub].find(
    (each) => typeof each === "string" && each,
  );
  return found ?? null;
}

function tell() {
  for (const listener of listeners) listener();
}

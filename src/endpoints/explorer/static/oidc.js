/** Signing in with an OpenID provider: authorization code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core). */

import { address } from "./catalog.js";
import { claimsOf } from "./credentials.js";

const CHANNEL = "endpoints-explorer-sign-in";
const known = new Map();

/**
 * Let somebody sign in, in a window that has been opened for it.
 * `way` is one of the settings' issuers. Returns what the token endpoint answered; throws Errors that people can read.
 */
export async function signIn(way, popup, signal) {
  if (!globalThis.crypto?.subtle) throw new Error("Signing in needs https, or a server on this machine.");
  const found = await endpoints(way);
  const asked = { state: random(), nonce: random(), verifier: random(), redirect: address("explorer/callback").href };
  const target = await authorization(way, found.authorization, asked);
  const answered = answer(asked.state, signal);
  popup.location.replace(target);
  const { code, issuer, error, description } = await answered;
  // First of all who it is, whatever is said (RFC 9207, 2.4).
  if (issuer ? issuer !== found.issuer : found.tellsIssuer) {
    throw new Error("Somebody else than the issuer has answered.");
  }
  if (error) throw new Error(`${way.issuer} has refused: ${description ?? error}`);
  if (!code) throw new Error("The issuer has sent no code.");
  const tokens = await exchange(way, found.token, asked, code);
  if (tokens.id_token) check(tokens.id_token, way, found, asked);
  return tokens;
}

async function endpoints(way) {
  if (way.authorizationEndpoint && way.tokenEndpoint) {
    return { issuer: way.issuer, authorization: way.authorizationEndpoint, token: way.tokenEndpoint };
  }
  const where = `${way.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  if (!known.has(where)) known.set(where, await json(where, {}));
  const said = known.get(where);
  if (said.issuer !== way.issuer) throw new Error(`${where} is about another issuer, ${said.issuer}.`);
  return {
    issuer: said.issuer,
    authorization: safe(way.authorizationEndpoint ?? said.authorization_endpoint, where),
    token: safe(way.tokenEndpoint ?? said.token_endpoint, where),
    tellsIssuer: said.authorization_response_iss_parameter_supported === true,
  };
}

/** An address that may be opened: https, or this machine. */
function safe(text, where) {
  const parsed = typeof text === "string" && URL.canParse(text) ? new URL(text) : null;
  const isLocal = parsed && /^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(parsed.hostname);
  if (!parsed || !(parsed.protocol === "https:" || (parsed.protocol === "http:" && isLocal))) {
    throw new Error(`${where} names no address that is safe to open.`);
  }
  return parsed.href;
}

async function authorization(way, endpoint, { state, nonce, verifier, redirect }) {
  const target = new URL(endpoint);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const asked = {
    response_type: "code",
    client_id: way.clientId,
    redirect_uri: redirect,
    scope: way.scopes.join(" "),
    state,
    nonce,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
    ...(way.audience ? { audience: way.audience } : {}),
  };
  for (const [name, value] of Object.entries(asked)) target.searchParams.set(name, value);
  return target.href;
}

/** Wait until the callback page tells what the issuer answered to this very question. */
function answer(state, signal) {
  return new Promise((resolve, reject) => {
    const channel = new BroadcastChannel(CHANNEL);
    const stop = () => {
      channel.close();
      reject(new Error("Signing in was cancelled."));
    };
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener("abort", stop, { once: true });
    channel.onmessage = ({ data }) => {
      if (data?.state !== state) return;
      channel.postMessage({ received: state });
      signal.removeEventListener("abort", stop);
      channel.close();
      resolve(data);
    };
  });
}

function exchange(way, endpoint, { verifier, redirect }, code) {
  if (way.isRelayed) {
    // the server knows a secret that the page must not know
    const asked = { issuer: way.name, code, redirect_uri: redirect, code_verifier: verifier };
    return json(address("explorer/token").href, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
  }
  const form = {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirect,
    client_id: way.clientId,
    code_verifier: verifier,
  };
  return json(endpoint, { method: "POST", body: new URLSearchParams(form) });
}

async function json(where, options) {
  const { origin } = new URL(where);
  let found;
  try {
    found = await fetch(where, { credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", ...options });
  } catch {
    throw new Error(`${origin} cannot be reached, or does not let this page ask it (CORS).`);
  }
  const content = await found.json().catch(() => null);
  if (found.ok && content !== null && typeof content === "object") return content;
  const why = content?.error_description ?? content?.error?.message ?? content?.error ?? found.status;
  throw new Error(`${origin} has refused: ${why}`);
}

/** The ID token comes straight from the issuer, so that its claims are enough (OpenID Connect Core 1.0, 3.1.3.7). */
function check(token, way, found, { nonce }) {
  const claims = claimsOf(token);
  const audiences = [claims.aud].flat();
  if (claims.iss !== found.issuer && `https://${claims.iss}` !== found.issuer)
    throw new Error("The ID token comes from somebody else.");
  if (!audiences.includes(way.clientId)) throw new Error("The ID token is for somebody else.");
  if (claims.nonce !== nonce) throw new Error("The ID token answers another question.");
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

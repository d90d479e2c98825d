/** What an answer that is an error means, for people: the error object of Google's APIs, and what to do about it. */

const MEANINGS = {
  400: "The request is not what the method expects.",
  401: "The method wants to know who is calling.",
  403: "You may not do this.",
  404: "There is no such thing.",
  405: "This cannot be done here.",
  408: "The request took too long to arrive.",
  409: "Something else has changed in the meantime.",
  412: "What the request depends on is no longer so.",
  413: "The request is too large.",
  415: "The method does not take this kind of content.",
  429: "Too many requests, or the quota is used up.",
  500: "Something went wrong in the server.",
  503: "The server cannot answer now.",
  504: "The method took too long.",
};

/**
 * What to say of an answer: {meaning, message, errors, advice}, or null of one that is no error.
 * `errors` is a list of {reason, message, location}; `advice` is `sign-in`, `key`, `wait` or null.
 */
export function explain({ status, text, headers }, { needsKey, hasToken }) {
  if (status < 400) return null;
  const error = errorObject(text);
  const message = typeof error.message === "string" ? error.message : null;
  const errors = (Array.isArray(error.errors) ? error.errors : [])
    .filter((each) => each !== null && typeof each === "object")
    .map(({ reason, message: own, location, locationType }) => ({
      reason: shown(reason),
      message: own === message ? null : shown(own),
      location: location === undefined ? null : [shown(locationType), shown(location)].filter(Boolean).join(" "),
    }));
  const meaning = MEANINGS[status] ?? MEANINGS[status >= 500 ? 500 : 400];
  return {
    meaning,
    message,
    errors,
    advice: advice(status, needsKey, hasToken, message ?? ""),
    wait: retryAfter(headers),
  };
}

function errorObject(text) {
  try {
    const { error } = JSON.parse(text);
    return error !== null && typeof error === "object" ? error : { message: error };
  } catch {
    return {};
  }
}

function advice(status, needsKey, hasToken, message) {
  if (/\bAPI[ -]?key\b/i.test(message)) return "key";
  if (status === 401) return needsKey && hasToken ? "key" : "sign-in";
  return null;
}

function retryAfter(headers) {
  const found = headers.find(([name]) => name === "retry-after");
  return found ? `Try again in ${found[1]} seconds.` : null;
}

function shown(value) {
  return value === undefined || value === null ? null : String(value);
}

/** From what was filled in to a request, as a plain value that is sent and shown as code. */

/** Header by which an API key travels; it is not kept in logs, as addresses are. */
export const KEY_HEADER = "x-api-key";

const BOUNDARY = `part-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;

/**
 * A request: {verb, url, headers, query, parts}; `parts` is a list of texts and files that make the body, or null.
 * `values` is a list of {name, in, texts}; `body` what the editor of the body holds; `shown` is {key, token}.
 */
export function request(method, values, body, shown, accept = null) {
  let path = method.path;
  const query = [];
  for (const { name, in: place, texts } of values) {
    if (place === "path") path = path.replace(`{${name}}`, () => encodeURIComponent(texts[0] ?? ""));
    else if (place === "query") query.push(...texts.map((text) => [name, text]));
  }
  const url = new URL(path.replace(/^\//, ""), method.api.root);
  for (const [name, text] of query) url.searchParams.append(name, text);
  const { type, parts } = content(body);
  const headers = values.filter((each) => each.in === "header").map(({ name, texts }) => [name, texts.join(", ")]);
  if (accept) headers.push(["Accept", accept]);
  if (type) headers.push(["Content-Type", type]);
  if (shown.key) headers.push([KEY_HEADER, shown.key]);
  if (shown.token) headers.push(["Authorization", `Bearer ${shown.token}`]);
  return { verb: method.verb, url: url.href, headers, query, parts };
}

/** The value of `uploadType` that tells how a body brings media, or null. */
export function uploadType(body) {
  if (!body?.file) return null;
  return body.text === undefined ? "media" : "multipart";
}

function content(body) {
  if (!body) return { type: null, parts: null };
  const { type, text, file, fileType } = body;
  if (!file) return { type, parts: [text] };
  if (text === undefined) return { type, parts: [file] };
  const about = `--${BOUNDARY}\r\nContent-Type: application/json\r\n\r\n${text}\r\n`;
  const head = `--${BOUNDARY}\r\nContent-Type: ${fileType}\r\n\r\n`;
  return { type: `${type}; boundary=${BOUNDARY}`, parts: [about + head, file, `\r\n--${BOUNDARY}--\r\n`] };
}

/** The texts that a value of a parameter is sent as. */
export function texts(value) {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((each) =>
    typeof each === "object" ? JSON.stringify(each) : String(each),
  );
}

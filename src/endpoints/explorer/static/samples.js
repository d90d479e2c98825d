/** A request as code that others can run. */

import { address } from "./catalog.js";
import { isRaw, readJson } from "./json_text.js";

const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally " +
    "for from global if import in is lambda nonlocal not or pass raise return try while with yield body"
  ).split(" "),
);

export const SAMPLES = ["curl", "Python", "requests", "JavaScript"];

/** The texts of all samples, in the order of their names; Python's first is for Google's client. */
export function samples(method, values, body, request, shown) {
  return [curl(request), googleClient(method, values, body, shown), python(request), javascript(request)];
}

function curl({ verb, url, headers, parts }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl ${verb === "HEAD" ? "--head" : `--request ${verb}`} ${quoted(url)}`];
  lines.push(...headers.map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`));
  if (parts?.length === 1)
    lines.push(isText(parts[0]) ? `--data-raw ${quoted(parts[0])}` : `--data-binary ${quoted(`@${parts[0].name}`)}`);
  const whole = lines.join(" \\\n  ");
  if (!parts || parts.length === 1) return whole;
  const pieces = parts.map((part) => (isText(part) ? `printf %s ${quoted(part)}` : `cat ${quoted(part.name)}`));
  return `{ ${pieces.join("; ")}; } |\n${whole} \\\n  --data-binary @-`;
}

function googleClient(method, values, body, { key, token }) {
  const options = ["static_discovery=False"];
  if (key) options.push(`developerKey=${literal(key)}`);
  if (token) options.push(`credentials=Credentials(${literal(token)})`);
  // Where an API knows callers, the client looks for credentials of its own unless it is told that there are none.
  const isNobody = !token && !key && method.api.methods.some((each) => each.token !== "none");
  if (isNobody) options.push("credentials=AnonymousCredentials()");
  const resources = method.resource
    ? method.resource
        .split(".")
        .map((each) => `${pythonName(each)}().`)
        .join("")
    : "";
  const given = values
    .filter((each) => each.in !== "header" && each.name !== "uploadType")
    .map((each) => `${parameterName(each.name)}=${literal(each.value, 1)}`);
  if (body?.text !== undefined && parsed(body.text) !== null) given.push(`body=${literal(parsed(body.text), 1)}`);
  if (body?.file)
    given.push(`media_body=MediaFileUpload(${literal(body.file.name)}, ${literal(body.fileType ?? body.type)})`);
  const where = `${address("discovery/v1/apis/")}{api}/{apiVersion}/rest`;
  return [
    isNobody && "from google.auth.credentials import AnonymousCredentials",
    token && "from google.oauth2.credentials import Credentials",
    "from googleapiclient.discovery import build",
    body?.file && "from googleapiclient.http import MediaFileUpload",
    "",
    "service = build(",
    `    ${literal(method.api.name)},`,
    `    ${literal(method.api.version)},`,
    `    discoveryServiceUrl=${literal(where)},`,
    ...options.map((each) => `    ${each},`),
    ")",
    `answer = service.${resources}${pythonName(method.short)}(${given.length ? "" : ").execute()"}`,
    ...given.map((each) => `    ${each},`),
    given.length > 0 && ").execute()",
    "print(answer)",
  ]
    .filter(isText)
    .join("\n");
}

function python({ verb, url, headers, parts }) {
  const lines = ["import requests", "", "answer = requests.request(", `    ${literal(verb)},`, `    ${literal(url)},`];
  if (headers.length) lines.push(`    headers=${literal(Object.fromEntries(headers), 1)},`);
  const pieces = (parts ?? []).map((part) =>
    isText(part) ? `${literal(part)}.encode()` : `open(${literal(part.name)}, "rb").read()`,
  );
  if (pieces.length) lines.push(`    data=${pieces.join(" + ")},`);
  return [...lines, ")", "print(answer.status_code, answer.text)"].join("\n");
}

function javascript({ verb, url, headers, parts }) {
  const lines = [`const answer = await fetch(${JSON.stringify(url)}, {`, `  method: ${JSON.stringify(verb)},`];
  if (headers.length)
    lines.push(`  headers: ${JSON.stringify(Object.fromEntries(headers), null, 2).replaceAll("\n", "\n  ")},`);
  const pieces = (parts ?? []).map((part) => (isText(part) ? JSON.stringify(part) : "file"));
  const note = pieces.includes("file") ? " // a File" : "";
  if (pieces.length)
    lines.push(`  body: ${pieces.length === 1 ? pieces[0] : `new Blob([${pieces.join(", ")}])`},${note}`);
  return [...lines, "});", "console.log(answer.status, await answer.text());"].join("\n");
}

function isText(value) {
  return typeof value === "string";
}

function pythonName(name) {
  const plain = name.replaceAll(/[$-]/g, "_");
  return KEYWORDS.has(plain) ? `${plain}_` : plain;
}

function parameterName(name) {
  return name.replaceAll(/[^A-Za-z0-9]/g, "_");
}

function parsed(body) {
  try {
    return readJson(body);
  } catch {
    return null;
  }
}

/** A JSON value as Python writes it. */
function literal(value, depth = 0) {
  const indent = "    ".repeat(depth + 1);
  const end = "    ".repeat(depth);
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return pythonString(value);
  if (isRaw(value)) return value.rawJSON;
  const items = Array.isArray(value)
    ? value.map((each) => literal(each, depth + 1))
    : Object.entries(value).map(([name, each]) => `${pythonString(name)}: ${literal(each, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return items.length ? `${open}\n${items.map((each) => `${indent}${each},\n`).join("")}${end}${close}` : open + close;
}

/** JSON and Python agree on strings, but for the halves of characters that JSON writes one by one. */
function pythonString(text) {
  return JSON.stringify(text.toWellFormed());
}

/** What a schema says about one value: which kind it is, and how what people type becomes JSON. No elements here. */

import { isRaw } from "./json_text.js";

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const LONG = { int64: [-(2n ** 63n), 2n ** 63n - 1n], uint64: [0n, 2n ** 64n - 1n] };

/** `text`, `enum`, `boolean`, `integer`, `long`, `number`, `date`, `bytes`, `object`, `array`, or `any`. */
export function kindOf(schema) {
  if (Array.isArray(schema.enum)) return "enum";
  if (schema.format in LONG) return "long";
  if (schema.contentEncoding === "base64" || schema.format === "byte") return "bytes";
  if (schema.format === "date-time" || (schema.type === "string" && /RFC 3339/.test(schema.description ?? "")))
    return "date";
  if (schema.type === "string") return "text";
  if (["boolean", "integer", "number", "array"].includes(schema.type)) return schema.type;
  return schema.type === "object" && schema.properties ? "object" : "any";
}

/** Follow references: the schema that is meant, and its name where it has one. */
export function resolve(schema, schemas) {
  let name = null;
  let found = schema ?? {};
  for (let steps = 0; found.$ref && steps < 20; steps += 1) {
    name = decodeURIComponent(found.$ref.split("/").pop());
    found = schemas[name] ?? {};
  }
  return { schema: found, name };
}

/** A word or two on what is expected, as people read it. */
export function typeName(schema, schemas) {
  const { schema: meant, name } = resolve(schema, schemas);
  const kind = kindOf(meant);
  if (kind === "array") return `list of ${typeName(meant.items ?? {}, schemas)}`;
  if (kind === "object" || kind === "any") return name ?? (kind === "any" ? "JSON" : "object");
  const names = { text: "string", date: "date and time", bytes: "bytes", enum: "one of a list" };
  return names[kind] ?? meant.format ?? kind;
}

/** Whether a JSON value is one that the control of a kind can show. */
export function fits(kind, value) {
  switch (kind) {
    case "object":
      return value !== null && typeof value === "object" && !Array.isArray(value) && !isRaw(value);
    case "array":
      return Array.isArray(value);
    case "any":
      return true;
    default:
      return ["string", "number", "boolean"].includes(typeof value);
  }
}

/**
 * Read what was typed: {value} in JSON, and {problem}, a sentence, where the server will not take it.
 * What cannot be read is passed on as a string, for the server to say what it thinks.
 */
export function read(schema, text) {
  const kind = kindOf(schema);
  switch (kind) {
    case "integer":
      return readInteger(schema, text.trim());
    case "long":
      return { value: text.trim(), problem: longProblem(schema, text.trim()) };
    case "number":
      return readNumber(text.trim());
    case "boolean":
      return text === "true" || text === "false"
        ? { value: text === "true" }
        : { value: text, problem: "must be true or false" };
    case "enum":
      return { value: text, problem: schema.enum.includes(text) ? null : `must be one of ${schema.enum.join(", ")}` };
    case "date":
      return { value: text.trim(), problem: dateProblem(text.trim()) };
    case "bytes":
      return { value: text.replace(/\s+/g, ""), problem: bytesProblem(text.replace(/\s+/g, "")) };
    default:
      return { value: text };
  }
}

function readInteger(schema, text) {
  if (!INTEGER.test(text)) return { value: text, problem: "must be a whole number" };
  const least = schema.minimum ?? Number.MIN_SAFE_INTEGER;
  const most = schema.maximum ?? Number.MAX_SAFE_INTEGER;
  const exact = BigInt(text);
  const problem = exact < BigInt(least) || exact > BigInt(most) ? `must be between ${least} and ${most}` : null;
  return { value: Number.isSafeInteger(Number(text)) ? Number(text) : text, problem };
}

function longProblem(schema, text) {
  if (!INTEGER.test(text)) return "must be a whole number";
  const [least, most] = LONG[schema.format];
  return BigInt(text) < least || BigInt(text) > most ? `must be between ${least} and ${most}` : null;
}

function readNumber(text) {
  if (!NUMBER.test(text)) return { value: text, problem: "must be a number" };
  return Number.isFinite(Number(text)) ? { value: Number(text) } : { value: text, problem: "is too large" };
}

function dateProblem(text) {
  const wanted = "must be a date and time, such as 2024-05-31T12:00:00Z";
  return DATE_TIME.test(text) && !Number.isNaN(Date.parse(text.replace(" ", "T"))) ? null : wanted;
}

function bytesProblem(text) {
  const digits = text.replace(/=+$/, "").length;
  return BASE64.test(text) && digits % 4 !== 1 ? null : "must be base64";
}

/** What else people should know before they fill in a value; the texts are shown below it. */
export function hints(schema) {
  const kind = kindOf(schema);
  const described = kind === "date" && schema.format !== "date-time" ? null : schema.description;
  const range = kind === "integer" && !isWholeRange(schema) ? `From ${schema.minimum} to ${schema.maximum}.` : null;
  const fallback = schema.default === undefined ? null : `Default: ${text(schema.default)}`;
  return [described, range, fallback].filter(Boolean);
}

function isWholeRange({ minimum, maximum, format }) {
  return (
    minimum === undefined ||
    maximum === undefined ||
    (format === "int32" && minimum === -(2 ** 31)) ||
    (format === "uint32" && maximum === 2 ** 32 - 1)
  );
}

function text(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A moment as RFC 3339 writes it, with the offset of the clock of this machine. */
export function rfc3339(date) {
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const zone = offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const millis = date.getMilliseconds() ? `.${String(date.getMilliseconds()).padStart(3, "0")}` : "";
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${millis}${zone}`;
}

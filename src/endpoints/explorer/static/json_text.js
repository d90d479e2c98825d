/** JSON as it came, indented and coloured. Numbers keep their digits: the text is never read into values and back. */

import { h } from "./dom.js";

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/g;
const LARGEST = 400_000; // characters
const MOST = 100_000; // tokens; browsers take seconds for the elements of more
const DEEPEST = 50; // steps of indentation; without an end, deep texts would be made of little else

/** The elements for a text: coloured where it is JSON and not too large, else as it is. */
export function jsonText(text) {
  const tokens = text.length <= LARGEST && isJson(text) ? text.match(TOKEN) : [];
  const isPlain = tokens.length === 0 || tokens.length > MOST;
  return h("pre", { class: "code", tabindex: "0" }, isPlain ? text : h("code", {}, spans(tokens)));
}

/**
 * The value of a JSON text. Numbers that JavaScript cannot hold stay as they were typed (`JSON.rawJSON`), in browsers
 * that know how; throws a SyntaxError where the text is no JSON.
 */
export function readJson(text) {
  return JSON.parse(text, (_, value, context) => {
    const isLost = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
    return isLost && JSON.rawJSON ? JSON.rawJSON(context.source) : value;
  });
}

/** Whether a value is a number that stayed as it was typed, in its member `rawJSON`. */
export function isRaw(value) {
  return JSON.isRawJSON?.(value) ?? false;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function spans(tokens) {
  const made = [];
  let depth = 0;
  let plain = "";
  const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
  const flush = () => {
    if (plain) made.push(plain);
    plain = "";
  };
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      const isEmpty = next === "}" || next === "]";
      if (!isEmpty) depth += 1;
      plain += token + (isEmpty ? "" : line());
    } else if (token === "}" || token === "]") {
      const wasEmpty = tokens[index - 1] === "{" || tokens[index - 1] === "[";
      if (!wasEmpty) depth -= 1;
      plain += (wasEmpty ? "" : line()) + token;
    } else if (token === ",") {
      plain += `,${line()}`;
    } else if (token === ":") {
      plain += ": ";
    } else {
      flush();
      made.push(h("span", { class: `json-${next === ":" && token.startsWith('"') ? "name" : kind(token)}` }, token));
    }
  });
  flush();
  return made;
}

function kind(token) {
  if (token.startsWith('"')) return "string";
  return /^[tfn]/.test(token) ? "word" : "number";
}

/** JSON as it came, indented and coloured. Numbers keep their digits: the text is never read into values and back. */

import { h } from "./dom.js";

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/g;
const LARGEST = 400_000;
const DEEPEST = 50; // steps of indentation; without an end, deep texts would be made of little else

/** The elements for a text: coloured where it is JSON and not too large, else as it is. */
export function jsonText(text) {
  if (text.length > LARGEST || !isJson(text)) return h("pre", { class: "code", tabindex: "0" }, text);
  return h("pre", { class: "code", tabindex: "0" }, h("code", {}, spans(text)));
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function spans(text) {
  const tokens = text.match(TOKEN) ?? [];
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

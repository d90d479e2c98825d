/** Elements from plain values. A text is always a text: nothing in the explorer reads markup out of data. */

let count = 0;

/** An id that no other element has. */
export function freshId(stem) {
  count += 1;
  return `${stem}-${count}`;
}

/**
 * An element. Attributes that are null, undefined or false are left out; `onclick` and the like are listeners.
 * Children are elements or texts; null, undefined and false are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, ...children);
  return element;
}

/** Append children as `h` does. */
export function add(element, ...children) {
  // One by one: a call does not take as many arguments as a long answer has parts.
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Put children in the place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, ...children);
}

/** A link to another site; null where the address is none of the web. */
export function outerLink(address, text) {
  const parsed = URL.canParse(address) ? new URL(address) : null;
  if (!parsed || !["http:", "https:"].includes(parsed.protocol)) return null;
  return h("a", { href: parsed.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** Paragraphs of a description. */
export function paragraphs(text) {
  return (text ?? "")
    .split(/\n\s*\n/)
    .filter((part) => part.trim())
    .map((part) => h("p", {}, part.trim()));
}

/** Say something to those who do not see the page. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** A button that copies what `text()` returns. */
export function copyButton(text, label = "Copy") {
  const button = h("button", { type: "button", class: "quiet small", onclick: copy }, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy by hand";
    }
    announce(button.textContent);
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  }
  return button;
}

/** Offer some content as a file. */
export function save(content, name) {
  const address = URL.createObjectURL(content);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

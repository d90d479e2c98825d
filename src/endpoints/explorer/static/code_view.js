/** Shows a request as code; secrets are written out only when asked for. */

import { copyButton, freshId, h } from "./dom.js";
import { SAMPLES, samples } from "./samples.js";
import { tabs } from "./tabs.js";

/** `changed` is called when secrets are asked for, or no longer. Returns {element, isOpen(), show(...)}. */
export function codeView(changed) {
  const secrets = h("input", { type: "checkbox", id: freshId("secrets"), onchange: changed });
  const places = SAMPLES.map((name) => ({ name, content: h("pre", { class: "code", tabindex: "0" }) }));
  let chosen = 0;
  const shown = tabs("Request as code", places, (index) => {
    chosen = index;
  });
  const buttons = h(
    "p",
    { class: "buttons" },
    copyButton(() => places[chosen].content.textContent),
    h("label", { class: "check" }, secrets, " with my API key and token"),
  );
  return {
    element: h("div", {}, shown.element, buttons),
    isOpen: () => secrets.checked,
    /** Takes what `samples` takes. */
    show(...made) {
      samples(...made).forEach((text, index) => {
        places[index].content.textContent = text;
      });
    },
  };
}

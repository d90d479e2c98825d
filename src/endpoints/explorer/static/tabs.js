/** Tabs, operated as the ARIA Authoring Practices describe: arrows, Home and End move between them. */

import { freshId, h } from "./dom.js";

/**
 * Tabs over panels: `panels` is a list of {name, content}.
 * `onselect` is called with the index of what is shown, whenever that changes.
 */
export function tabs(label, panels, onselect = () => {}) {
  const buttons = panels.map(({ name }, index) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: freshId("tab"),
        onclick: () => select(index),
        onkeydown: (event) => move(event, index),
      },
      name,
    ),
  );
  const sheets = panels.map(({ content }, index) =>
    h(
      "div",
      {
        role: "tabpanel",
        id: freshId("panel"),
        "aria-labelledby": buttons[index].id,
      },
      content,
    ),
  );
  buttons.forEach((button, index) => button.setAttribute("aria-controls", sheets[index].id));

  function select(chosen, focus = false) {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
      sheets[index].hidden = index !== chosen;
    });
    if (focus) buttons[chosen].focus();
    onselect(chosen);
  }

  function move(event, index) {
    const last = buttons.length - 1;
    const target = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    select(target, true);
  }

  const element = h("div", { class: "tabs" }, h("div", { role: "tablist", "aria-label": label }, buttons), sheets);
  select(0);
  return { element, select };
}

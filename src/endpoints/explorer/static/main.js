/** The explorer: reads what the server has, and shows what the address asks for. */

import { account } from "./account.js";
import { apis as listed, complete, settings } from "./catalog.js";
import { onChange } from "./credentials.js";
import { fill, h } from "./dom.js";
import { history } from "./history.js";
import { home } from "./home.js";
import { link, parse } from "./links.js";
import { methodView } from "./method.js";
import { navigation } from "./navigation.js";

const main = document.getElementById("main");
const side = document.getElementById("side");
const menu = document.getElementById("menu");
const first = home();
const views = new Map();
let apis = [];
let current = null;
let isFirst = true;

async function start() {
  document.getElementById("host").textContent = location.host;
  const said = await settings();
  apis = await listed(said);
  const list = navigation(side);
  const who = account(said.issuers);
  const past = history(again);
  const actions = { openAccount: who.open, remember: past.remember };
  const button = document.getElementById("account-button");

  function again({ method, values, body }) {
    show(method).put(values, body);
    window.history.pushState(null, "", link(method));
  }

  function show(method) {
    if (!views.has(method)) views.set(method, methodView(method, actions));
    current = views.get(method);
    document.title = `${method.name} - API Explorer`;
    fill(main, current.element);
    list.mark(method);
    return current;
  }

  function route() {
    closeMenu();
    const asked = parse(location.hash);
    const api = asked && apis.find((each) => each.name === asked.api && each.version === asked.version);
    const method = api?.methods.find((each) => each.name === asked.name);
    if (method) {
      const view = show(method);
      if (asked.values.length > 0 || asked.body) view.put(asked.values, asked.body);
      focus(view);
    } else if (asked) {
      current = null;
      const waits = api && !api.isRead;
      fill(
        main,
        h("p", { class: waits ? "loading" : "note" }, waits ? "Loading …" : "This server has no such method."),
      );
    } else {
      current = null;
      document.title = "API Explorer";
      first.update(apis);
      fill(main, first.element);
      list.mark(null);
      focus(first);
    }
  }

  /** Where people have followed a link, reading goes on at the title. */
  function focus(view) {
    if (!isFirst) view.focus();
    isFirst = false;
  }

  list.update(apis);
  onChange(() => {
    button.textContent = who.label();
  });
  button.addEventListener("click", () => who.open());
  document.getElementById("history-button").addEventListener("click", () => past.open());
  menu.addEventListener("click", () => (side.classList.contains("open") ? closeMenu() : openMenu()));
  document.addEventListener("keydown", (event) => keys(event, list));
  window.addEventListener("hashchange", route);
  route();
  await complete(apis, () => {
    list.update(apis);
    first.update(apis);
    if (main.querySelector(":scope > .loading")) {
      isFirst = true;
      route();
    }
  });
}

function openMenu() {
  side.classList.add("open");
  menu.setAttribute("aria-expanded", "true");
}

function closeMenu() {
  side.classList.remove("open");
  menu.setAttribute("aria-expanded", "false");
}

function keys(event, list) {
  const isTyping = event.target.matches("input, textarea, select, [contenteditable]");
  const isDialog = document.querySelector("dialog[open]") !== null;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && current && !isDialog) {
    event.preventDefault();
    current.execute();
  } else if (event.key === "/" && !isTyping && !isDialog && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    openMenu();
    list.focusSearch();
  } else if (event.key === "Escape" && side.classList.contains("open")) {
    closeMenu();
    menu.focus();
  }
}

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  (main.querySelector("h1") ?? main).focus();
});

start().catch((error) => {
  fill(main, h("div", { role: "alert" }, h("h1", {}, "The explorer cannot start"), h("p", {}, error.message)));
});

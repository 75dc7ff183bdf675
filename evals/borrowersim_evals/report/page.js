"use strict";
(() => {
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Without a script the page follows the system; with one it can be switched, and remembers it where it may.
  const KEY = "borrowersim-theme";
  const store = (action) => { try { return action(localStorage); } catch { return null; } };
  const set = (theme) => { if (theme === "light" || theme === "dark") root.dataset.theme = theme; };
  set(store((s) => s.getItem(KEY)));
  const theme = $("#theme");
  if (theme) {
    theme.hidden = false;
    theme.addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      set(dark ? "light" : "dark");
      store((s) => s.setItem(KEY, root.dataset.theme));
    });
  }

  // A link into a closed section opens it first.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const section = target.closest("details");
    if (section) { section.hidden = false; section.open = true; }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal();
  });

  const table = $("#talks");
  if (!table) return reveal();
  const body = table.tBodies[0];
  let rows = $$("tr", body);

  // Sorting: each heading holds a button, so that keys and screen readers reach it.
  const value = (row, column, numeric) => {
    const text = row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    return numeric ? (text === "" ? NaN : Number(text)) : text;
  };
  const collator = new Intl.Collator(root.lang, { numeric: true });
  const compare = (a, b, numeric) => {
    if (!numeric) return collator.compare(a, b);
    return Number.isNaN(a) || Number.isNaN(b) ? Number.isNaN(a) - Number.isNaN(b) : a - b;
  };
  $$("thead th", table).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const numeric = head.classList.contains("num") || "ranked" in head.dataset;
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      $$("thead th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const keyed = rows.map((row, place) => ({ row, place, key: value(row, column, numeric) }));
      keyed.sort((a, b) => {
        const missing = numeric && Number.isNaN(a.key) !== Number.isNaN(b.key);
        const order = compare(a.key, b.key, numeric);
        return (missing || up ? order : -order) || a.place - b.place;
      });
      rows = keyed.map((entry) => entry.row);
      body.append(...rows);
      apply();
    });
  });

  // Filters: a row and its talk are shown or hidden together. Of very many, a part at a time.
  const STEP = 200;
  let most = STEP;
  const form = $("#filter");
  form.hidden = false;
  const talks = new Map(rows.map((row) => [row, document.getElementById(row.dataset.talk)]));
  const words = new Map();
  const wordsOf = (row) => {
    if (!words.has(row)) words.set(row, `${row.textContent} ${talks.get(row).textContent}`.toLowerCase());
    return words.get(row);
  };
  const count = $("#shown");
  const more = $("#more");
  const apply = () => {
    const picked = $$("select", form).filter((select) => select.value);
    const sought = $("input", form).value.trim().toLowerCase();
    let found = 0;
    for (const row of rows) {
      const fits = picked.every((select) => row.dataset[select.name] === select.value)
        && (!sought || wordsOf(row).includes(sought));
      found += fits;
      row.hidden = talks.get(row).hidden = !fits || found > most;
    }
    count.textContent = count.dataset.words.replace("{}", found).replace("{}", rows.length);
    $("#none-found").hidden = found > 0;
    more.hidden = found <= most;
    more.textContent = more.dataset.words.replace("{}", found - most);
  };
  const again = () => { most = STEP; apply(); };
  let timer = 0;
  more.addEventListener("click", () => { most += 5 * STEP; apply(); });
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(again, 150); });
  form.addEventListener("reset", () => setTimeout(again));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
  reveal();
})();

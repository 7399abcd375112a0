/* The document editor: a keyboard-first grid of lines. The server searches, prices, adds up, checks and draws new rows;
   rows that stand are never drawn again. Without this module the same form works by its buttons. */
const doc = document, form = doc.querySelector("form[data-editor]");
const body = form.querySelector("tbody[data-lines]");
const list = doc.getElementById("line-options"), urls = form.dataset, words = doc.body.dataset;
const later = (work, ms) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(work, ms, ...args); }; };
const lines = () => [...body.rows];
const cell = (row, name) => row.querySelector(`[name="${name}"]`);
const rowOf = (node) => node?.closest?.("tr[data-line]");
const isSection = (row) => cell(row, "kind").value === "section";
const isBlank = (row) => !cell(row, "title").value.trim() && !cell(row, "item").value && !cell(row, "unit_price").value;
const fields = () => new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
const post = (url, data, more = {}) => fetch(url, {
  method: "POST", body: data, credentials: "same-origin", headers: { "X-CSRFToken": csrf, Accept: "application/json" }, ...more });
let serial = 0, asked, searching, saved = false;

/* ---- rows */
function fresh(kind = "line") {
  return doc.getElementById(`new-${kind}`).content.firstElementChild.cloneNode(true);
}
function add(after, kind) {
  const row = fresh(kind);
  if (after) after.after(row); else body.append(row);
  cell(row, "title").focus();
  return row;
}
function remove(row) {
  const next = row.nextElementSibling || row.previousElementSibling;
  row.remove();
  changed();
  const place = next || add();
  cell(place, "title").focus();
}
function move(row, step) {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  const focus = doc.activeElement;
  if (step < 0) other.before(row); else other.after(row);
  (row.contains(focus) ? focus : cell(row, "title")).focus();
  changed();
}
function toggleOptional(row) {
  const field = cell(row, "optional");
  if (!field || isSection(row)) return;
  field.value = field.value ? "" : "1";
  row.toggleAttribute("data-optional", field.value === "1");
  changed();
}
function showDetails(row) {
  if (isSection(row)) return;
  const box = row.querySelector("[data-details]");
  box.hidden = !box.hidden;
  box.querySelector("textarea")[box.hidden ? "blur" : "focus"]();
}
const acts = {
  up: (row) => move(row, -1), down: (row) => move(row, 1), remove, optional: toggleOptional, details: showDetails,
  section: (row) => add(row, "section"),
};
const menu = doc.getElementById("line-menu");
let chosen = null;
body.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act],[data-more]");
  if (!button) return;
  event.preventDefault();
  chosen = rowOf(button);
  if (button.dataset.act) acts[button.dataset.act](chosen); else openMenu(button);
});
function openMenu(button) {
  menu.toggleAttribute("data-section", isSection(chosen));
  menu.showPopover();
  const at = button.getBoundingClientRect(), size = menu.getBoundingClientRect();
  const start = doc.documentElement.dir === "rtl" ? innerWidth - at.right : at.left;
  menu.dataset.at = "";
  menu.style.insetInlineStart = `${Math.max(8, Math.min(start, innerWidth - size.width - 8))}px`;
  menu.style.insetBlockStart = `${at.bottom + size.height + 4 <= innerHeight ? at.bottom + 4 : at.top - size.height - 4}px`;
  menu.querySelector("button").focus();
}
menu.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  menu.hidePopover();
  acts[button.dataset.act](chosen);
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  if (!button) return;
  event.preventDefault();
  add(null, button.dataset.add);
});

/* ---- finding items: one list for all rows, in the top layer */
const open = () => list.matches(":popover-open");
const options = () => [...list.querySelectorAll("[role=option]")];
function closeList() {
  searching?.abort();
  if (open()) list.hidePopover();
  const field = body.querySelector("[aria-expanded=true]");
  field?.setAttribute("aria-expanded", "false"); field?.removeAttribute("aria-activedescendant");
}
function point(field, index) {
  options().forEach((option, n) => option.setAttribute("aria-selected", n === index));
  const option = options()[index];
  if (option) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
}
function openUnder(field) {
  if (!open()) list.showPopover();
  const at = field.getBoundingClientRect(), size = list.getBoundingClientRect();
  const below = at.bottom + size.height + 4 <= innerHeight || at.top < size.height;
  const wide = Math.min(Math.max(at.width, 352), innerWidth - 16);
  list.style.inlineSize = `${wide}px`;
  list.style.insetBlockStart = `${below ? at.bottom + 4 : at.top - size.height - 4}px`;
  const start = doc.documentElement.dir === "rtl" ? innerWidth - at.right : at.left;
  list.style.insetInlineStart = `${Math.max(8, Math.min(start, innerWidth - wide - 8))}px`;
  field.setAttribute("aria-expanded", "true");
}
async function search(field, all = false) {
  searching?.abort(); searching = new AbortController();
  const asking = fields(), params = new URLSearchParams({ q: all ? "" : field.value });
  for (const name of ["customer", "price_list", "currency", "date", "language"]) params.set(name, asking.get(name) ?? "");
  try {
    const answer = await fetch(`${urls.items}?${params}`, { signal: searching.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok || doc.activeElement !== field) return;
    list.innerHTML = await answer.text();
  } catch { return; }
  options().forEach((option, n) => { option.id = `line-option-${n}`; });
  openUnder(field);
  point(field, 0);
}
const searchLater = later(search, 120);
function fill(row, facts) {
  for (const name of ["item", "title", "unit", "unit_price", "tax"]) {
    if (facts[name] !== undefined && cell(row, name)) cell(row, name).value = facts[name];
  }
  cell(row, "auto").value = "1";
  if (!cell(row, "quantity").value) cell(row, "quantity").value = facts.one || "1";
  row.querySelector("[data-sku]").textContent = facts.sku || "";
}
function choose(field, option) {
  const row = rowOf(field);
  closeList();
  if (option.dataset.item) { fill(row, option.dataset); }
  const next = cell(row, "quantity");
  next.focus(); next.select();
  changed();
}
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const option = event.target.closest("[role=option]");
  if (option && doc.activeElement?.name === "title") choose(doc.activeElement, option);
});
body.addEventListener("focusout", (event) => { if (event.target.name === "title") closeList(); });
addEventListener("scroll", (event) => { if (open() && event.target !== list) closeList(); }, { passive: true, capture: true });

/* ---- keys */
function inList(event, field) {
  if (!open() || field.name !== "title") return false;
  const at = options().findIndex((option) => option.ariaSelected === "true"), count = options().length;
  if (event.key === "ArrowDown" && count) point(field, (at + 1) % count);
  else if (event.key === "ArrowUp" && count) point(field, (at - 1 + count) % count);
  else if (event.key === "Enter" && options()[at]) choose(field, options()[at]);
  else if (event.key === "Escape") closeList();
  else return false;
  return true;
}
function column(row, field, step) {
  let to = row;
  do to = step < 0 ? to.previousElementSibling : to.nextElementSibling; while (to && isSection(to) && field.name !== "title");
  if (to) { cell(to, field.name).focus(); cell(to, field.name).select?.(); }
  return Boolean(to);
}
function inGrid(event, field) {
  const row = rowOf(field);
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const act = { ArrowUp: acts.up, ArrowDown: acts.down, Delete: remove }[event.key]
      || { KeyO: toggleOptional, KeyD: showDetails, KeyS: acts.section }[event.code];
    if (act) act(row);
    return Boolean(act);
  }
  if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
    if (field.tagName !== "TEXTAREA" && field.tagName !== "BUTTON") { add(row); return true; }
  } else if (field.name === "title" && event.key === "/" && !field.value && !isSection(row)) { search(field, true); return true;
  } else if (field.name === "title" && event.key === "ArrowDown" && !row.nextElementSibling && !isSection(row)) { search(field); return true;
  } else if (event.key === "Backspace" && field.name === "title" && !field.value && isBlank(row) && lines().length > 1) { remove(row); return true;
  } else if (field.tagName === "INPUT" && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    return column(row, field, event.key === "ArrowUp" ? -1 : 1);
  }
  return false;
}
body.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (inList(event, event.target) || inGrid(event, event.target)) event.preventDefault();
});
doc.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input,textarea,select,[contenteditable],dialog");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
  event.preventDefault(); event.stopImmediatePropagation();
  const last = lines().at(-1);
  const row = last && isBlank(last) && !isSection(last) ? last : add();
  cell(row, "title").focus(); search(cell(row, "title"), true);
}, true);

/* ---- what was typed */
body.addEventListener("input", (event) => {
  const field = event.target, row = rowOf(field);
  if (field.name === "title" && !isSection(row)) {
    if (!field.value) { cell(row, "item").value = ""; row.querySelector("[data-sku]").textContent = ""; closeList(); } else searchLater(field);
  }
  if (field.name === "unit_price") cell(row, "auto").value = "";
  changed();
});
form.addEventListener("input", (event) => { if (!body.contains(event.target)) changed(); });
form.addEventListener("change", (event) => {
  if (event.target.name === "customer") takeCustomer(event.target.value);
  if (["price_list", "currency", "date"].includes(event.target.name) || body.contains(event.target)) changed();
});

/* ---- totals: the server adds up; only what differs is written */
function put(node, html) { if (node && node.innerHTML !== html) node.innerHTML = html; }
function tell(row, errors) {
  const here = row.contains(doc.activeElement);
  for (const field of row.querySelectorAll("[name]")) {
    // While somebody is in the row, what he has not come to yet is no mistake.
    const text = field === doc.activeElement || (here && !field.value) ? "" : errors[field.name] || "";
    let note = field.closest("td").querySelector(`.err[data-for="${field.name}"]`);
    field.toggleAttribute("aria-invalid", false);
    if (text) field.setAttribute("aria-invalid", "true");
    if (!text) { note?.remove(); field.removeAttribute("aria-describedby"); continue; }
    if (!note) {
      note = Object.assign(doc.createElement("p"), { className: "err", id: `err-${++serial}` });
      note.dataset.for = field.name; field.closest("td").append(note);
    }
    note.textContent = text; field.setAttribute("aria-describedby", note.id);
  }
}
async function total() {
  asked?.abort(); asked = new AbortController();
  const rows = lines();
  let answer;
  try {
    const response = await post(urls.totals, fields(), { signal: asked.signal });
    if (!response.ok) return;
    answer = await response.json();
  } catch { return; }
  rows.forEach((row, n) => {
    const said = answer.lines[n];
    if (!said || !row.isConnected) return;
    put(row.querySelector("[data-net]"), said.net);
    if (said.fill && doc.activeElement !== cell(row, "title")) fill(row, said.fill);
    else if (said.price !== undefined && cell(row, "auto").value && doc.activeElement !== cell(row, "unit_price")) cell(row, "unit_price").value = said.price;
    tell(row, said.errors);
  });
  for (const [name, html] of Object.entries(answer.parts)) put(doc.querySelector(`[data-part="${name}"]`), html);
}
const totalLater = later(total, 150);
function changed() { form.dataset.dirty = ""; totalLater(); saveLater(); }
body.addEventListener("focusout", (event) => { if (event.target.name && rowOf(event.relatedTarget) !== rowOf(event.target)) totalLater(); });

/* ---- a table pasted from a spreadsheet */
body.addEventListener("paste", async (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (!/\t|\n[^\n]/.test(text.trim())) return;
  event.preventDefault();
  const row = rowOf(event.target), data = fields();
  data.set("table", text);
  row.setAttribute("aria-busy", "true");
  const response = await post(urls.paste, data).catch(() => null);
  row.removeAttribute("aria-busy");
  if (!response?.ok) return;
  const answer = await response.json(), box = doc.createElement("tbody");
  box.innerHTML = answer.rows;
  const last = box.lastElementChild;
  row.after(...box.children);
  if (isBlank(row) && !isSection(row)) row.remove();
  say(answer.told);
  if (last) cell(last, "title").focus();
  changed();
});

/* ---- the customer brings his own: people, places, currency, prices, language, credit */
async function takeCustomer(key) {
  if (!key) return;
  const response = await fetch(`${urls.customer}?customer=${encodeURIComponent(key)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) return;
  const facts = await response.json();
  for (const [name, html] of Object.entries(facts.options)) { const field = form.elements[name]; if (field) field.innerHTML = html; }
  for (const [name, value] of Object.entries(facts.values)) { const field = form.elements[name]; if (field && value) field.value = value; }
  for (const [name, html] of Object.entries(facts.parts)) put(doc.querySelector(`[data-part="${name}"]`), html);
  changed();
}

/* ---- keeping: a draft is saved by itself some seconds after the last change, and when the page is left */
const state = doc.querySelector("[data-save-state]");
function say(text, tone = "") { if (state) { state.textContent = text; state.dataset.s = tone; } }
let keeping = null;
/* A draft that is not right is not sent: what is wrong stands beside its cell already. */
const complete = () => form.elements.customer.value && lines().some((row) => !isBlank(row)) && !body.querySelector("[aria-invalid=true]");
function keep(leaving = false) {
  if ("dirty" in form.dataset && !saved && !keeping && complete()) keeping = send(leaving).finally(() => { keeping = null; });
}
async function send(leaving) {
  delete form.dataset.dirty;
  const data = fields();
  data.set("op", "autosave");
  const response = await post(form.action, data, { keepalive: leaving }).catch(() => null);
  const answer = response?.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
  if (answer?.version) {
    form.elements.version.value = answer.version;
    if (answer.url && form.action !== new URL(answer.url, location).href) { form.action = answer.url; history.replaceState(null, "", answer.url); }
  } else form.dataset.dirty = "";
  say(answer ? answer.told : words.tOffline, answer?.version ? "" : "warn");
}
const saveLater = later(keep, 8000);
doc.addEventListener("visibilitychange", () => { if (doc.visibilityState === "hidden") keep(true); });
form.addEventListener("submit", (event) => {
  saved = true;
  if (!keeping) return;
  event.preventDefault();
  const by = event.submitter;
  keeping.then(() => form.requestSubmit(by));
});
addEventListener("pageshow", () => { saved = false; });

if (!lines().length) body.append(fresh());
total();

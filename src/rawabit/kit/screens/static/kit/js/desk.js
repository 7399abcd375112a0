/* The desk's keyboard and lists: rail, row cursor, selection with the bulk bar, command palette, shortcuts. */
const doc = document, root = doc.documentElement;
const all = (selector, from = doc) => [...from.querySelectorAll(selector)];
const on = (type, selector, handler) => doc.addEventListener(type, (event) => {
  const hit = event.target.closest?.(selector);
  if (hit) handler(event, hit);
});

/* ---- rail */
const toggle = doc.querySelector("[data-rail-toggle]");
if (toggle) toggle.hidden = false;
on("click", "[data-rail-toggle]", () => {
  const mini = root.dataset.rail !== "mini";
  if (mini) root.dataset.rail = "mini"; else delete root.dataset.rail;
  doc.cookie = `rail=${mini ? "mini" : ""};path=/;max-age=31536000;samesite=lax`;
});

/* ---- selection: [data-select] (or a [data-bulk-form]) holds a table with boxes, one for all, and a .bulk bar */
const AREA = "[data-select],[data-bulk-form]", BOX = "tbody :is(.pick,.sel>input)", HEAD = "[data-pick-all],[data-select-all]";
const said = (n) => (doc.body.dataset.tSelected || "%s").replace("%s", root.lang === "fa" ? String(n).replace(/\d/g, (d) => "۰۱۲۳۴۵۶۷۸۹"[d]) : n);
let last = null;
function refresh(area) {
  const boxes = all(BOX, area), chosen = boxes.filter((box) => box.checked);
  const bar = area.querySelector(".bulk"), head = area.querySelector(HEAD);
  if (bar) { bar.hidden = !chosen.length; all("[data-count],[data-bulk-count]", bar).forEach((out) => { out.textContent = said(chosen.length); }); }
  if (head) { head.checked = chosen.length > 0 && chosen.length === boxes.length; head.indeterminate = chosen.length > 0 && !head.checked; }
  const every = area.querySelector("[data-every],.bulk [name=all]");
  if (every && !head?.checked) every.checked = false;
}
on("click", `:is(${AREA}) ${BOX}`, (event, box) => {
  const area = box.closest(AREA), boxes = all(BOX, area);
  if (event.shiftKey && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
  }
  last = box; refresh(area);
});
on("change", HEAD, (_, head) => {
  const area = head.closest(AREA);
  all(BOX, area).forEach((box) => { box.checked = head.checked; });
  refresh(area);
});
on("click", "[data-clear-selection]", (_, button) => {
  const area = button.closest(AREA);
  all(BOX, area).forEach((box) => { box.checked = false; });
  refresh(area);
});
const refreshAll = () => all(AREA).forEach(refresh);
refreshAll();
doc.addEventListener("htmx:afterSwap", refreshAll);
addEventListener("pageshow", refreshAll);

/* ---- row cursor */
const LINK = "a.rowlink,td:not(.sel)>a.b";
const rows = () => all("main .table:not([data-no-cursor]) tbody tr").filter((row) => row.querySelector(LINK));
function move(step) {
  const list = rows(), at = list.findIndex((row) => row.hasAttribute("data-cursor"));
  if (!list.length) return;
  const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
  list[at]?.removeAttribute("data-cursor");
  next.setAttribute("data-cursor", "");
  next.querySelector(LINK).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/* ---- command palette: an empty <dialog id="palette"> with a search box; the server ranks */
const palette = doc.getElementById("palette");
let wait, asked;
function openPalette(event) {
  if (!palette) return;
  event.preventDefault();
  palette.showModal();
  const box = palette.querySelector("input");
  box.select(); ask(box);
}
async function ask(box) {
  asked?.abort(); asked = new AbortController();
  const url = new URL(palette.dataset.url, location);
  url.searchParams.set("q", box.value); url.searchParams.set("part", "palette");
  try {
    const answer = await fetch(url, { signal: asked.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const list = palette.querySelector("[role=listbox]");
    list.innerHTML = await answer.text();
    options().forEach((option, n) => { option.id = `palette_${n}`; });
    point(0);
  } catch { /* a newer question replaced this one */ }
}
const options = () => all("[role=option]", palette);
function point(index) {
  const found = options(), box = palette.querySelector("input");
  found.forEach((option, n) => option.setAttribute("aria-selected", n === index));
  found[index]?.scrollIntoView({ block: "nearest" });
  if (found[index]) box.setAttribute("aria-activedescendant", found[index].id); else box.removeAttribute("aria-activedescendant");
}
on("click", "[data-palette-open]", openPalette);
on("input", "#palette input", (_, box) => { clearTimeout(wait); wait = setTimeout(ask, 200, box); });
on("keydown", "#palette input", (event) => {
  const found = options(), at = found.findIndex((option) => option.ariaSelected === "true");
  if (event.key === "ArrowDown") point((at + 1) % found.length);
  else if (event.key === "ArrowUp") point((at - 1 + found.length) % found.length);
  else if (event.key === "Enter" && found[at]) {
    const link = found[at].matches("a") ? found[at] : found[at].querySelector("a");
    if (event.ctrlKey || event.metaKey) open(link.href); else link.click();
  } else return;
  event.preventDefault();
});

/* ---- shortcuts: the Latin letter of the key, else the physical key (an Arabic layout sends «ن» for K) */
const letter = (event) => /^[a-z]$/i.test(event.key) ? event.key.toLowerCase()
  : event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
const typing = (node) => node.closest?.("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");
let going = 0;
function press(selector) {
  const target = all(selector).find((node) => node.offsetParent !== null);
  if (!target) return false;
  if (target.matches("input,textarea")) target.focus(); else target.click();
  return true;
}
const fixed = {
  j: () => move(1), k: () => move(-1), c: () => press("[data-create]"), z: () => press(".toast [data-undo]"),
  x: () => doc.querySelector("tr[data-cursor] :is(.pick,.sel>input)")?.click(), g: () => { going = Date.now(); },
};
function plainKey(event) {
  const key = letter(event);
  if (event.key === "?" || event.key === "؟") { doc.getElementById("shortcuts")?.showModal(); return true; }
  if (key === "/" || event.code === "Slash" && !event.shiftKey) return press("main [type=search]");
  if (Date.now() - going < 1500 && key !== "g") { going = 0; return press(`[data-go="${CSS.escape(key)}"]`); }
  if (press(`[data-key="${CSS.escape(key)}"]`)) return true;
  if (!fixed[key]) return false;
  fixed[key]();
  return true;
}
doc.addEventListener("keydown", (event) => {
  const strong = event.ctrlKey || event.metaKey;
  if (strong && letter(event) === "k") { openPalette(event); return; }
  if (strong && event.key === "Enter" && event.target.form && !event.target.closest("#palette")) {
    const wanted = event.target.form.querySelector(event.shiftKey ? "[data-submit=second]" : "[data-submit=first]");
    event.target.form.requestSubmit(wanted || undefined); event.preventDefault(); return;
  }
  if (strong || event.altKey || typing(event.target) || doc.querySelector("dialog[open]") || localStorage.getItem("keys") === "off") return;
  if (plainKey(event)) event.preventDefault();
});
on("change", "[data-keys-off]", (_, box) => localStorage.setItem("keys", box.checked ? "on" : "off"));
all("[data-keys-off]").forEach((box) => { box.checked = localStorage.getItem("keys") !== "off"; });

/* Enhancements that every page may use. All pages work without them. One listener per event on the document, so that
   fragments swapped in later need no start-up. */
const doc = document, root = doc.documentElement, words = doc.body.dataset;
const rtl = () => root.dir === "rtl";
const all = (selector, from = doc) => [...from.querySelectorAll(selector)];
const on = (type, selector, handler, capture = false) => doc.addEventListener(type, (event) => {
  const hit = event.target.closest?.(selector);
  if (hit) handler(event, hit);
}, capture);
const later = (handler, ms) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(handler, ms, ...args); }; };
const fragment = async (url, signal) => {
  const answer = await fetch(url, { signal, headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.text();
};
root.dataset.js = "";

/* ---- toasts */
export function toast(text, state = "info") {
  const box = doc.createElement("div");
  box.className = "toast"; box.dataset.s = state;
  box.append(Object.assign(doc.createElement("span"), { className: "grow", textContent: text }));
  const close = Object.assign(doc.createElement("button"), { className: "btn btn-icon", type: "button", textContent: "×" });
  close.dataset.v = "ghost"; close.dataset.closeToast = ""; close.ariaLabel = words.tClose;
  box.append(close); doc.getElementById("toasts")?.append(box);
}
on("click", "[data-close-toast]", (_, button) => button.closest(".toast").remove());
doc.addEventListener("animationend", (event) => { if (event.animationName === "toast-out") event.target.remove(); });
doc.addEventListener("htmx:responseError", () => toast(words.tError, "bad"));
doc.addEventListener("htmx:sendError", () => toast(words.tOffline, "bad"));

/* ---- menus: place a popover under its button, inside the window, from the reading side */
function place(menu) {
  const button = doc.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!button || (menu.classList.contains("as-sheet") && innerWidth <= 576)) return;
  menu.dataset.at = "";
  const at = (menu._for || button).getBoundingClientRect(), size = menu.getBoundingClientRect(), gap = 4;
  const below = at.bottom + gap + size.height <= innerHeight || at.top < size.height;
  const start = rtl() ? innerWidth - at.right : at.left;
  const fits = start + size.width <= innerWidth - 8;
  const inline = fits ? start : Math.max(8, start + at.width - size.width);
  const block = below ? Math.min(at.bottom + gap, innerHeight - size.height - 8) : at.top - gap - size.height;
  menu.style.insetBlockStart = `${Math.max(8, block)}px`;
  menu.style.insetInlineStart = `${inline}px`;
}
doc.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]:not(.sheet)") || event.newState !== "open") return;
  place(menu);
  if (menu.dataset.calFor) openCalendar(menu);
}, true);
addEventListener("scroll", (event) => {
  if (event.target === doc) all(".menu:not(.sheet):popover-open").forEach(place);
}, { passive: true, capture: true });
on("keydown", ".menu[popover]", (event, menu) => {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || menu.dataset.calFor) return;
  const items = all("a,button", menu), step = event.key === "ArrowDown" ? 1 : -1;
  items[(items.indexOf(doc.activeElement) + step + items.length) % items.length]?.focus();
  event.preventDefault();
});

/* ---- dialogs */
on("click", "[data-dialog]", (event, opener) => {
  const dialog = doc.getElementById(opener.dataset.dialog);
  if (dialog) { event.preventDefault(); dialog.showModal(); }
});
on("click", "dialog [data-close]", (_, button) => button.closest("dialog").close());
on("click", "dialog.dlg", (event, dialog) => {
  const box = dialog.getBoundingClientRect();
  const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  if (event.target === dialog && outside) dialog.close();
});

/* ---- forms */
const submit = later((form) => form.requestSubmit(), 250);
on("change", "form[data-auto],form[data-filters]", (event, form) => { if (event.target.type !== "search") form.requestSubmit(); });
on("input", "form[data-auto][hx-get] [type=search]", (_, field) => submit(field.form));
on("input", "form[data-guard]", (_, form) => { form.dataset.dirty = ""; });
function confirmed(form, submitter) {
  const dialog = doc.createElement("dialog"), text = doc.createElement("p"), foot = doc.createElement("div");
  const button = (label) => Object.assign(doc.createElement("button"), { className: "btn", type: "button", textContent: label });
  const yes = button(submitter?.textContent.trim() || form.dataset.confirm), no = button(words.tCancel);
  yes.dataset.v = submitter?.dataset.v === "danger" ? "danger" : "primary";
  dialog.className = "dlg"; text.className = "dlg-body"; foot.className = "dlg-foot";
  text.textContent = form.dataset.confirm; foot.append(yes, no); dialog.append(text, foot); doc.body.append(dialog);
  yes.onclick = () => { form.dataset.sure = ""; dialog.close(); form.requestSubmit(submitter); };
  no.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.showModal(); no.focus();
}
doc.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || "sure" in form.dataset) return;
  event.preventDefault(); event.stopImmediatePropagation();
  confirmed(form, event.submitter);
}, true);
on("submit", "form", (event, form) => {
  if (form.matches("[method=post]:not([hx-post])") && !event.defaultPrevented) {
    // Enter pressed twice sends once; a form that stays on the page may be sent again after a moment.
    if (Date.now() - form.dataset.sent < 3000) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = Date.now();
  }
  delete form.dataset.dirty;
  if (!form.matches("[hx-post],[hx-get],[method=dialog]")) event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  all("[aria-busy=true]").forEach((node) => node.removeAttribute("aria-busy"));
  all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});
addEventListener("beforeunload", (event) => { if (doc.querySelector("form[data-guard][data-dirty]")) event.preventDefault(); });
on("click", "[data-copy]", async (_, button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(words.tCopied, "ok");
});
on("click", "[data-print]", () => print());
on("click", "[data-set-theme]", async (event, button) => {
  event.preventDefault();
  const choice = root.dataset.theme = button.dataset.setTheme, data = new FormData(button.form);
  all("[data-set-theme]").forEach((other) => other.setAttribute("aria-pressed", other.dataset.setTheme === choice));
  data.set("theme", choice);
  await fetch(button.form.action, { method: "POST", body: data, redirect: "manual" });
});
on("click", "[data-show-password]", (_, button) => {
  const field = doc.getElementById(button.dataset.showPassword), hidden = field.type === "password";
  field.type = hidden ? "text" : "password"; button.setAttribute("aria-pressed", hidden);
});
function focusFirstError(from) {
  const field = from.querySelector("[data-focus],form:not([data-sample]) .in[aria-invalid=true]");
  if (field) field.focus();
}
focusFirstError(doc);
doc.addEventListener("htmx:afterSwap", (event) => focusFirstError(event.target));

/* ---- numbers: group what was typed when the field is left */
const systems = { latn: "0123456789.,", arab: "٠١٢٣٤٥٦٧٨٩٫٬", arabext: "۰۱۲۳۴۵۶۷۸۹٫٬" };
export const latin = (text) => text.replace(/[٠-٩۰-۹٫٬،]/g, (c) =>
  "٠۰".includes(c) ? "0" : c === "٫" ? "." : "٬،".includes(c) ? "," : String(c.codePointAt(0) & 15));
on("focusout", "[data-number]", (_, field) => {
  const match = /^(-?)(\d{1,3}(?:,?\d{3})*|\d+)(\.\d*)?$/.exec(latin(field.value.trim()));
  if (!match) return;
  const grouped = match[1] + match[2].replaceAll(",", "").replace(/\B(?=(\d{3})+$)/g, ",") + (match[3] || "");
  const signs = systems[field.dataset.number] || systems.latn;
  field.value = grouped.replace(/[\d.,]/g, (c) => signs["0123456789.,".indexOf(c)]);
});

/* ---- dates: the server draws the month and reads what was typed */
async function openCalendar(menu, query = "") {
  const field = doc.getElementById(menu.dataset.calFor);
  menu._for = field.closest(".affix");
  const remembered = localStorage.getItem("calendar");
  const base = query || `?${new URLSearchParams({ v: field.value, ...(remembered && { c: remembered }) })}`;
  try { menu.innerHTML = await fragment(words.cal + base); } catch { toast(words.tError, "bad"); return; }
  place(menu);
  const used = menu.querySelector("[data-calendar][aria-pressed=true]");
  if (used) localStorage.setItem("calendar", used.dataset.calendar);
  (menu.querySelector("[data-date][tabindex='0']") || menu.querySelector("[data-date]"))?.focus();
}
on("click", "[data-cal-for] [data-cal]", (_, button) => openCalendar(button.closest("[data-cal-for]"), button.dataset.cal));
on("click", "[data-cal-for] [data-date]", (_, button) => {
  const menu = button.closest("[data-cal-for]"), field = doc.getElementById(menu.dataset.calFor);
  field.value = button.dataset.text;
  menu.hidePopover(); field.focus();
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
});
on("keydown", "[data-cal-for] [data-date]", (event, button) => {
  const menu = button.closest("[data-cal-for]"), days = all("td [data-date]", menu), at = days.indexOf(button);
  const side = rtl() ? -1 : 1, turn = { PageUp: "prev", PageDown: "next" }[event.key];
  const move = { ArrowLeft: -side, ArrowRight: side, ArrowUp: -7, ArrowDown: 7, Home: -(at % 7), End: 6 - (at % 7) }[event.key];
  if (at < 0 || (move === undefined && !turn)) return;
  event.preventDefault();
  const next = turn ? null : days[at + move];
  if (next) next.focus();
  else menu.querySelector(`[data-turn=${turn || (move < 0 ? "prev" : "next")}]`)?.click();
});
const echo = later(async (field) => {
  const out = doc.getElementById(`${field.id}_echo`);
  if (!out) return;
  try { out.innerHTML = field.value.trim() ? await fragment(`${words.cal}?${new URLSearchParams({ echo: field.value })}`) : ""; } catch { /* the server checks again when the form is sent */ }
}, 300);
on("input", "[data-date-field]", (_, field) => echo(field));

/* ---- combobox: the server searches, the hidden field keeps the choice */
const searches = new WeakMap();
const combo = (field) => ({ box: field.closest("[data-combo]"), list: doc.getElementById(field.getAttribute("aria-controls")) });
function closeList(field) { combo(field).list.hidden = true; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); }
function mark(field, option) {
  all("[role=option]", combo(field).list).forEach((other) => other.setAttribute("aria-selected", other === option));
  if (option) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
}
async function find(field) {
  const { box, list } = combo(field);
  searches.get(field)?.abort();
  const control = new AbortController(); searches.set(field, control);
  const url = new URL(box.dataset.combo, location); url.searchParams.set("q", field.value);
  try { list.innerHTML = await fragment(url, control.signal); } catch (error) { if (error.name !== "AbortError") closeList(field); return; }
  all("[role=option]", list).forEach((option, n) => { option.id = `${list.id}_${n}`; });
  list.hidden = false; field.setAttribute("aria-expanded", "true");
  mark(field, list.querySelector("[role=option]"));
}
const findLater = later(find, 200);
function choose(field, option) {
  const { box } = combo(field), store = box.querySelector("input[type=hidden]");
  field.value = option.dataset.label || option.textContent.trim(); store.value = option.dataset.value;
  closeList(field);
  store.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: option.dataset }));
}
on("input", "[data-combo] [role=combobox]", (_, field) => { combo(field).box.querySelector("input[type=hidden]").value = ""; findLater(field); });
on("click", "[data-combo] [role=combobox]", (_, field) => { if (combo(field).list.hidden) find(field); });
on("focusout", "[data-combo]", (event, box) => { if (!box.contains(event.relatedTarget)) closeList(box.querySelector("[role=combobox]")); });
on("mousedown", "[data-combo] [role=option]", (event, option) => { event.preventDefault(); choose(option.closest("[data-combo]").querySelector("[role=combobox]"), option); });
on("keydown", "[data-combo] [role=combobox]", (event, field) => {
  const { list } = combo(field), options = all("[role=option]", list), at = options.findIndex((o) => o.ariaSelected === "true");
  if (event.key === "ArrowDown" && list.hidden) find(field);
  else if (list.hidden) return;
  else if (event.key === "ArrowDown") mark(field, options[(at + 1) % options.length]);
  else if (event.key === "ArrowUp") mark(field, options[(at - 1 + options.length) % options.length]);
  else if (event.key === "Enter" && options[at]) choose(field, options[at]);
  else if (event.key === "Escape") closeList(field);
  else return;
  event.preventDefault();
});

/* ---- files: names, drop, progress */
on("change", "[data-drop] input[type=file]", (_, field) => {
  const out = field.closest("[data-drop]").querySelector("[data-drop-name]");
  out.textContent = [...field.files].map((file) => `\u2068${file.name}\u2069`).join(" · ");
});
for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  on(type, "[data-drop]", (_, box) => box.toggleAttribute("data-over", over));
}
on("submit", "form[data-upload]", (event, form) => {
  const bar = form.querySelector("progress");
  if (!bar) return;
  event.preventDefault();
  const request = new XMLHttpRequest(), data = new FormData(form, event.submitter);
  bar.hidden = false; bar.max = 1;
  request.upload.onprogress = (step) => { if (step.lengthComputable) bar.value = step.loaded / step.total; };
  const fail = (why) => { bar.hidden = true; delete form.dataset.sent; event.submitter?.removeAttribute("aria-busy"); toast(why || words.tError, "bad"); };
  const reason = (page) => new DOMParser().parseFromString(page, "text/html").querySelector("main [role=alert]")?.textContent.trim();
  request.onload = () => { if (request.status < 400) location.assign(request.responseURL || location); else fail(reason(request.responseText)); };
  request.onerror = () => fail(words.tOffline);
  request.open("POST", form.action); request.send(data);
});

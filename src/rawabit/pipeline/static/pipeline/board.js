/* The board: cards are dragged with a mouse or a pen, moved by keys, or by the sheet behind their arrow. The server
   decides; a card that may not go returns with the reason. Without this script the arrow's page does the same. */
const doc = document, root = doc.documentElement;
const dialog = doc.getElementById("move-sheet"), sheet = dialog.querySelector("[data-sheet]");
const board = () => doc.querySelector("[data-board]");
const lanes = () => [...board().querySelectorAll("[data-lane]")];
const cards = (lane) => [...lane.querySelectorAll("[data-card]")];
const title = (card) => card.querySelector(".deal-title");
const token = () => board().querySelector("[name=csrfmiddlewaretoken]").value;
const address = (card, rest) => `${board().dataset.url}${card.dataset.card}/${rest}`;

function say(text) {
  const box = doc.createElement("div"), words = doc.createElement("span"), close = doc.createElement("button");
  box.className = "toast"; box.dataset.s = "bad";
  words.className = "grow"; words.textContent = text;
  close.className = "btn btn-icon"; close.type = "button"; close.textContent = "×";
  close.dataset.closeToast = ""; close.dataset.v = "ghost"; close.ariaLabel = board().dataset.tClose;
  box.append(words, close);
  doc.getElementById("toasts").append(box);
}

/* ---- where a card stands, and back again */
const home = (card) => ({ lane: card.parentElement, next: card.nextElementSibling });
function back(card, place) {
  const next = place.next?.parentElement === place.lane ? place.next : null;
  place.lane.insertBefore(card, next);
  card.removeAttribute("aria-busy");
}
function put(card, lane) {
  lane.querySelector(".lane-empty")?.setAttribute("hidden", "");
  lane.querySelector("header").after(card);
}

/* ---- the move itself */
async function move(card, lane) {
  const key = lane.dataset.lane;
  if (lane === card.parentElement || card.hasAttribute("aria-busy")) return;
  const place = home(card), focused = card.contains(doc.activeElement);
  put(card, lane);
  card.setAttribute("aria-busy", "true");
  if (focused) title(card).focus();
  if (lane.dataset.outcome) { ask(address(card, `do/${lane.dataset.outcome}/?next=board`), card, place); return; }
  const data = new URLSearchParams({ to: key, from: card.dataset.from, csrfmiddlewaretoken: token() });
  const answer = await fetch(address(card, "move/"), {
    method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" },
  }).catch(() => null);
  const json = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  if (json?.ask) { ask(json.ask, card, place); return; }
  if (!answer?.ok || !json) {
    back(card, place);
    if (focused) title(card).focus();
    say(json?.told || (answer ? doc.body.dataset.tError : doc.body.dataset.tOffline));
    return;
  }
  card.removeAttribute("aria-busy");
  card.dataset.from = key;
  doc.getElementById("toasts").replaceChildren();
  doc.getElementById("toasts").insertAdjacentHTML("beforeend", json.toast);
  refresh();
}

/* Counts and sums of the lanes as the server sees them now. */
async function refresh() {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["[data-lane]>header", ".lane-chips .chip"]) {
    const theirs = page.querySelectorAll(part);
    doc.querySelectorAll(part).forEach((mine, n) => { if (theirs[n]) mine.innerHTML = theirs[n].innerHTML; });
  }
}

/* ---- sheets: the form of a page, shown in a dialog and sent as from that page */
let waiting = null;
async function ask(url, card, place = null) {
  const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) { if (place) back(card, place); location.href = url; return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("#main .cols form");
  if (!form) { location.href = url; return; }
  form.action = form.getAttribute("action") || url;
  dialog.querySelector("h2").textContent = page.querySelector("#main h1").textContent;
  sheet.replaceChildren(doc.importNode(form, true));
  waiting = place ? { card, place } : null;
  dialog.showModal();
  sheet.querySelector("input:not([type=hidden]),select,textarea,button")?.focus();
}
dialog.addEventListener("close", () => {
  if (waiting) { back(waiting.card, waiting.place); title(waiting.card).focus(); }
  waiting = null;
});
sheet.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  if (link.closest(".sticky-cta") || link.dataset.v === "quiet") { event.preventDefault(); dialog.close(); return; }
  if (link.search.includes("next=board")) {
    event.preventDefault();
    ask(link.href, null).catch(() => { location.href = link.href; });
  }
});
doc.addEventListener("click", (event) => {
  const link = event.target.closest("[data-move]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(link.href, link.closest("[data-card]"));
});

/* ---- dragging */
let drag = null;
const under = (event) => doc.elementFromPoint(event.clientX, event.clientY)?.closest("[data-lane]");
function mark(lane) {
  for (const other of lanes()) other.toggleAttribute("data-over", other === lane);
}
function release() {
  if (!drag) return;
  drag.card.removeAttribute("data-drag");
  drag.card.style.translate = "";
  mark(null);
  drag = null;
}
doc.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-movable]");
  if (!card || event.button !== 0 || event.pointerType === "touch" || event.target.closest("[data-move]")) return;
  drag = { card, x: event.clientX, y: event.clientY, from: board().scrollLeft, on: false };
});
doc.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const across = event.clientX - drag.x + board().scrollLeft - drag.from, down = event.clientY - drag.y;
  if (!drag.on && Math.hypot(across, down) < 6) return;
  if (!drag.on) { drag.on = true; drag.card.setAttribute("data-drag", ""); title(drag.card).focus({ preventScroll: true }); }
  event.preventDefault();
  drag.card.style.translate = `${across}px ${down}px`;
  mark(under(event));
  const box = board().getBoundingClientRect(), edge = 48;
  if (event.clientX > box.right - edge) board().scrollBy(12, 0);
  else if (event.clientX < box.left + edge) board().scrollBy(-12, 0);
});
doc.addEventListener("pointerup", (event) => {
  if (!drag) return;
  const { card, on } = drag, lane = on ? under(event) : null;
  release();
  if (!on) return;
  // The click that follows the drag opens nothing.
  const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, true), 50);
  if (lane) move(card, lane);
});
doc.addEventListener("pointercancel", release);
doc.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-board]")) event.preventDefault(); });

/* ---- keys */
function beside(card, step) {
  const all = lanes(), at = all.indexOf(card.parentElement);
  return all[at + step];
}
function go(card, step) {
  const row = cards(card.parentElement).indexOf(card), all = lanes();
  for (let at = all.indexOf(card.parentElement) + step; all[at]; at += step) {
    const there = cards(all[at]);
    if (there.length) { title(there[Math.min(row, there.length - 1)]).focus(); return; }
  }
}
doc.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) { release(); return; }
  const card = event.target.closest?.("[data-card]");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key], up = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (side) {
    const step = root.dir === "rtl" ? -side : side, lane = beside(card, step);
    if (!event.shiftKey) go(card, step);
    else if (lane && "movable" in card.dataset) { move(card, lane); title(card).scrollIntoView({ block: "nearest", inline: "nearest" }); }
  } else if (up && !event.shiftKey) {
    const all = cards(card.parentElement), next = all[all.indexOf(card) + up];
    if (next) title(next).focus();
  } else if (event.code === "KeyM" && "movable" in card.dataset) card.querySelector("[data-move]").click();
  else return;
  event.preventDefault();
});

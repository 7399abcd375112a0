/* An open page that shows something changing looks again when it is told to, without losing what is being typed, opened or
   read. Told by a stream of events; where none comes through, it asks every 20 seconds. */
const body = document.body, watch = encodeURIComponent(body.dataset.live), said = body.dataset.tLive;
const PARTS = ["#main", "[data-live-part]"], PAUSE = 300, REST = 3000, ASK = 20000;
const voice = Object.assign(document.createElement("p"), { className: "sr" });
voice.setAttribute("role", "status");
body.append(voice);

const typed = new WeakSet();
addEventListener("input", (event) => event.target.form && typed.add(event.target.form), true);

/* Two nodes that stand for the same thing on the old and the new page. */
const key = (node) => node.id || ["aria-labelledby", "action", "href"].map((name) => node.getAttribute?.(name)).find(Boolean) || "";
const like = (one, other) => one.nodeName === other.nodeName && key(one) === key(other);
const held = (node) => node.nodeType === 1 && (node.contains(document.activeElement)
  || [node, ...node.querySelectorAll("form")].some((form) => typed.has(form)));

/* Make `now` look like `next`, node by node; true when anything changed. What a person holds in his hands stays. */
function morph(now, next) {
  if (now.isEqualNode(next)) return false;
  if (now.nodeType !== 1) { now.nodeValue = next.nodeValue; return true; }
  if (now.matches("form") && held(now)) return false;
  if (now.matches("input[type=hidden],[data-live-keep]")) { now.value = next.value; return false; }
  for (const { name, value } of next.attributes)
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  for (const { name } of [...now.attributes])
    if (!next.hasAttribute(name) && !["open", "style"].includes(name)) now.removeAttribute(name);
  return children(now, next);
}
function children(now, next) {
  const rest = [...now.childNodes];
  let place = now.firstChild, changed = false;
  for (const node of next.childNodes) {
    const found = rest.findIndex((mine) => like(mine, node));
    if (found < 0) { now.insertBefore(node.cloneNode(true), place); changed = true; continue; }
    const [mine] = rest.splice(found, 1);
    if (mine === place || held(mine)) place = mine.nextSibling;
    else now.insertBefore(mine, place);
    changed = morph(mine, node) || changed;
  }
  for (const mine of rest) if (!held(mine)) { mine.remove(); changed = true; }
  return changed;
}

let waiting, busy = false, again = false, looked = 0;
function soon() { clearTimeout(waiting); waiting = setTimeout(look, Math.max(PAUSE, looked + REST - Date.now())); }
async function look() {
  if (busy) { again = true; return; }
  busy = true; again = false; looked = Date.now();
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    let changed = false;
    for (const part of PARTS) {
      const theirs = page.querySelectorAll(part);
      document.querySelectorAll(part).forEach((mine, index) => {
        if (theirs[index]) changed = morph(mine, theirs[index]) || changed;
      });
    }
    if (changed) { window.htmx?.process(document.getElementById("main")); voice.textContent = ""; voice.textContent = said; document.dispatchEvent(new Event("live:changed")); }
  } catch { /* offline: the next word or the next question brings it */ } finally {
    busy = false;
    if (again) soon();
  }
}

let last, asking;
async function ask() {
  if (document.hidden) return;
  const answer = await fetch(`/live/?w=${watch}${last === undefined ? "" : `&after=${last}`}`).catch(() => null);
  if (!answer?.ok) return;
  const news = await answer.json();
  last = news.last;
  if (news.changed) soon();
}
function fall() { if (!asking) { ask(); asking = setInterval(ask, ASK); } }
function listen() {
  const source = new EventSource(`/events/?w=${watch}`);
  let opened = false;
  source.addEventListener("open", () => { if (opened) soon(); opened = true; clearInterval(asking); asking = 0; });
  source.addEventListener("changed", soon);
  source.addEventListener("bell", soon);
  source.addEventListener("error", () => { if (source.readyState === 2 || !opened) { source.close(); fall(); } });
  addEventListener("pagehide", () => source.close());
}
addEventListener("pageshow", (event) => { if (event.persisted) { listen(); soon(); } });
listen();

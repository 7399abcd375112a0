// The call log in a telephone: what is said is kept here first and sent when there is a network. Nothing leaves the
// queue before the server has said that it is kept; the mark of each call makes sending twice the same as once.
const form = document.querySelector("form[data-call]"), box = document.querySelector("[data-waiting]");
const told = form.dataset, user = told.user, STORE = `rawabit.calls.${user}`;
const read = () => { try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; } };
const write = list => localStorage.setItem(STORE, JSON.stringify(list));
const state = form.querySelector("[data-state]");
let busy = false;

function mark() {
  return crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map(n => n.toString(16).padStart(2, "0")).join("");
}
function say(words, tone) { state.textContent = words; state.dataset.s = tone; state.hidden = !words; }
function show() {
  const list = read();
  box.hidden = !list.length;
  box.querySelector("ul").replaceChildren(...list.map(call => {
    const line = box.querySelector("template").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-name]").textContent = call.name;
    line.querySelector("[data-what]").textContent = call.what;
    const tag = line.querySelector("[data-tag]"), problem = call.problem || "";
    tag.textContent = problem ? told.tProblem : told.tWaiting;
    tag.dataset.s = problem ? "bad" : "warn";
    line.querySelector("[data-problem]").textContent = problem;
    const drop = line.querySelector("button");
    drop.hidden = !problem;
    drop.addEventListener("click", () => { write(read().filter(other => other.sheet.key !== call.sheet.key)); show(); });
    return line;
  }));
}
function change(key, what) {
  write(read().map(call => call.sheet.key === key ? { ...call, ...what } : call));
}
async function flush() {
  if (busy || !read().some(call => !call.problem)) { show(); return; }
  busy = true;
  try {
    const who = await fetch(told.stateUrl, { headers: { Accept: "application/json" } });
    if (who.redirected || !who.ok) { say(told.tSignIn, "warn"); return; }
    const known = await who.json();
    if (String(known.user) !== user) { say(told.tOther, "warn"); return; }
    for (const call of read().filter(one => !one.problem)) {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(call.sheet),
        headers: { Accept: "application/json", "X-CSRFToken": known.csrf },
      });
      if (answer.ok && !answer.redirected) {
        write(read().filter(other => other.sheet.key !== call.sheet.key));
        say(told.tSaved, "ok");
      } else if (answer.status === 422) change(call.sheet.key, { problem: (await answer.json()).problem });
      else throw new Error(answer.status);
    }
  } catch { say(told.tOffline, "warn"); } finally { busy = false; show(); }
}
form.addEventListener("submit", event => {
  const chosen = form.querySelector("[name=about]:checked"), pressed = event.submitter;
  if (!chosen || !pressed) return; // the server says what is missing
  const next = form.elements.next_step.value.trim(), on = form.elements.next_on.value.trim();
  event.preventDefault();
  if (!next !== !on) { say(told.tNext, "bad"); form.querySelector("details").open = true; form.elements[next ? "next_on" : "next_step"].focus(); return; }
  const sheet = { about: chosen.value, outcome: pressed.value, key: mark(), at: new Date().toISOString() };
  for (const name of ["direction", "minutes", "body", "next_step", "next_on"]) sheet[name] = form.elements[name].value;
  try { write([...read(), { sheet, name: chosen.dataset.name, what: pressed.textContent.trim() }]); }
  catch { say(told.tFull, "bad"); return; } // the telephone keeps nothing: what was typed stays in the form
  form.reset();
  say(navigator.onLine ? told.tSending : told.tOffline, "warn");
  show();
  flush();
});
// Whoever calls from here is the one the call is about.
form.addEventListener("click", event => {
  const dial = event.target.closest("a[data-about]");
  if (dial) form.querySelector(`[name=about][value="${dial.dataset.about}"]`).checked = true;
});
const seek = document.querySelector("[data-seek]");
seek?.addEventListener("input", () => {
  const words = seek.value.trim().toLowerCase();
  form.querySelectorAll("[data-person]").forEach(line => { line.hidden = !line.dataset.person.toLowerCase().includes(words); });
});
addEventListener("online", flush);
document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
setInterval(flush, 30000);
flush();
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(told.worker).then(() => navigator.serviceWorker.ready).then(worker => {
    const used = performance.getEntriesByType("resource").map(one => new URL(one.name))
      .filter(url => url.origin === location.origin && !url.pathname.startsWith("/desk/") && url.pathname !== "/live/")
      .map(url => url.pathname + url.search);
    navigator.serviceWorker.addEventListener("message", event => { if (event.data?.kept) form.dataset.offline = "ready"; });
    worker.active.postMessage({ keep: [...new Set(used)] });
  }).catch(() => 0);
}

"use strict";
// Keeps the page of the call log and what it is drawn with, for times without network.
const STORE = "rawabit-call-1", PAGE = "/desk/call/";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("message", event => {
  const asked = event.data;
  if (!asked || !Array.isArray(asked.keep)) return;
  event.waitUntil((async () => {
    const store = await caches.open(STORE), wanted = new Set([PAGE, ...asked.keep]);
    for (const address of wanted) {
      const known = address !== PAGE && await store.match(address);
      if (!known) await fetch(address, { credentials: "same-origin" }).then(answer => keep(store, address, answer), () => 0);
    }
    for (const one of await store.keys()) {
      const url = new URL(one.url);
      if (!wanted.has(url.pathname + url.search)) await store.delete(one);
    }
    event.source?.postMessage({ kept: true });
  })());
});
const keep = (store, address, answer) => answer.ok && !answer.redirected ? store.put(address, answer.clone()) : 0;
const page = async request => {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (!new URL(request.url).search) await keep(store, PAGE, answer);
    return answer;
  } catch (trouble) {
    const kept = await store.match(PAGE);
    if (kept) return kept;
    throw trouble;
  }
};
self.addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PAGE) event.respondWith(page(request));
  } else if (!url.pathname.startsWith("/desk/")) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then(kept => kept || fetch(request)));
  }
});

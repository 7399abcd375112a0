"use strict";
(() => {
  const box = document.querySelector("[data-push-key]");
  if (!box) return;
  const show = name => box.querySelectorAll("[data-when]").forEach(part => { part.hidden = part.dataset.when !== name; });
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) { show("cannot"); return; }
  if (Notification.permission === "denied") { show("denied"); return; }
  const bytes = text => Uint8Array.from(atob((text + "=".repeat(-text.length & 3)).replace(/-/g, "+").replace(/_/g, "/")),
    sign => sign.charCodeAt(0));
  const form = box.querySelector("form[data-push]");
  const mine = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();
  mine().then(found => show(found ? "on" : "off"), () => show("off"));
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    try {
      const worker = await navigator.serviceWorker.register(form.dataset.push, { scope: "/" });
      await navigator.serviceWorker.ready;
      const found = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.pushKey) });
      const { endpoint, keys } = found.toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
    } catch {
      button.removeAttribute("aria-busy");
      show(Notification.permission === "denied" ? "denied" : "cannot");
    }
  });
})();

// Somebody looks at the page: said once, at the first sign of a person, for programs that fetch addresses give none.
const url = document.currentScript.dataset.opened;
const signs = ["pointerdown", "keydown", "scroll", "touchstart"];
let timer;
function say() {
  clearTimeout(timer);
  signs.forEach((sign) => removeEventListener(sign, say));
  navigator.sendBeacon(url);
}
function wait() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") timer = setTimeout(say, 5000);
}
signs.forEach((sign) => addEventListener(sign, say, { once: true, passive: true }));
document.addEventListener("visibilitychange", wait);
wait();

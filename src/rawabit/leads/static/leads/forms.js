/* One line in a web site: <script src="https://portal.example/forms.js" data-form="…" data-lang="ar" async></script> */
(function () {
  var me = document.currentScript;
  if (!me || !me.dataset.form) return;
  var home = new URL(me.src), frame = document.createElement("iframe");
  var url = new URL("/forms/" + encodeURIComponent(me.dataset.form) + "/", home);
  url.searchParams.set("origin", location.origin);
  if (me.dataset.lang) url.searchParams.set("lang", me.dataset.lang);
  frame.src = url.href;
  frame.title = me.dataset.title || "Form";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
  frame.style.cssText = "inline-size:100%;max-inline-size:40rem;block-size:36rem;border:0;display:block;color-scheme:auto";
  window.addEventListener("message", function (event) {
    if (event.origin !== home.origin || event.source !== frame.contentWindow) return;
    var height = event.data && event.data.rawabitHeight;
    if (typeof height === "number" && height > 0 && height < 6000) frame.style.blockSize = Math.ceil(height) + "px";
  });
  me.parentNode.insertBefore(frame, me.nextSibling);
})();

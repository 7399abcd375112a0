/* One line in a web site: <script src="https://portal.example/embed.js" data-lang="ar" async></script> */
(function () {
  var me = document.currentScript;
  if (!me) return;
  var home = new URL(me.src), frame = document.createElement("iframe"), set = me.dataset;
  var url = new URL("/embed/", home);
  url.searchParams.set("origin", location.origin);
  if (set.lang) url.searchParams.set("lang", set.lang);
  if (set.theme) url.searchParams.set("theme", set.theme);
  frame.src = url.href;
  frame.title = set.title || "Portal";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
  frame.style.cssText = "inline-size:100%;max-inline-size:30rem;block-size:22rem;border:0;display:block;color-scheme:auto";
  window.addEventListener("message", function (event) {
    if (event.origin !== home.origin || event.source !== frame.contentWindow) return;
    var height = event.data && event.data.rawabitHeight;
    if (typeof height === "number" && height > 0 && height < 4000) frame.style.blockSize = Math.ceil(height) + "px";
  });
  me.parentNode.insertBefore(frame, me.nextSibling);
})();

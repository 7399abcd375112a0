/* Inside the frame: tell the web site around it, and nobody else, how high the widget is. */
(function () {
  var origin = document.body.querySelector("[data-origin]");
  origin = origin && origin.dataset.origin;
  if (!origin || window.parent === window) return;
  function tell() {
    window.parent.postMessage({ rawabitHeight: document.getElementById("widget").offsetHeight + 8 }, origin);
  }
  new ResizeObserver(tell).observe(document.getElementById("widget"));
  tell();
})();

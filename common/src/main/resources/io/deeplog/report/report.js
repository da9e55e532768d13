(function () {
  "use strict";

  var byId = function (id) { return document.getElementById(id); };
  var data = JSON.parse(byId("chart-data").textContent);
  var zoom = null;

  function pad(n) { return (n < 10 ? "0" : "") + n; }
  function date(d) { return d.getUTCFullYear() + "-" + pad(d.getUTCMonth() + 1) + "-" + pad(d.getUTCDate()); }
  function clock(d, seconds) {
    return pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes()) + (seconds ? ":" + pad(d.getUTCSeconds()) : "");
  }
  function utc(seconds) {
    var d = new Date(seconds * 1000);
    return date(d) + " " + clock(d, seconds % 60 !== 0);
  }
  function count(n) { return n === null || n === undefined ? "–" : n.toLocaleString("en-US"); }

  // Anomalies: filter by text and by the time the chart shows.

  var list = byId("list");
  var items = list ? Array.prototype.map.call(list.children, function (element) {
    var words = [];
    element.querySelectorAll("[data-q]").forEach(function (part) { words.push(part.textContent); });
    return {
      element: element,
      text: words.join("\n").toLowerCase(),
      time: element.dataset.time === undefined ? null : Number(element.dataset.time)
    };
  }) : [];

  function filter() {
    if (!list) { return; }
    var words = byId("query").value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    items.forEach(function (item) {
      var matches = words.every(function (word) { return item.text.indexOf(word) >= 0; })
          && (!zoom || (item.time !== null && item.time >= zoom[0] && item.time < zoom[1]));
      item.element.hidden = !matches;
      if (matches) { shown++; }
    });
    byId("shown").textContent = "Showing " + count(shown) + " of " + count(items.length);
    byId("no-match").hidden = shown > 0;
    byId("unzoom").hidden = !zoom;
    if (zoom) { byId("unzoom").textContent = "✕ " + utc(zoom[0]) + " to " + utc(zoom[1]); }
  }

  function setOpen(open) {
    items.forEach(function (item) { if (!item.element.hidden) { item.element.open = open; } });
  }

  function openTarget() {
    var target = /^#anomaly-\d+$/.test(location.hash) && byId(location.hash.slice(1));
    if (target) {
      target.open = true;
      target.scrollIntoView();
    }
  }

  if (list) {
    byId("filter").hidden = false;
    byId("query").addEventListener("input", filter);
    byId("open-all").addEventListener("click", function () { setOpen(true); });
    byId("close-all").addEventListener("click", function () { setOpen(false); });
    document.addEventListener("keydown", function (event) {
      var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        byId("query").focus();
      }
    });
    window.addEventListener("hashchange", openTarget);
    openTarget();
    filter();
  }

  // Paper cannot be opened: print everything, then put it back.

  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (element) { element.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (element) { element.open = false; });
    closed = [];
  });

  // Chart. Without it the drawing below stays.

  var holder = byId("chart");
  if (!holder || !data.times.length) { return; }
  var plot = null;
  var columns = [data.times, data.lines, data.anomalies];
  var step = data.bucketSeconds;
  var from = data.times[0];
  var to = data.times[data.times.length - 1] + step;

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  // Times at bucket starts, bars from there to the right, so that a bar covers what it counts.
  function xLabels(u, splits, axis, space, step) {
    var day = "";
    return splits.map(function (seconds) {
      var d = new Date(seconds * 1000);
      if (step >= 86400) { return date(d); }
      var label = clock(d, step < 60);
      if (date(d) !== day) {
        day = date(d);
        label += "\n" + day;
      }
      return label;
    });
  }

  // Whole buckets: the anomalies listed are then those the bars count.
  function range(u, min, max) {
    if (!plot || min === null || min === undefined || (min <= from && max >= to - step)) { return [from, to]; }
    var first = Math.max(from, from + Math.floor((min - from) / step) * step);
    return [first, Math.min(to, Math.max(first + step, from + Math.ceil((max - from) / step) * step))];
  }

  function zoomed(u) {
    var min = u.scales.x.min;
    var max = u.scales.x.max;
    if (min === undefined || min === null) { return; }
    zoom = min <= from && max >= to ? null : [min, max];
    filter();
  }

  function line(parent, className, text) {
    var p = document.createElement("p");
    p.className = className;
    p.textContent = text;
    parent.appendChild(p);
  }

  function tooltip() {
    var tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    return {
      hooks: {
        init: function (u) { u.over.appendChild(tip); },
        setCursor: function (u) {
          var i = u.cursor.idxs[0];
          tip.hidden = i === null || i === undefined || u.cursor.left < 0;
          if (tip.hidden) { return; }
          tip.textContent = "";
          line(tip, "head", utc(data.times[i]) + " UTC");
          line(tip, "", count(data.lines[i]) + " lines");
          var n = data.anomalies[i];
          line(tip, n > 0 ? "hit" : "", count(n) + (n === 1 ? " anomaly" : " anomalies"));
          var here = data.sessions.filter(function (s) {
            return s.time >= data.times[i] && s.time < data.times[i] + step;
          });
          here.slice(0, 5).forEach(function (s) { line(tip, "", s.rank + ". " + s.session); });
          if (here.length > 5) { line(tip, "head", "and " + (here.length - 5) + " more"); }
          var left = u.cursor.left + 14;
          if (left + tip.offsetWidth > u.over.clientWidth) { left = Math.max(0, u.cursor.left - tip.offsetWidth - 14); }
          tip.style.left = left + "px";
          tip.style.top = "6px";
        }
      }
    };
  }

  function draw() {
    var kept = zoom;
    if (plot) { plot.destroy(); }
    var text = colour("--muted");
    var grid = { stroke: colour("--line"), width: 1 };
    var ticks = { stroke: colour("--line"), width: 1, size: 5 };
    var whole = function (u, splits) {
      return splits.map(function (v) { return v === Math.round(v) ? count(v) : ""; });
    };
    var font = "12px system-ui, sans-serif";
    plot = new uPlot({
      width: holder.clientWidth,
      height: 240,
      tzDate: function (seconds) { return uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"); },
      cursor: { y: false,
        // The bar under the pointer, not the one that starts nearest to it.
        dataIdx: function (u, series, i, x) { return i > 0 && data.times[i] > x ? i - 1 : i; },
        points: { show: false }, drag: { x: true, y: false, dist: 8 } },
      plugins: [tooltip()],
      hooks: { setScale: [function (u, key) { if (key === "x") { zoomed(u); } }] },
      scales: {
        x: { time: true, range: range },
        lines: { range: function (u, min, max) { return [0, Math.max(1, max * 1.08)]; } },
        // Twice the height: of bars as high as those of the lines one would compare the heights.
        anomalies: { range: function (u, min, max) { return [0, Math.max(2, Math.ceil(max * 1.9))]; } }
      },
      axes: [
        { stroke: text, font: font, grid: grid, ticks: ticks, values: xLabels, space: 70, size: 46 },
        { scale: "lines", stroke: text, font: font, grid: grid, ticks: ticks, values: whole, size: 62, label: "Log lines", labelFont: font, labelSize: 20 },
        { scale: "anomalies", side: 1, stroke: colour("--alert"), font: font, grid: { show: false }, ticks: ticks, values: whole, size: 40, label: "Anomalies", labelFont: font, labelSize: 20 }
      ],
      series: [
        { label: "From", value: function (u, v) { return v === null || v === undefined ? "–" : utc(v) + " UTC"; } },
        { label: "Log lines", scale: "lines", stroke: colour("--series"), fill: colour("--series-fill"), width: 1,
          paths: uPlot.paths.bars({ size: [0.94, Infinity], align: 1 }), points: { show: false }, value: function (u, v) { return count(v); } },
        { label: "Anomalies", scale: "anomalies", stroke: colour("--alert"), fill: colour("--alert"), width: 0,
          paths: uPlot.paths.bars({ size: [0.55, 48], align: 1 }), points: { show: false }, value: function (u, v) { return count(v); } }
      ]
    }, columns, holder);
    document.documentElement.classList.add("plotted");
    if (kept) { plot.setScale("x", { min: kept[0], max: kept[1] }); }
  }

  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(function () {
    if (holder.clientWidth && holder.clientWidth !== plot.width) {
      plot.setSize({ width: holder.clientWidth, height: 240 });
    }
  }).observe(holder);
  var unzoom = byId("unzoom");
  if (unzoom) {
    unzoom.addEventListener("click", function () { plot.setScale("x", { min: from, max: to }); });
  }
})();

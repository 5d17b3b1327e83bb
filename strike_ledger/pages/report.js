// Live charts in place of the drawings, and one bar of filters for charts and tables.

const specs = JSON.parse(document.getElementById("specs").textContent);
const form = document.getElementById("filters");
const chosen = { strike: "", source: "", responder: "" };
const narrow = matchMedia("screen and (max-width: 47.99rem)");
const views = new Map();

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);

function showTip(_handler, event, _item, value) {
  if (value === null || value === undefined || value === "") {
    tip.hidden = true;
    return;
  }
  const list = document.createElement("dl");
  for (const [name, told] of Object.entries(value)) {
    if (told === null || told === "" || told === "null") continue;
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.textContent = name;
    text.textContent = told;
    list.append(term, text);
  }
  tip.replaceChildren(list);
  tip.hidden = false;
  const right = document.documentElement.clientWidth - tip.offsetWidth - 8;
  const left = Math.max(8, Math.min(event.clientX + 14, right));
  const below = event.clientY + 16;
  const fits = below + tip.offsetHeight < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${fits ? below : Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
}

async function draw(name) {
  const box = document.getElementById(name);
  const spec = specs[name][narrow.matches ? "narrow" : "wide"] ?? specs[name].wide;
  const host = document.createElement("div");
  host.className = "drawing live";
  host.ariaHidden = "true";
  const { view } = await vegaEmbed(host, spec, {
    mode: "vega",
    renderer: "svg",
    actions: false,
    defaultStyle: false,
    tooltip: showTip,
  });
  for (const [parameter, value] of Object.entries(chosen)) view.signal(parameter, value);
  await view.resize().runAsync();
  view.addEventListener("click", (_event, item) => {
    if (item?.datum?.evidence) location.hash = item.datum.evidence;
  });
  views.get(name)?.finalize();
  views.set(name, view);
  box.replaceChildren(host);
}

async function drawAll() {
  for (const name of Object.keys(specs)) await draw(name);
  document.documentElement.dataset.drawn = narrow.matches ? "narrow" : "wide";
}

// A row stays unless it names strikes, sources or responders and not the one that is chosen.
function suits(row) {
  return Object.entries(chosen).every(([parameter, value]) => {
    const named = row.dataset[`${parameter}s`];
    return !value || named === undefined || named.split(" ").includes(value);
  });
}

async function filter() {
  const state = document.getElementById("state").value;
  const rows = document.querySelectorAll("[data-strikes], [data-sources], [data-responders]");
  for (const row of rows) {
    row.hidden = !suits(row) || (state !== "" && (row.dataset.state ?? state) !== state);
  }
  for (const group of document.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-state]:not([hidden])");
  }
  const told = Object.entries(chosen)
    .filter(([, value]) => value)
    .map(([parameter]) => form.elements[parameter].selectedOptions[0].textContent);
  const umbrella = chosen.strike ? "What is told of several strikes stays with each of them." : "";
  form.querySelector("output").textContent = told.length
    ? `Showing only: ${told.join("; ")}. Ranges, totals and the table of kinds stay those of all strikes and sources. ${umbrella}`
    : "";
  for (const view of views.values()) {
    for (const [parameter, value] of Object.entries(chosen)) view.signal(parameter, value);
    await view.resize().runAsync();
  }
  document.documentElement.dataset.filtered = Object.values(chosen).join(" ");
}

function isState(hash) {
  return /^#(strike|source|responder)=/.test(hash);
}

// What is chosen stands in the address; a place on the page there is opened and gone to.
function readAddress() {
  if (isState(location.hash)) {
    const told = new URLSearchParams(location.hash.slice(1));
    for (const parameter of Object.keys(chosen)) {
      form.elements[parameter].value = told.get(parameter) ?? "";
      chosen[parameter] = form.elements[parameter].value;
    }
    filter();
    return;
  }
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let place = target; place; place = place.parentElement) {
    if (place.tagName === "DETAILS") place.open = true;
    place.hidden = false;
  }
  target?.scrollIntoView();
}

form.addEventListener("change", () => {
  for (const parameter of Object.keys(chosen)) chosen[parameter] = form.elements[parameter].value;
  const told = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value));
  history.replaceState(null, "", `#${told}`);
  filter();
});
form.addEventListener("reset", () => {
  setTimeout(() => form.dispatchEvent(new Event("change")));
});
document.getElementById("state").addEventListener("change", filter);
addEventListener("hashchange", readAddress);
addEventListener("scroll", () => (tip.hidden = true), { passive: true });
narrow.addEventListener("change", drawAll);

form.hidden = false;
for (const part of document.querySelectorAll(".only-scripted")) part.hidden = false;
await drawAll();
readAddress();

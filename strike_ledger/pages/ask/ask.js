// The page that asks: opens the release's database in DuckDB-WASM, runs queries, draws the answers.
import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";
import { DataType } from "apache-arrow";

const DATABASE = "strike_ledger.duckdb";
const ROWS_DRAWN = 500;
const part = (id) => document.getElementById(id);
const counted = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

// ---- the engine --------------------------------------------------------------------------------

let opened; // a promise of { connection, ended }; `ended` is one that is only ever broken
let giveUp; // breaks it: nothing more will come from this worker
let worker;
const arrived = {};

/** Show how much of engine and database has come, where the server says how much there is. */
function progressed(name, loaded, total) {
  arrived[name] = { loaded, total };
  const sum = (what) => Object.values(arrived).reduce((before, item) => before + item[what], 0);
  if (Object.keys(arrived).length === 2 && Object.values(arrived).every((item) => item.total)) {
    part("progress").max = sum("total");
    part("progress").value = Math.min(sum("loaded"), sum("total"));
  }
}

async function fetched(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} is not beside this page (status ${answer.status}).`);
  const encoded = answer.headers.has("Content-Encoding"); // then the length is another's
  const total = encoded ? 0 : Number(answer.headers.get("Content-Length"));
  const reader = answer.body.getReader();
  const chunks = [];
  for (let loaded = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    progressed(path, (loaded += value.length), total);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function connect(ended) {
  if (location.protocol === "file:") {
    part("unserved").hidden = false;
    throw new Error("This page was opened as a file: it needs a web server, see above.");
  }
  worker = new Worker("ask/worker.js");
  worker.onerror = () => giveUp(new Error("ask/worker.js could not be started."));
  const engine = new AsyncDuckDB(new VoidLogger(), worker);
  const wasm = new URL("ask/duckdb.wasm", document.baseURI).href;
  const [content] = await Promise.all([
    fetched(DATABASE),
    engine.instantiate(wasm, null, (told) => progressed(wasm, told.bytesLoaded, told.bytesTotal)),
  ]);
  await engine.registerFileBuffer(DATABASE, content);
  const connection = await engine.connect();
  // An extension or another file would have to be fetched: without access DuckDB says so at once.
  for (const statement of [
    `attach '${DATABASE}' as strike_ledger (read_only)`,
    "use strike_ledger",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
  ]) {
    await connection.query(statement);
  }
  part("engine").textContent = `DuckDB ${await engine.getVersion()}`;
  return { connection, ended };
}

// ---- values as text ----------------------------------------------------------------------------

const isNumber = (type) => DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type);

/** A decimal comes as whole number in words of 32 bits: -4.4 as -44 with the scale 1. */
function decimal(words, scale) {
  let whole = 0n;
  for (let i = words.length - 1; i >= 0; i--) whole = (whole << 32n) | BigInt(words[i]);
  whole = BigInt.asIntN(32 * words.length, whole);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return (whole < 0n ? "-" : "") + digits.slice(0, point) + (scale ? "." + digits.slice(point) : "");
}

/** Milliseconds since 1970, with a fraction, as DuckDB writes a timestamp: 2024-01-15 20:30:00. */
function timestamp(milliseconds, zone) {
  const seconds = Math.floor(milliseconds / 1000);
  const rest = Math.round((milliseconds - seconds * 1000) * 1000); // microseconds
  const text = new Date(seconds * 1000).toISOString().slice(0, -5).replace("T", " ");
  const fraction = rest ? ("." + String(rest).padStart(6, "0")).replace(/0+$/, "") : "";
  return text + fraction + (zone ? "+00" : "");
}

/** The text of a value; null stays null. */
function text(value, type) {
  if (value === null || value === undefined) return null;
  if (DataType.isDecimal(type)) return decimal(value, type.scale);
  if (DataType.isDate(type)) return new Date(value).toISOString().replace(/T.*/, "");
  if (DataType.isTimestamp(type)) return timestamp(value, type.timezone);
  if (DataType.isTime(type)) return timestamp(Number(value) / 1000).slice(11);
  if (DataType.isInterval(type) || DataType.isBinary(type)) {
    const kind = DataType.isBinary(type) ? "A blob" : "An interval";
    throw new Error(`${kind} cannot be shown here: cast it to text, as in (column)::varchar.`);
  }
  const inside = (item, within) => text(item, within) ?? "NULL";
  if (DataType.isList(type)) {
    return `[${Array.from(value, (item) => inside(item, type.children[0].type)).join(", ")}]`;
  }
  if (DataType.isStruct(type)) {
    const field = ({ name, type: held }) => `'${name}': ${inside(value[name], held)}`;
    return `{${type.children.map(field).join(", ")}}`;
  }
  if (DataType.isMap(type)) {
    const [key, held] = type.children[0].type.children;
    const entries = Array.from(value, ([k, v]) => `${inside(k, key.type)}=${inside(v, held.type)}`);
    return `{${entries.join(", ")}}`;
  }
  return String(value);
}

/** The columns of an answer, and a function that gives the text of a cell.
 *
 * Columns go by their place and by the type of their values: where two have one name, as in a join,
 * Arrow's schema gives the first the type of the last.
 */
function readable(table) {
  const columns = table.schema.fields.map(({ name }, place) => {
    const vector = table.getChildAt(place);
    return { name, vector, type: vector.type };
  });
  const cell = (row, { vector, type }) => text(vector.get(row), type);
  return { columns, count: table.numRows, cell };
}

// ---- the answer --------------------------------------------------------------------------------

let answer; // the last one, as `readable` gives it

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function drawn({ columns, count, cell }) {
  const shown = Math.min(count, ROWS_DRAWN);
  const told = `${counted(count, "row")}, ${counted(columns.length, "column")}`;
  const cut = shown < count ? `; the first ${shown} are shown, the download has all` : "";
  const heads = columns.map(({ name, type }) =>
    element("th", { scope: "col", className: isNumber(type) ? "number" : "" }, name),
  );
  const body = element("tbody");
  for (let row = 0; row < shown; row++) {
    const line = element("tr");
    for (const column of columns) {
      const value = cell(row, column);
      const kind = isNumber(column.type) ? "number" : DataType.isUtf8(column.type) ? "" : "plain";
      const content = value === null ? element("span", { className: "null" }, "null") : value;
      line.append(element("td", { className: kind }, content));
    }
    body.append(line);
  }
  part("rows").replaceChildren(
    element("caption", {}, told + cut + "."),
    element("thead", {}, element("tr", {}, ...heads)),
    body,
  );
}

/** One line of CSV. No value is empty, an empty text is "", and quotes stand where they must. */
function line(values) {
  const quoted = values.map((value) => {
    if (value === null) return "";
    return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  });
  return quoted.join(",") + "\n";
}

function download() {
  const lines = [line(answer.columns.map((column) => column.name))];
  for (let row = 0; row < answer.count; row++) {
    lines.push(line(answer.columns.map((column) => answer.cell(row, column))));
  }
  const address = URL.createObjectURL(new Blob(lines, { type: "text/csv" }));
  element("a", { href: address, download: "strike_ledger_answer.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function complain(error) {
  const [message] = error.message.split("\n\nPlease try installing"); // nothing can be installed here
  const lines = [];
  if (/extension/i.test(message)) {
    lines.push(
      "This needs an extension of DuckDB, which would have to be fetched. This page fetches " +
        "nothing: run the query in DuckDB itself.",
    );
  } else if (/disabled by configuration/.test(message)) {
    lines.push("This page reads its own database and no other file or address.");
  }
  const said = lines.map((sentence) => element("p", {}, sentence));
  part("error").replaceChildren(...said, element("pre", {}, message));
  part("error").hidden = false;
}

// ---- what people do ----------------------------------------------------------------------------

const STOPPED = new Error("Stopped.");
let isRunning = false;

function tell(status, isBusy) {
  part("status").textContent = status;
  part("progress").hidden = !isBusy;
  part("progress").removeAttribute("value");
  part("stop").hidden = !(isBusy && isRunning);
}

function start() {
  tell("Opening the database.", true);
  const ended = new Promise((_, reject) => (giveUp = reject));
  opened = Promise.race([connect(ended), ended]);
  opened.then(
    () => isRunning || tell("Ready.", false),
    (error) => {
      if (isRunning || error === STOPPED) return; // whoever waits for an answer tells it
      tell("The database is not open.", false);
      complain(error);
    },
  );
}

async function run() {
  if (isRunning) {
    part("status").textContent = "The last query is still running: wait for it, or stop it.";
    return;
  }
  isRunning = true;
  part("stop").hidden = false;
  part("result").hidden = true;
  part("error").hidden = true;
  const sql = part("sql").value;
  const address = `#${new URLSearchParams({ sql })}`;
  if (location.hash !== address) history.pushState(null, "", address);
  try {
    const { connection, ended } = await opened;
    tell("Running.", true);
    const begun = performance.now();
    answer = readable(await Promise.race([connection.query(sql), ended]));
    drawn(answer);
    part("result").hidden = false;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    tell(`${counted(answer.count, "row")} in ${seconds} seconds.`, false);
  } catch (error) {
    if (error === STOPPED) return;
    tell("No answer.", false);
    complain(error);
  } finally {
    isRunning = false;
  }
}

/** End a query that takes too long: its worker goes, and the database is opened anew. */
function stop() {
  part("sql").focus();
  worker.terminate();
  giveUp(STOPPED);
  isRunning = false;
  start();
}

function ask(sql) {
  part("sql").value = sql;
  run();
}

function askFromAddress() {
  const sql = new URLSearchParams(location.hash.slice(1)).get("sql");
  if (sql !== null) ask(sql);
}

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
part("sql").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
part("stop").addEventListener("click", stop);
part("download").addEventListener("click", download);
for (const button of document.querySelectorAll("button[data-sql]")) {
  button.addEventListener("click", () => {
    ask(button.dataset.sql);
    const { top } = part("ask").getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) part("ask").scrollIntoView();
  });
}
addEventListener("popstate", askFromAddress);
start();
askFromAddress();
